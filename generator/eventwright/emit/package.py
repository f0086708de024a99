"""Model -> the files of the generated package: which modules there are, and in what form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..lower.ordering import order_key
from ..model.model import Model
from ..model.omissions import omissions, sendable
from ..model.reachable import emitted
from ..python.formatting import format_any
from ..runtime.checkable import checkable
from ..runtime.defaults import without_broken_defaults
from ..runtime.directions import directed
from ..runtime.kinds import Kinds
from .declarations.events import EventsView, events_view, in_modules
from .features import feature_modules, needs_relay, static_modules
from .layout.partition import ANY_EVENT
from .render import Renderer
from .templates import Override
from .vendoring import imports_shared, vendored, with_shared
from .views.client import ClientView, client_view
from .views.delivery import delivery_view
from .views.errors import ErrorsView, errors_view
from .views.operations import declared
from .views.public import public_view

if TYPE_CHECKING:
    from ..config.config import ClientConfig

Source: TypeAlias = tuple[str, Mapping[str, Any]]
"""The template of a module, and what it alone is given."""

_LISTED = 20
"""Of what is left out, in the docstring of the package."""
_EVENTS = "events."
"""What stands in front of a class that is not imported by name."""
_WITH_OPERATIONS = ("api.py", "async_client.py", "client.py", "testing.py")


def package_files(
    model: Model, client: ClientConfig, overrides: Mapping[str, Override]
) -> dict[str, str]:
    """Relative path -> text, sorted by path.

    `overrides`: the project's own templates, by the names of those they stand in for. Raises
    TemplateError.
    """
    renderer = Renderer(overrides)
    omitted = _omitted(model)
    model = directed(without_broken_defaults(checkable(sendable(model))))
    split = in_modules(model)
    kinds = Kinds(model, emitted(model), private=not split)
    events = events_view(model, kinds)
    operations = client_view(
        model,
        kinds,
        events.events,
        _EVENTS if split else "",
        grouped=client.groups,
        fill=client.fill,
    )
    errors = errors_view(model, declared(model, events.events).names, _EVENTS if split else "")
    context: dict[str, Any] = {
        "source": client.spec,
        "title": model.title,
        "omitted": omitted,
        "events": events,
        "client": operations,
        "errors": errors,
        "public": public_view(events, operations, errors),
        "shared": bool(client.runtime),
    }
    modules = dict(_modules(events, operations, errors))
    written, asked = _features(model, client, operations, events)
    modules.update(written)
    if "pydantic" in client.flavours:
        from .flavours.pydantic import pydantic_view

        modules["pydantic_models.py"] = (
            "pydantic_models.py.jinja",
            {"module": pydantic_view(model)},
        )
    own = {
        path: renderer.render(path, template, {**context, **given})
        for path, (template, given) in modules.items()
    }
    static = vendored(own, beside=asked)
    if client.runtime:
        shared = imports_shared(client.output, client.runtime)
        static = {
            # What people wrote may have any statement: Black lays it out.
            path: format_any(with_shared(path, text, shared))
            for path, text in static.items()
            if not path.startswith("_runtime/")
        }
        own = {path: with_shared(path, text, shared) for path, text in own.items()}
    files = {path: renderer.formatted(modules[path][0], text) for path, text in own.items()}
    return dict(sorted({**static, **files}.items()))


def _omitted(model: Model) -> tuple[str, ...]:
    """What the package leaves out of the document, a sentence each."""
    found = [f"{remark.sentence}." for remark in omissions(model)]
    more = [f"and {len(found) - _LISTED} more: `eventwright inspect`."]
    return tuple(found if len(found) <= _LISTED + 1 else found[:_LISTED] + more)


def _features(
    model: Model, client: ClientConfig, operations: ClientView, events: EventsView
) -> tuple[dict[str, Source], list[str]]:
    """The modules that are written for `features`, and the static ones that are asked for."""
    adapters = [f"transports/{name}.py" for name in client.transports if model.operations]
    if not client.features:
        return {}, adapters
    relay = needs_relay(client.features)
    names, order_by = events.events, order_key(client, model)
    delivery = delivery_view(model, operations, names, order_by=order_by, relay=relay)
    delivered, takes = bool(delivery.routes), bool(delivery.of_events)
    written: dict[str, Source] = {
        name: (f"{name}.jinja", {"delivery": delivery})
        for name in feature_modules(client.features, delivered=delivered, events=takes)
    }
    beside = static_modules(client.features, delivered=delivered) if model.operations else []
    return written, [*adapters, *beside]


def _modules(
    events: EventsView, client: ClientView, errors: ErrorsView
) -> Iterator[tuple[str, Source]]:
    """The modules, by their paths."""
    yield "__init__.py", ("__init__.py.jinja", {})
    if events.modules:
        yield "events/__init__.py", ("events_init.jinja", {})
        for module in events.modules:
            yield f"events/{module.name}.py", ("events_module.jinja", {"declared": module})
        if events.events:
            yield f"events/{ANY_EVENT}.py", ("events_union.jinja", {})
    else:
        yield "events.py", ("events.py.jinja", {})
    for name in _WITH_OPERATIONS if client.methods else ():
        yield name, (f"{name}.jinja", {})
    if errors.errors:
        yield "errors.py", ("errors.py.jinja", {})
    if client.parts:
        yield "operations/__init__.py", ("operations_init.jinja", {})
    for part in client.parts:
        yield f"operations/{part.name}.py", ("operations_module.jinja", {"part": part})
