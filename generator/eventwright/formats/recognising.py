"""Documents of other formats that are given for OpenAPI: what each is called, and what helps."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..text.jsonvalues import Json


class Other(NamedTuple):
    """A format that was recognised by its key `key`."""

    key: str
    code: str
    message: str
    help: str


_MESSAGES = (
    '{openapi: "3.1.0", info: {title: .info.title, version: .info.version}, '
    'paths: {"/": {post: {operationId: "send", requestBody: {required: true, '
    'content: {"application/json": {schema: {anyOf: [.components.messages[].payload]}}}}, '
    'responses: {default: {description: ""}}}}}, '
    "components: {schemas: (.components.schemas // {})}}"
)
"""For jq: a document with one operation that takes the messages of an AsyncAPI document."""

_BY_KEY = {
    "swagger": ("E011", "Swagger", "convert it: npx swagger2openapi OLD -o NEW"),
    "asyncapi": (
        "E025",
        "AsyncAPI",
        f"take its messages over as events: npx js-yaml OLD | jq '{_MESSAGES}' > NEW",
    ),
    "arazzo": ("E025", "Arazzo", "name the OpenAPI document that it describes workflows of"),
    "overlay": ("E025", "OpenAPI Overlay", "name it in `overlays`, and in `spec` the document"),
}
_SEND_TO = 'to take its events, say where they go: send_to = "https://…" under [[client]]'
_SCHEMA_KEYS = ("$schema", "$id", "$defs", "definitions", "properties", "allOf", "oneOf", "anyOf")
_PLAN_KEYS = ("tracking_plan", "trackingPlan", "trackingPlanId", "rules", "events")


def recognised(data: Mapping[str, Json], shown: str) -> Other | None:
    """What a document without the key `openapi` is, None where that is not known.

    `shown`: the name of its file, for the command that converts it.
    """
    for key, (code, name, help) in _BY_KEY.items():
        if key in data:
            version = str(data[key])
            stated = f" {version}" if re.match("[0-9][^ ]{,9}$", version) else ""
            message = f"this is {name}{stated}, not OpenAPI 3"
            return Other(key, code, message, _with_files(help, shown))
    if "paths" in data or "components" in data:
        return None
    key = next((key for key in _PLAN_KEYS if _is_plan(key, data.get(key))), "")
    if key:
        return Other(key, "E025", "this is a tracking plan, not OpenAPI 3", _SEND_TO)
    key = next((key for key in _SCHEMA_KEYS if key in data), "")
    if key:
        return Other(key, "E025", "this is a JSON Schema, not OpenAPI 3", _SEND_TO)
    return None


def _with_files(help: str, shown: str) -> str:
    """A command with the names of the file to convert, where it is one, and of a new one."""
    if ":" in shown or not shown.endswith((".json", ".yaml", ".yml")):
        return help
    stem, _, ending = shown.rpartition(".")
    new = f"{stem}.openapi.{'json' if 'jq' in help else ending}"
    named = help.replace("OLD", shlex.quote(shown), 1)
    return f"{named.removesuffix('NEW')}{shlex.quote(new)}" if named.endswith("NEW") else named


def _is_plan(key: str, value: Json) -> bool:
    """A list of events with names, or rules with such a list in it."""
    if key in ("tracking_plan", "trackingPlan", "trackingPlanId"):
        return value is not None
    if isinstance(value, dict):
        return any(_is_plan("events", value.get(each)) for each in ("events", "rules"))
    named = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return bool(named) and all("name" in each or "key" in each for each in named)
