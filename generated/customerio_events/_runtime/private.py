"""Tracebacks that show no argument: they are logged and reported, variables included."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def private(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """A function whose errors come without its frames, as those hold what it was given."""

    @wraps(function)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            del args, kwargs
            error.__context__ = error.__traceback__ = None
            raise error from None

    return guarded
