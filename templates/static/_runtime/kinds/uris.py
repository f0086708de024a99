"""URIs (RFC 3986) and IRIs (RFC 3987), with a scheme or relative, and templates of them (6570)."""

from __future__ import annotations

import re

from .formats import is_ipv6, matches
from .scalars import Format

# RFC 3986, appendix B.
_PARTS = re.compile(
    r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_AUTHORITY = re.compile(r"(?:([^@]*)@)?(\[[^\]]*\]|[^:\[\]]*)(?::[0-9]*)?")
_FUTURE = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+")
_PLAIN = r"\-A-Za-z0-9._~!$&'()*+,;="
_BEYOND = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 15)
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"


# re keeps compiled patterns, so that they cost nothing until first used.
class _Grammar:
    """`beyond`: the characters outside ASCII that are allowed; `private` in queries only."""

    def __init__(self, beyond: str = "", private: str = "") -> None:
        self._name = _text(_PLAIN + beyond)
        self._user = _text(f"{_PLAIN}:{beyond}")
        self._path = _text(f"{_PLAIN}:@/{beyond}")
        self._query = _text(f"{_PLAIN}:@/?{beyond}{private}")
        self._fragment = _text(f"{_PLAIN}:@/?{beyond}")

    def is_reference(self, text: str) -> bool:
        """Whether it is one with a scheme or without."""
        match = _PARTS.fullmatch(text)
        if match is None:
            return False
        scheme, authority, path, query, fragment = match.groups()
        return bool(
            (scheme is None or _SCHEME.fullmatch(scheme))
            and (authority is None or self._is_authority(authority))
            and re.fullmatch(self._path, path)
            and re.fullmatch(self._query, query or "")
            and re.fullmatch(self._fragment, fragment or "")
            # Else the text before the colon would be the scheme.
            and (scheme is not None or ":" not in path.partition("/")[0])
        )

    def is_absolute(self, text: str) -> bool:
        """Whether it is one with a scheme."""
        match = _PARTS.fullmatch(text)
        return match is not None and match[1] is not None and self.is_reference(text)

    def _is_authority(self, text: str) -> bool:
        match = _AUTHORITY.fullmatch(text)
        if match is None or not re.fullmatch(self._user, match[1] or ""):
            return False
        host = match[2]
        if not host.startswith("["):
            return re.fullmatch(self._name, host) is not None
        return _FUTURE.fullmatch(host[1:-1]) is not None or is_ipv6(host[1:-1])


def _text(allowed: str) -> str:
    return f"(?:[{allowed}]|%[0-9A-Fa-f]{{2}})*"


_URI = _Grammar()
_IRI = _Grammar(_BEYOND, _PRIVATE)
_NAME_PART = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})"
_VARIABLE = rf"{_NAME_PART}(?:\.?{_NAME_PART})*(?::[1-9][0-9]{{0,3}}|\*)?"
_TEMPLATE = (
    r"""(?:[^\x00-\x20"'%<>\\^`{|}\x7f]|%[0-9A-Fa-f]{2}"""
    rf"|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*"
)

URI: Format = "an absolute URI", _URI.is_absolute
URI_REFERENCE: Format = "a URI reference", _URI.is_reference
IRI: Format = "an absolute IRI", _IRI.is_absolute
IRI_REFERENCE: Format = "an IRI reference", _IRI.is_reference
URI_TEMPLATE: Format = "a URI template", matches(_TEMPLATE)
"""Such as `/users/{id}{?page}`."""
