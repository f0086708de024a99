"""Parcels as JSON: how they wait where other programs, of other versions, may read them.

Whoever reads is strict: what a newer version wrote, or nobody of ours, is refused, not guessed at.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import Any, Final

from ..delivery.parcels import Parcel

VERSION: Final = 1
_TEXTS: Final = ("operation", "content_type", "target", "key", "label")
_KEYS: Final = frozenset({"v", "body", "base64", "headers", *_TEXTS})
_TARGET: Final = re.compile(r"(/[!-~]*)?")


class NoParcel(ValueError):
    """A text that is no parcel."""


class NewerParcel(ValueError):
    """A parcel that a newer version of the package wrote: it waits for one that can read it."""


def written(parcel: Parcel) -> str:
    """A parcel as one line of JSON, in ASCII."""
    document: dict[str, Any] = {"v": VERSION}
    for name in _TEXTS:
        if value := getattr(parcel, name):
            document[name] = value
    if parcel.headers:
        document["headers"] = dict(parcel.headers)
    try:
        document["body"] = parcel.body.decode("utf-8")
    except UnicodeDecodeError:
        document["base64"] = b64encode(parcel.body).decode("ascii")
    return json.dumps(document, separators=(",", ":"))


def read(text: str | bytes) -> Parcel:
    """The parcel of a text that `written` gave.

    Raises:
        NewerParcel: a newer version wrote it.
        NoParcel: nobody did.
    """
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise NoParcel("it is not JSON") from None
    found = _object(document, "it is no JSON object")
    version = found.get("v")
    if type(version) is not int or version < 1:
        raise NoParcel("it has no version")
    if version > VERSION:
        raise NewerParcel(f"it is of version {version}, and this package reads 1")
    return _parcel(found)


def _parcel(document: dict[str, Any]) -> Parcel:
    if unknown := sorted(document.keys() - _KEYS):
        raise NoParcel(f"it has a key that is unknown: {unknown[0]!r}")
    texts = {name: document.get(name, "") for name in _TEXTS}
    headers = _object(document.get("headers", {}), "its headers are none")
    if not all(isinstance(text, str) for text in (*texts.values(), *headers.values())):
        raise NoParcel("it has a number or the like where a text belongs")
    if not texts["operation"]:
        raise NoParcel("it has no operation")
    if not _TARGET.fullmatch(texts["target"]):
        raise NoParcel("its target is none")
    return Parcel(body=_body(document), headers=headers, **texts)


def _object(found: Any, otherwise: str) -> dict[str, Any]:
    if isinstance(found, dict):
        return {**found}
    raise NoParcel(otherwise)


def _body(document: dict[str, Any]) -> bytes:
    given = [document[name] for name in ("body", "base64") if name in document]
    if len(given) != 1 or not isinstance(given[0], str):
        raise NoParcel("it has no body, or two")
    try:
        if "body" in document:
            return given[0].encode("utf-8")
        return b64decode(given[0], validate=True)
    except ValueError:
        raise NoParcel("its body cannot be read") from None
