"""The built-in templates, and those of a project that stand in for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox

from ..python.quoting import comment, docstring, literal
from ..quick.fingerprint import templates_folder
from .catalogue import TEMPLATES
from .compiled import Compiled

BUILT_IN = "builtin/"
"""A template of the project's names what it stands in for with this in front."""

FILTERS: Mapping[str, Callable[..., str]] = {
    "literal": literal,
    "docstring": docstring,
    "comment": comment,
}
"""The only ways for text of a document to get into generated code."""

_OPTIONS: dict[str, Any] = {
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A template of the project's. `path`: as a person in the current folder would write it."""

    name: str
    text: str
    path: str


@cache
def built_in() -> jinja2.Environment:
    """The templates as they come with eventwright."""
    loader = jinja2.FileSystemLoader(templates_folder())
    environment = jinja2.Environment(loader=loader, bytecode_cache=Compiled(), **_OPTIONS)
    environment.filters.update(FILTERS)
    return environment


def overridden(
    overrides: Mapping[str, Override],
    kind: type[jinja2.Environment] = jinja2.sandbox.ImmutableSandboxedEnvironment,
) -> jinja2.Environment:
    """The same with others in place of some, which can do no more than write text."""
    environment = kind(loader=_Loader(overrides), **_OPTIONS)
    environment.filters.update(FILTERS)
    return environment


class _Loader(jinja2.BaseLoader):
    """Finds the project's template of a name, or the built-in one."""

    def __init__(self, overrides: Mapping[str, Override]) -> None:
        self._overrides = overrides

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        own = self._overrides.get(template)
        if own:
            return own.text, own.path, lambda: True
        name = template.removeprefix(BUILT_IN)
        if name not in TEMPLATES:
            raise jinja2.TemplateNotFound(template)
        return built_in_text(name), str(built_in_path(name)), lambda: True


def built_in_text(name: str) -> str:
    """A built-in template, as it is."""
    return built_in_path(name).read_text("utf-8")


def built_in_path(name: str) -> Path:
    """Where it lies."""
    return Path(templates_folder(), name)
