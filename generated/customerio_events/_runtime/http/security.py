"""Credentials: made with care, and taken out of whatever a server shows of them. And TLS.

`ssl` takes long to import and is not needed for building events. `typing.get_type_hints` finds it
here; type checkers read the real import.
"""

from __future__ import annotations

import binascii
import re
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    import ssl
else:

    class _Lazy:
        """Stands for the module, which is imported when it is looked into."""

        def __getattr__(self, name: str) -> Any:
            return getattr(__import__("ssl"), name)

    ssl = _Lazy()

__all__ = [
    "ApiKey",
    "Secrets",
    "Source",
    "basic",
    "bearer",
    "checked",
    "default_context",
    "private",
    "ssl",
]

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
_TOKEN = r"[\x21-\x7e]+"
_COOKIE = r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+"
_SHORTEST = 4
_MASK = b"***"
_ESCAPE = (
    rb"\\+(?:u([dD][89aAbB][0-9a-fA-F]{2})\\+u([dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|u([0-9a-fA-F]{4})"  # JSON, also within JSON
    rb"|x([0-9a-fA-F]{2}))?"  # strings of other languages
    rb"|%(?:25){0,8}([0-9a-fA-F]{2})"  # URLs, also within URLs
    rb"|&(?:amp;){0,8}(?:#0{0,8}([0-9]{1,7})|#[xX]0{0,8}([0-9a-fA-F]{1,6})"
    rb"|(amp|lt|gt|quot|apos));"  # HTML, also within HTML
)
_LONGEST_ESCAPE = 64
_BEGUN_ESCAPE = (
    rb"(?:\\+u[dD][89aAbB][0-9a-fA-F]{2}(?:\\+(?:u[0-9a-fA-F]{0,3})?)?"
    rb"|\\+[ux]?[0-9a-fA-F]{0,3}|%(?:25){0,8}[0-9a-fA-F]?|&[#0-9a-zA-Z;]*)\Z"
)
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_SPACES = bytes.maketrans(b"+", b" ")  # in a query they are the same
_Span = tuple[int, int]
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


@private
def checked(secret: object, what: str = "the API key") -> str:
    """`secret` itself; an error that does not show it, if it cannot be one."""
    if not isinstance(secret, str):
        raise TypeError(f"{what} must be a string")
    if not secret.strip():
        raise ValueError(f"{what} is empty")
    plain = secret.isascii() and secret.isprintable()  # spares compiling a pattern
    if not plain and re.search(_CONTROL, secret):
        raise ValueError(f"{what} holds a line break or another control character")
    return secret


@private
def basic(user: str, password: str = "") -> str:
    """The value of an Authorization header for HTTP Basic (RFC 7617), in UTF-8.

    Raises ValueError, which shows neither: an empty user, a colon in it, a control character.
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

    Raises ValueError, which does not show it: empty, or with a character that no token has.
    """
    if not re.fullmatch(_TOKEN, checked(token, "the token")):
        raise ValueError("the token holds a space or a character that is not ASCII")
    return f"Bearer {token}"


class Source(ABC):
    """Where a credential comes from that is asked for before each call."""

    @abstractmethod
    def begin(self, base: str) -> None:
        """A client has it whose server is `base`; what it cannot work with is a ValueError."""

    @abstractmethod
    async def current(self, client: Any, key: ApiKey, deadline: float) -> ApiKey:
        """What stands for `key` now. `deadline` is on the monotonic clock."""

    @abstractmethod
    async def renewed(
        self, client: Any, key: ApiKey, refused: ApiKey, deadline: float
    ) -> ApiKey:
        """What stands for it instead of the one that the server refused; that one: nothing does."""


class ApiKey:
    """A key that travels in a header, query parameter or cookie of its own.

    Attributes:
        scheme: of the document; only operations that ask for it are sent the key. Empty: all are.
        value: as it travels; empty where it is asked for before each call.
        source: what is asked for the key then; None: nothing.
    """

    @private
    def __init__(
        self,
        location: Literal["header", "query", "cookie"],
        name: str,
        key: str | Callable[[], object] | Source,
        scheme: str = "",
        write: Callable[[str], str] = checked,
    ) -> None:
        """`key`: itself, or what returns it, or an awaitable of it. `write` makes `value` of it."""
        self.location: Literal["header", "query", "cookie"] = location
        self.name, self.scheme = name, scheme
        self._write = write
        self.source = key if isinstance(key, Source) or callable(key) else None
        self.value = self._written(key) if self.source is None else ""

    @private
    def asked(self, key: object) -> ApiKey:
        """The same with a key that the source gave; an error without it, if it is none."""
        if not isinstance(key, str):
            raise TypeError(
                f"a function that returns a key returned {type(key).__name__}"
            )
        return ApiKey(self.location, self.name, key, self.scheme, self._write)

    def _written(self, key: Any) -> str:
        value = self._write(key)
        if self.location == "cookie" and not re.fullmatch(_COOKIE, value):
            raise ValueError("the API key holds a character that no cookie can")
        return value

    def __repr__(self) -> str:
        return f"ApiKey({self.location!r}, {self.name!r}, …)"


def default_context() -> ssl.SSLContext:
    """Certificates checked against the system's trust store; HTTP/1.1 and nothing else."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Secrets:
    """Takes known secrets out of text and bytes, however a server may have escaped them.

    What is searched and what is searched for are brought into one plain form, without escapes. So
    the time it takes grows with the length of the text, whatever text and secrets consist of.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secrets)

    def __repr__(self) -> str:
        return f"<Secrets {len(self._secrets)}>"

    @cached_property
    def _searched(self) -> tuple[list[bytes], list[bytes]]:
        """What is searched for in the plain form, and what as it is; made when first needed."""
        forms = {form for secret in self._secrets for form in _forms(secret)}
        spelt = {spelling for form in forms for spelling in _encoded(form)}
        plain = {form: _Plain(form).data for form in spelt if len(form) >= _SHORTEST}
        # Where hardly anything is left, as of backslashes alone, it is searched for as it is.
        bare = [form for form, data in plain.items() if len(data) < _SHORTEST]
        usable = {data for data in plain.values() if len(data) >= _SHORTEST}
        return [*usable], sorted(bare, key=len, reverse=True)

    def including(self, secrets: Iterable[str]) -> Secrets:
        """These and others."""
        return Secrets(self._secrets.union(secrets))

    def hide(self, text: str, *, cut: bool = False) -> str:
        """The text with every secret in it replaced by `***`; `cut` as for `hide_bytes`."""
        data = text.encode("utf-8", "surrogatepass")
        return self.hide_bytes(data, cut=cut).decode("utf-8", "surrogatepass")

    def hide_bytes(self, data: bytes, *, cut: bool = False) -> bytes:
        """The same for bytes that hold UTF-8.

        `cut`: they may end in the midst of a secret, whose beginning is hidden then.
        """
        if cut:
            data = _without_begun_escape(data)
        secrets, bare = self._searched
        for form in bare:
            data = data.replace(form, _MASK)
        plain = _Plain(data)
        spans = [span for secret in secrets for span in plain.find(secret)]
        if cut:
            spans += [plain.find_beginning(secret) for secret in secrets]
        return _masked(data, spans) if spans else data


class _Plain:
    """Bytes without escapes, and where in the original each of them ends."""

    def __init__(self, data: bytes) -> None:
        parts: list[bytes] = []
        self._ends, seen = array("L"), 0
        for match in re.finditer(_ESCAPE, data):
            meant = _meant(match)
            if meant is None:
                continue
            # A backslash that is spelt out is one all the same, and guards what follows it.
            meant = meant.replace(b"\\", b"")
            start, end = match.span()
            parts += data[seen:start], meant
            self._ends.extend(range(seen + 1, start + 1))
            self._ends.extend([end] * len(meant))
            seen = end
        parts.append(data[seen:])
        self._ends.extend(range(seen + 1, len(data) + 1))
        self.data = b"".join(parts).translate(_SPACES)

    def find(self, secret: bytes) -> Iterator[_Span]:
        """Where the secret stands in the original."""
        at = self.data.find(secret)
        while at >= 0:
            end = at + len(secret)
            yield self._original(at, end)
            at = self.data.find(secret, end)

    def find_beginning(self, secret: bytes) -> _Span:
        """Where the original ends in a beginning of the secret."""
        tail = self.data[max(0, len(self.data) - len(secret) + 1) :]
        at = tail.find(secret[:1])
        while at >= 0 and not secret.startswith(tail[at:]):
            at = tail.find(secret[:1], at + 1)
        begun = len(tail) - at if at >= 0 else 0
        return self._original(len(self.data) - begun, len(self.data))

    def _original(self, start: int, end: int) -> _Span:
        ends = self._ends
        return (ends[start - 1] if start else 0, ends[end - 1] if end else 0)


def _encoded(form: str) -> Iterator[bytes]:
    yield form.encode("utf-8", "surrogatepass")
    if not form.isascii() and max(form) <= "\xff":
        yield form.encode("latin-1")


def _meant(escape: re.Match[bytes]) -> bytes | None:
    """What an escape stands for; None: nothing. A backslash alone only guards what follows it."""
    high, low, unit, byte, octet, decimal, digits, name = escape.groups()
    octet = octet or byte
    if high:
        pair = (int(high, 16) - 0xD800 << 10) + int(low, 16) - 0xDC00
        return chr(pair + 0x10000).encode()
    if octet:
        return bytes([int(octet, 16)])
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(unit or digits or b"0", 16)
    if not (unit or decimal or digits):
        return b""
    return chr(number).encode("utf-8", "surrogatepass") if number < 0x110000 else None


def _without_begun_escape(data: bytes) -> bytes:
    tail = data[-_LONGEST_ESCAPE:]
    begun = re.search(_BEGUN_ESCAPE, tail)
    return data[: len(data) - len(tail) + begun.start()] if begun else data


def _masked(data: bytes, spans: list[_Span]) -> bytes:
    parts: list[bytes] = []
    seen = 0
    for start, end in sorted(spans):
        if start < end and start >= seen:
            parts += data[seen:start], _MASK
        seen = max(seen, end) if start < end else seen
    return b"".join([*parts, data[seen:]])


def _forms(secret: str) -> set[str]:
    """A header's value, what follows its scheme, and what a Basic one encodes."""
    scheme, _, rest = secret.partition(" ")
    if scheme == "Basic" and rest:
        bare = rest.rstrip("=")
        forms = {rest, bare, bare.replace("+", "-").replace("/", "_")}
        try:
            pair = binascii.a2b_base64(rest).decode("utf-8", "replace")
        except binascii.Error:
            return forms
        forms |= {pair, *pair.split(":", 1)}
    else:
        forms = {rest if scheme == "Bearer" and rest else secret}
    # Of a header, UTF-8 is read as Latin-1.
    misread = {
        form.encode("utf-8", "surrogatepass").decode("latin-1")
        for form in forms
        if not form.isascii()
    }
    return forms | misread
