"""Credentials: made with care, and taken out of whatever might show them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+")
_SHORTEST_HIDDEN = 4
_Pattern = tuple["re.Pattern[str]", "re.Pattern[bytes]"]


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


class Secrets:
    """Takes known secrets out of text and bytes, however a server may have escaped them."""

    __slots__ = ("_compiled", "_secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        parts = {part for secret in secrets for part in _parts(secret)}
        usable = (part for part in parts if len(part) >= _SHORTEST_HIDDEN)
        self._secrets = tuple(sorted(usable, key=lambda part: (-len(part), part)))
        self._compiled: tuple[_Pattern, ...] | None = None

    def __repr__(self) -> str:
        return f"<Secrets {len(self._secrets)}>"

    def hide(self, text: str) -> str:
        """The text with every secret in it replaced by `***`."""
        for pattern, _ in self._patterns():
            text = pattern.sub("***", text)
        return text

    def hide_bytes(self, data: bytes) -> bytes:
        """The same for bytes that hold UTF-8."""
        for _, pattern in self._patterns():
            data = pattern.sub(b"***", data)
        return data

    def _patterns(self) -> tuple[_Pattern, ...]:
        if self._compiled is None:  # only where something went wrong
            made = ["".join(map(_any_spelling, secret)) for secret in self._secrets]
            self._compiled = tuple(
                (re.compile(each), re.compile(each.encode())) for each in made
            )
        return self._compiled


def _parts(secret: str) -> set[str]:
    """A header's value, what follows its scheme, and what a Basic one encodes."""
    scheme, _, rest = secret.partition(" ")
    if scheme == "Basic" and rest:
        bare = rest.rstrip("=")
        forms = {rest, bare, bare.replace("+", "-").replace("/", "_")}
        try:
            pair = binascii.a2b_base64(rest).decode("utf-8", "replace")
        except binascii.Error:
            return forms
        return {*forms, pair, *pair.split(":", 1)}
    return {rest} if scheme == "Bearer" and rest else {secret}


def _any_spelling(character: str) -> str:
    """A pattern for a character as it is, and as JSON, URLs and HTML escape it.

    Each alternative begins with a literal: the search then skips fast what cannot begin a secret.
    """
    utf8 = character.encode()
    code = ord(character)
    ways = [
        re.escape(character),
        "".join(rf"%(?:25)?{_hex(f'{byte:02x}')}" for byte in utf8),
        "".join(rf"\\\\{{0,3}}u{_hex(unit)}" for unit in _utf16(character)),
        rf"&#0{{0,4}}{code};",
        rf"&#[xX]0{{0,4}}{_hex(f'{code:x}')};",
        *_NAMED.get(character, ()),
    ]
    if len(utf8) > 1:  # UTF-8 in a header, which is read as Latin-1
        ways.append(re.escape(utf8.decode("latin-1")))
    return f"(?:{'|'.join(ways)})"


_NAMED: Mapping[str, tuple[str, ...]] = {
    " ": (r"\+",),
    "/": (r"\\\\{0,3}/",),
    "\\": (r"\\\\{1,7}",),
    '"': (r'\\\\{0,3}"', "&quot;"),
    "'": (r"\\\\{0,3}'", "&apos;"),
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
}


def _utf16(character: str) -> tuple[str, ...]:
    units = character.encode("utf-16-be").hex()
    return tuple(units[at : at + 4] for at in range(0, len(units), 4))


def _hex(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)
