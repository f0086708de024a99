"""Views and templates -> {relative path: text}. No disk but for reading the templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from ..python.formatting import format_source
from ..python.quoting import comment, docstring, literal
from ..quick.fingerprint import templates_folder

_ALWAYS = ("_runtime", "transports")
"""Folders of modules that every package has."""


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    # The only ways for text of a document to get into generated code.
    environment.filters.update(literal=literal, docstring=docstring, comment=comment)
    return environment


def render(template: str, **context: Any) -> str:
    """One generated module, formatted."""
    text = _environment().get_template(template).render(**context)
    return format_source(text)


def static_files(flavours: Iterable[str]) -> dict[str, str]:
    """The modules that are copied as they are; a flavour's own are in a folder called after it."""
    root = Path(templates_folder(), "static")
    folders = [*_ALWAYS, *(f"_{flavour}" for flavour in flavours)]
    modules = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    files = [*modules, root / "py.typed"]
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}
