"""Keys by which a server tells a call that is made again from another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..values.uuids import uuid_text


def idempotent(
    headers: Mapping[str, str] | None,
    name: str,
    parameters: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[str, str]:
    """The headers of a call, with a new key in the header `name` unless the caller gave one.

    `parameters`: the headers that parameters became.
    """
    given, wanted = headers or {}, name.lower()
    if any(each.lower() == wanted for each in (*given, *parameters)):
        return given
    return {**given, name: uuid_text()}
