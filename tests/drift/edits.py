"""Random edits of a document that break something, with the rule that must say so."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Json = dict[str, Any]


def _requests(data: Json) -> list[Json]:
    """Objects that only requests hold, so that the direction is known."""
    components = data["components"]["schemas"]
    found = [s for s in components.values() if "event" in s.get("properties", {})]
    for schema in list(found):
        found += [p for p in schema["properties"].values() if p.get("properties")]
    return found


def _keys(schema: Json) -> list[str]:
    return sorted(name for name in schema["properties"] if name not in ("event", "type"))


def _with_keys(data: Json) -> list[Json]:
    return [schema for schema in _requests(data) if _keys(schema)]


def add_required(data: Json, random: Random) -> str:
    schema = random.choice(_with_keys(data))
    schema["properties"]["brandNew"] = {"type": "string"}
    schema.setdefault("required", []).append("brandNew")
    return "REQ_PROPERTY_ADDED_REQUIRED"


def make_required(data: Json, random: Random) -> str:
    places = [
        (schema, name)
        for schema in _with_keys(data)
        for name in _keys(schema)
        if name not in schema.get("required", [])
    ]
    schema, name = random.choice(places)
    schema.setdefault("required", []).append(name)
    return "REQ_PROPERTY_BECAME_REQUIRED"


def remove(data: Json, random: Random) -> str:
    schema = random.choice([s for s in _with_keys(data) if "anyOf" not in s])
    name = random.choice(_keys(schema))
    del schema["properties"][name]
    schema["required"] = [each for each in schema.get("required", []) if each != name]
    return "REQ_PROPERTY_REMOVED"


def change_type(data: Json, random: Random) -> str:
    schema = random.choice([s for s in _with_keys(data) if "anyOf" not in s])
    schema["properties"][random.choice(_keys(schema))] = {"type": "boolean"}
    return "REQ_TYPE_CHANGED"


def close(data: Json, random: Random) -> str:
    places = [s for s in _requests(data) if s.get("additionalProperties", True) is True]
    random.choice(places)["additionalProperties"] = False
    return "REQ_OBJECT_CLOSED"


def tighten(data: Json, random: Random) -> str:
    places = [
        prop
        for schema in _with_keys(data)
        for name, prop in schema["properties"].items()
        if prop.get("type") == "string" and not prop.keys() & {"enum", "const", "maxLength"}
        and name != "event"
    ]  # fmt: skip
    random.choice(places)["maxLength"] = 7
    return "REQ_CONSTRAINT_TIGHTENED"


def drop_event(data: Json, random: Random) -> str:
    arms = data["paths"]["/track"]["post"]["requestBody"]["content"]["application/json"]
    arms["schema"]["oneOf"].pop(random.randrange(len(arms["schema"]["oneOf"])))
    return "EVENT_REMOVED"


def rename_event(data: Json, random: Random) -> str:
    components = data["components"]["schemas"].values()
    events = [schema for schema in components if "event" in schema.get("properties", {})]
    random.choice(events)["properties"]["event"] = {"type": "string", "enum": ["Renamed Event"]}
    return "EVENT_NAME_CHANGED"


def move_server(data: Json, random: Random) -> str:
    random.choice(data["servers"])["url"] += "/moved"
    return "SERVER_URL_CHANGED"


def move_path(data: Json, random: Random) -> str:
    data["paths"]["/moved"] = data["paths"].pop("/track")
    return "PATH_CHANGED"


def need_header(data: Json, random: Random) -> str:
    data["paths"]["/track"]["post"]["parameters"][0]["required"] = True
    return "HEADER_BECAME_REQUIRED"


def change_answer(data: Json, random: Random) -> str:
    answer = data["paths"]["/track"]["post"]["responses"]["200"]
    if "$ref" in answer:
        answer = data["components"]["responses"]["200"]
    answer["content"]["application/json"]["schema"] = {"type": "array", "items": {}}
    return "RESP_TYPE_CHANGED"


EDITS: dict[str, Callable[[Json, Random], str]] = {
    each.__name__: each
    for each in (
        add_required, make_required, remove, change_type, close, tighten, drop_event, rename_event,
        move_server, move_path, need_header, change_answer,
    )
}  # fmt: skip
