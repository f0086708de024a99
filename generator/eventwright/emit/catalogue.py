"""Which templates there are, what each is for, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template by its purpose; `views`: what it looks at of what it is given."""

    purpose: str
    views: tuple[str, ...] = ()
    macros: Mapping[str, str] = field(default_factory=dict)
    """Name → what the macro writes."""


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        "__init__.py.jinja": Template(
            purpose="writes `__init__.py`: what is public, and loaded on first use",
            views=("events", "client", "public"),
        ),
        "__main__.py.jinja": Template(
            purpose="writes `__main__.py`, with the feature `send`: events from the command line",
            views=("client", "delivery", "events"),
        ),
        "api.py.jinja": Template(
            purpose="writes `api.py`: servers and operations as data", views=("client",)
        ),
        "async_client.py.jinja": Template(
            purpose="writes `async_client.py`", views=("client", "errors")
        ),
        "async_outbox.py.jinja": Template(
            purpose="writes `async_outbox.py` beside `outbox.py`: the same for event loops",
            views=("delivery",),
        ),
        "builder.jinja": Template(
            purpose="one class of the events",
            macros={"builder": "the class of a `ClassView`"},
        ),
        "client.jinja": Template(
            purpose="what both clients have in common",
            macros={
                "client_class": 'the class; `async_` is "Async" or ""',
                "method": "the method of an `OperationView`",
            },
        ),
        "client.py.jinja": Template(purpose="writes `client.py`", views=("client", "errors")),
        "declarations.jinja": Template(
            purpose="what the modules of the events have in common",
            macros={
                "imports": "its imports; `up`: the dots that lead to the package",
                "exported": "its `__all__`",
                "alias": "an `EnumView`: the alias, and the constant that lists its values",
                "parse_event": "the function that reads any event",
            },
        ),
        "endpoints.jinja": Template(
            purpose="operations as data",
            macros={"endpoint": "the constants of an `OperationView`"},
        ),
        "errors.py.jinja": Template(
            purpose="writes `errors.py`: the errors whose body the document describes",
            views=("errors",),
        ),
        "events.py.jinja": Template(
            purpose="writes `events.py`: the builders, `Event`, `parse_event`", views=("events",)
        ),
        "events_init.jinja": Template(
            purpose="writes `events/__init__.py` of a large package: the same, loaded on first use",
            views=("events",),
        ),
        "events_module.jinja": Template(
            purpose="writes the modules beside it: builders that belong together",
            views=("declared",),
        ),
        "events_union.jinja": Template(
            purpose="writes `events/_event.py` beside them: `Event`", views=("events",)
        ),
        "header.jinja": Template(purpose="the first line of every module"),
        "lazily.jinja": Template(
            purpose="names that are loaded on first use",
            macros={"on_first_use": "the functions of a module that do it, out of its `_LAZY`"},
        ),
        "operations_init.jinja": Template(
            purpose="writes `operations/__init__.py` of a large client"
        ),
        "operations_module.jinja": Template(
            purpose="writes the modules beside it: operations that belong together",
            views=("part", "client"),
        ),
        "outbox.py.jinja": Template(
            purpose="writes `outbox.py`, with a feature such as `outbox`: delivery of the events",
            views=("delivery", "client", "events"),
        ),
        "pydantic_models.py.jinja": Template(
            purpose="writes `pydantic_models.py`, with the Pydantic flavour", views=("module",)
        ),
        "relay.py.jinja": Template(
            purpose="writes `relay.py`, with a feature such as `redis`: delivery by an engine",
            views=("delivery",),
            macros={"signature": "one of the signatures of `put`"},
        ),
        "testing.py.jinja": Template(
            purpose="writes `testing.py`: clients that record", views=("client", "events")
        ),
        "tuples.jinja": Template(
            purpose="tuples in source",
            macros={
                "rows": "a tuple, one item a line where it has several",
                "inline": "a tuple in one line",
            },
        ),
    }
)
