"""Whoever asks for the types of something public gets them: dependency injectors do."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from typing import Any

import customerio_events


def public() -> Iterator[tuple[str, Any]]:
    """Every class, method and function of the package and of its runtime."""
    name = customerio_events.__name__
    for info in pkgutil.walk_packages(customerio_events.__path__, f"{name}."):
        module = importlib.import_module(info.name)
        for key, value in vars(module).items():
            if key.startswith("_") or getattr(value, "__module__", "") != info.name:
                continue
            if inspect.isclass(value):
                yield f"{info.name}.{key}", value
                for method, function in inspect.getmembers(value, inspect.isfunction):
                    if function.__module__.startswith(name):
                        yield f"{info.name}.{key}.{method}", function
            elif inspect.isfunction(value):
                yield f"{info.name}.{key}", value


def test_types_can_be_looked_up_everywhere() -> None:
    seen = 0
    for name, value in public():
        try:
            typing.get_type_hints(value)
        except Exception as error:
            raise AssertionError(f"{name}: {error}") from error
        seen += 1
    assert seen > 300


def test_signatures_too() -> None:
    for client in (customerio_events.Client, customerio_events.AsyncClient):
        inspect.signature(client, eval_str=True)
        inspect.signature(client.track, eval_str=True)
    hints = typing.get_type_hints(customerio_events.Client.__init__)
    import ssl

    assert hints["ssl_context"] == ssl.SSLContext | None
