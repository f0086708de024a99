"""The words of a schema: title, description, default, examples …"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.model import Notes
from ...schema.schema import Flat
from ...text.jsonvalues import Json


def notes_of(flat: Flat) -> Notes:
    """`example` (3.0) and `examples` (3.1) are one thing."""
    said: Mapping[str, Any] = flat.notes
    return Notes(
        title=said.get("title", ""),
        description=said.get("description", ""),
        deprecated=said.get("deprecated", False),
        read_only=said.get("readOnly", False),
        write_only=said.get("writeOnly", False),
        default=(said["default"],) if "default" in said else (),
        examples=schema_examples(said),
        other=tuple(sorted(flat.other.items())),
    )


def schema_examples(said: Mapping[str, Any]) -> tuple[Json, ...]:
    """The examples of a schema object."""
    listed = said.get("examples", ())
    several = tuple(listed) if isinstance(listed, (list, tuple)) else ()
    return (*several, said["example"]) if "example" in said else several


def media_examples(said: Mapping[str, Any]) -> tuple[Json, ...]:
    """The examples of a parameter or media type: `example`, or named ones in `examples`."""
    named = said.get("examples") or {}
    several = tuple(e["value"] for e in named.values() if isinstance(e, dict) and "value" in e)
    return (*several, said["example"]) if "example" in said else several


def others(said: Mapping[str, Any], known: frozenset[str]) -> tuple[tuple[str, Json], ...]:
    """What an OpenAPI object says that the model has no place for; extensions left out."""
    unknown = {k: v for k, v in said.items() if k not in known and not k.startswith("x-")}
    return tuple(sorted(unknown.items()))
