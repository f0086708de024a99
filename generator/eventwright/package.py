"""Model -> the files of the generated package: which modules there are, and in what form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Model
from .render import render, static_files
from .views.events import events_view

if TYPE_CHECKING:
    from .config import ClientConfig


def package_files(model: Model, client: ClientConfig) -> dict[str, str]:
    """Relative path -> text, sorted by path."""
    context: dict[str, Any] = {
        "source": client.spec,
        "title": model.title,
        "events": events_view(model),
    }
    modules = ["events.py"]
    files = {name: render(f"{name}.jinja", **context) for name in modules}
    return dict(sorted({**static_files(), **files}.items()))
