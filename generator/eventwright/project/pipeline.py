"""generate(document, client) -> {path: text}: the stages, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..emit.package import package_files
from ..lower.document import lower
from ..model.model import Model

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A package as text. Paths are relative to its folder, with forward slashes."""

    files: Mapping[str, str]
    model: Model


def generate(document: Document, client: ClientConfig) -> Generated:
    """The package that a validated document and its configuration ask for.

    The same input gives the same bytes, on every machine. Nothing is written.

    Raises:
        DocumentError: the document, or configuration that speaks of it, makes no sense.
    """
    return render(lower(document, client), client)


def render(model: Model, client: ClientConfig) -> Generated:
    """The package of a model."""
    return Generated(files=package_files(model, client), model=model)
