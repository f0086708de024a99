"""Model -> the files of the generated package: which modules there are, and in what form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..model.model import Model
from ..model.reachable import emitted
from ..runtime.checkable import checkable
from ..runtime.defaults import without_broken_defaults
from ..runtime.kinds import Kinds
from .render import render
from .vendoring import vendored
from .views.client import client_view
from .views.events import events_view
from .views.public import public_view

if TYPE_CHECKING:
    from ..config.config import ClientConfig

_ALWAYS = ("__init__.py", "events.py")
_WITH_OPERATIONS = ("api.py", "async_client.py", "client.py", "testing.py")


def package_files(model: Model, client: ClientConfig) -> dict[str, str]:
    """Relative path -> text, sorted by path."""
    model = without_broken_defaults(checkable(model))
    kinds = Kinds(model, emitted(model))
    events = events_view(model, kinds)
    context: dict[str, Any] = {
        "source": client.spec,
        "title": model.title,
        "events": events,
        "client": client_view(model, kinds, events.events),
    }
    context["public"] = public_view(context["events"], context["client"])
    modules = [*_ALWAYS, *(_WITH_OPERATIONS if model.operations else ())]
    files = {name: render(f"{name}.jinja", **context) for name in modules}
    if "pydantic" in client.flavours:
        from .flavours.pydantic import pydantic_view

        context["module"] = pydantic_view(model)
        files["pydantic_models.py"] = render("pydantic_models.py.jinja", **context)
    adapters = [f"transports/{name}.py" for name in client.transports if model.operations]
    return dict(sorted({**vendored(files, beside=adapters), **files}.items()))
