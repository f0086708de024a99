"""URLs as they may be shown: a user, a password or a token in one is nobody else's business."""

from __future__ import annotations

import re

_URL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^\s\"'<>]+")
# What was to be a URL, and lacks its beginning.
_BARE = re.compile(r"(?<![^\s\"'=])[^\s\"'<>/:@]+:(?!//)[^\s\"'<>]+(?=@)")
# Up to the last @, unless what precedes it is a path: after a host, or a host and its port.
_USER = re.compile(r"(?<=//)(?:[^/?#]*|[^/?#@]*:(?![0-9]*(?:[/?#]|$)).*)(?=@)")
_VALUES = re.compile(r"(?<==)[^&=]+|(?<=[?#&])[^&=]+(?=&|$)")


def public(text: str) -> str:
    """The text with a star for each character of its URLs that may be a secret.

    That is user and password, and the values in the query. Nothing else moves, so that positions
    in the text stay what they are.

    >>> public("see https://me:pw@host/a?key=abc")
    'see https://*****@host/a?key=***'
    """
    return _BARE.sub(_stars, _URL.sub(lambda url: _public(url[0]), text))


def _public(url: str) -> str:
    url = _USER.sub(_stars, url, count=1)
    start = re.search(r"[?#]", url)
    return (
        url if start is None else url[: start.start()] + _VALUES.sub(_stars, url[start.start() :])
    )


def _stars(match: re.Match[str]) -> str:
    return "*" * len(match[0])
