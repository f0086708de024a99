"""generate(document, client) -> {path: text}: the stages, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..emit.package import package_files
from ..emit.templates import Override
from ..lower.document import lower
from ..model.model import Model

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document


_NONE: Mapping[str, Override] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A package as text. Paths are relative to its folder, with forward slashes."""

    files: Mapping[str, str]
    model: Model


def generate(
    document: Document, client: ClientConfig, overrides: Mapping[str, Override] = _NONE
) -> Generated:
    """The package that a validated document and its configuration ask for.

    `overrides`: the project's own templates, by the names of those they stand in for. The same
    input gives the same bytes, on every machine. Nothing is written.

    Raises:
        DocumentError: the document, or configuration that speaks of it, makes no sense.
        TemplateError: a template of the project's cannot be used.
    """
    return render(lower(document, client), client, overrides)


def render(
    model: Model, client: ClientConfig, overrides: Mapping[str, Override] = _NONE
) -> Generated:
    """The package of a model."""
    return Generated(files=package_files(model, client, overrides), model=model)
