"""Credentials, made with care: what cannot be sent is refused, and not shown. And TLS.

`ssl` takes long to import and is not needed for building events. `typing.get_type_hints` finds it
here; type checkers read the real import.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    import ssl
else:

    class _Lazy:
        """Stands for a module, which is imported when it is looked into."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            return getattr(__import__(self._name), name)

    ssl = _Lazy("ssl")

__all__ = [
    "ApiKey",
    "basic",
    "bearer",
    "checked",
    "default_context",
    "private",
    "ssl",
]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+")
_P = ParamSpec("_P")
_R = TypeVar("_R")


def private(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """A function whose errors come without its frames, as those hold what it was given.

    Tracebacks are logged and reported, variables included.
    """

    @wraps(function)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            del args, kwargs
            error.__context__ = error.__traceback__ = None
            raise error from None

    return guarded


def checked(secret: object, what: str = "the API key") -> str:
    """`secret` itself.

    Raises:
        ValueError: empty, or with a line break or another control character; it is not shown.
        TypeError: not a string.
    """
    if not isinstance(secret, str):
        raise TypeError(f"{what} must be a string")
    if not secret.strip():
        raise ValueError(f"{what} is empty")
    if _CONTROL.search(secret):
        raise ValueError(f"{what} holds a line break or another control character")
    return secret


@private
def basic(user: str, password: str = "") -> str:
    """The value of an Authorization header for HTTP Basic (RFC 7617), in UTF-8.

    Raises:
        ValueError: an empty user, a colon in it, or a control character; neither is shown.
    """
    checked(user, "the user name or key")
    if password:
        checked(password, "the password")
    if ":" in user:
        raise ValueError(
            "the user name or key holds a colon, which HTTP Basic cannot carry"
        )
    pair = f"{user}:{password}".encode()
    return f"Basic {binascii.b2a_base64(pair, newline=False).decode('ascii')}"


@private
def bearer(token: str) -> str:
    """The value of an Authorization header for a bearer token (RFC 6750).

    Raises:
        ValueError: empty, or with a character that no token has; it is not shown.
    """
    if not _TOKEN.fullmatch(checked(token, "the token")):
        raise ValueError("the token holds a space or a character that is not ASCII")
    return f"Bearer {token}"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that travels in a header, query parameter or cookie of its own.

    `scheme`: of the document; only operations that ask for it are sent the key. Empty: all are.
    """

    location: Literal["header", "query", "cookie"]
    name: str
    value: str
    scheme: str = ""

    def __post_init__(self) -> None:
        checked(self.value)
        if self.location == "cookie" and not _COOKIE.fullmatch(self.value):
            raise ValueError("the API key holds a character that no cookie can")

    def __repr__(self) -> str:
        return f"ApiKey({self.location!r}, {self.name!r}, …)"


def default_context() -> ssl.SSLContext:
    """Certificates checked against the system's trust store; HTTP/1.1 and nothing else."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
