"""Views and templates -> {relative path: text}. No disk but for reading the templates."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from ..python.quoting import comment, docstring, literal
from ..quick.fingerprint import templates_folder
from .compiled import Compiled


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        bytecode_cache=Compiled(),
    )
    # The only ways for text of a document to get into generated code.
    environment.filters.update(literal=literal, docstring=docstring, comment=comment)
    return environment


def render(template: str, **context: Any) -> str:
    """One generated module, not formatted yet."""
    return _environment().get_template(template).render(**context)
