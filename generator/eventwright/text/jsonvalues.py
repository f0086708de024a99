"""What JSON, YAML and TOML hold, as Python has it."""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def kind(value: object) -> str:
    """What a person calls this kind of JSON (or TOML) value: "an object", "null" …"""
    if value is None:
        return "null"
    names = {dict: "an object", list: "an array", str: "a text", bool: "a boolean"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else "a date")
