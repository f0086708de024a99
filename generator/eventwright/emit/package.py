"""Model -> the files of the generated package: which modules there are, and in what form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..model.model import Model
from ..model.reachable import emitted
from ..python.formatting import format_source
from ..runtime.checkable import checkable
from ..runtime.defaults import without_broken_defaults
from ..runtime.kinds import Kinds
from .render import Renderer
from .templates import Override
from .vendoring import imports_shared, vendored, with_shared
from .views.client import client_view
from .views.events import events_view
from .views.public import public_view

if TYPE_CHECKING:
    from ..config.config import ClientConfig

_ALWAYS = ("__init__.py", "events.py")
_WITH_OPERATIONS = ("api.py", "async_client.py", "client.py", "testing.py")


def package_files(
    model: Model, client: ClientConfig, overrides: Mapping[str, Override]
) -> dict[str, str]:
    """Relative path -> text, sorted by path.

    `overrides`: the project's own templates, by the names of those they stand in for. Raises
    TemplateError.
    """
    renderer = Renderer(overrides)
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
    context["shared"] = bool(client.runtime)
    modules = [*_ALWAYS, *(_WITH_OPERATIONS if model.operations else ())]
    own = {name: renderer.render(name, context) for name in modules}
    if "pydantic" in client.flavours:
        from .flavours.pydantic import pydantic_view

        context["module"] = pydantic_view(model)
        own["pydantic_models.py"] = renderer.render("pydantic_models.py", context)
    adapters = [f"transports/{name}.py" for name in client.transports if model.operations]
    static = vendored(own, beside=adapters)
    if client.runtime:
        shared = imports_shared(client.output, client.runtime)
        static = {
            path: format_source(with_shared(path, text, shared))
            for path, text in static.items()
            if not path.startswith("_runtime/")
        }
        own = {path: with_shared(path, text, shared) for path, text in own.items()}
    files = {path: renderer.formatted(path, text) for path, text in own.items()}
    return dict(sorted({**static, **files}.items()))
