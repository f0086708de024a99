"""Credentials: made with care, and taken out of whatever might show them."""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, quote_plus

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+")
_SHORTEST_HIDDEN = 4


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
    """Takes known secrets out of text and bytes, in every form a server is likely to echo."""

    __slots__ = ("_forms",)

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {
            form
            for secret in secrets
            for part in _parts(secret)
            for form in _forms(part)
        }
        usable = (form for form in forms if len(form) >= _SHORTEST_HIDDEN)
        self._forms = tuple(sorted(usable, key=lambda form: (-len(form), form)))

    def __repr__(self) -> str:
        return f"<Secrets {len(self._forms)}>"

    def hide(self, text: str) -> str:
        """The text with every secret in it replaced by `***`."""
        for form in self._forms:
            text = text.replace(form, "***")
        return text

    def hide_bytes(self, data: bytes) -> bytes:
        """The same for bytes that hold UTF-8."""
        for form in self._forms:
            data = data.replace(form.encode(), b"***")
        return data


def _parts(secret: str) -> set[str]:
    """A header's value, what follows its scheme, and what a Basic one encodes."""
    scheme, _, rest = secret.partition(" ")
    if scheme == "Basic" and rest:
        try:
            pair = binascii.a2b_base64(rest).decode("utf-8", "replace")
        except binascii.Error:
            return {rest}
        return {rest, pair, *pair.split(":", 1)}
    return {rest} if scheme == "Bearer" and rest else {secret}


def _escaped(secret: str) -> str:
    """As in HTML; the html module is slow to import."""
    for character, name in (
        ("&", "amp"),
        ("<", "lt"),
        (">", "gt"),
        ('"', "quot"),
        ("'", "#x27"),
    ):
        secret = secret.replace(character, f"&{name};")
    return secret


def _forms(secret: str) -> set[str]:
    quoted = {quote(secret, safe=""), quote_plus(secret), _escaped(secret)}
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        *quoted,
    }
