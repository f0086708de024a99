"""What `features` of a client adds to its package: modules written for it, and static ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType

_SINKS = ("celery", "redis", "postgresql")
"""Engines in which events wait."""
_WRITTEN = MappingProxyType(
    {
        "outbox": ("async_outbox.py", "outbox.py"),
        "send": ("__main__.py",),
        **dict.fromkeys(_SINKS, ("relay.py",)),
    }
)
"""Written for the package, where it has something to deliver."""
_OF_EVENTS = frozenset({"send"})
"""Those among them that read events."""
_STATIC = MappingProxyType(
    {
        "celery": "sinks/celery.py",
        "redis": "sinks/redis.py",
        "postgresql": "sinks/postgresql.py",
        "opentelemetry": "opentelemetry.py",
        "pytest": "pytest_plugin.py",
    }
)
_BRINGS = MappingProxyType(dict.fromkeys(("send", *_SINKS), ("outbox",)))
"""Features that another one stands on."""


def feature_modules(features: Iterable[str], *, delivered: bool, events: bool) -> list[str]:
    """The modules that are written for the features.

    Args:
        features: what the configuration asks for.
        delivered: whether an operation takes what can be delivered.
        events: whether an operation takes one.
    """
    asked = {*_with_others(features)} if delivered else set[str]()
    asked -= frozenset() if events else _OF_EVENTS
    return list(
        dict.fromkeys(
            module
            for feature, modules in _WRITTEN.items()
            if feature in asked
            for module in modules
        )
    )


def static_modules(features: Iterable[str], *, delivered: bool) -> list[str]:
    """The static modules that the features ask for; `delivered`: as `feature_modules`."""
    asked = [each for each in features if delivered or each not in _SINKS]
    return [_STATIC[feature] for feature in asked if feature in _STATIC]


def needs_relay(features: Iterable[str]) -> bool:
    """Whether events are handed to an engine."""
    return any(feature in _SINKS for feature in features)


def _with_others(features: Iterable[str]) -> Iterator[str]:
    for feature in features:
        yield feature
        yield from _BRINGS.get(feature, ())
