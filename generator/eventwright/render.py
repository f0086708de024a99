"""Views and templates -> {relative path: text}. No disk but for reading the templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import black
import black.mode
import jinja2

from .fingerprint import templates_folder
from .quoting import comment, docstring, literal

LINE_LENGTH = 88  # what common linters take import blocks to be wrapped at
_MODE = black.Mode(
    target_versions={black.mode.TargetVersion.PY310},
    line_length=LINE_LENGTH,
    preview=False,
)
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


@lru_cache(maxsize=256)
def format_source(text: str) -> str:
    """Python source as black writes it; the same bytes for the same tokens.

    Most of the time of generating is spent here, and clients have modules in common.
    """
    return black.format_str(text, mode=_MODE)


def static_files(flavours: Iterable[str]) -> dict[str, str]:
    """The modules that are copied as they are; a flavour's own are in a folder called after it."""
    root = Path(templates_folder(), "static")
    folders = [*_ALWAYS, *(f"_{flavour}" for flavour in flavours)]
    modules = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    files = [*modules, root / "py.typed"]
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}
