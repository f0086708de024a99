"""A document whose operations take every kind of body."""

from __future__ import annotations

from typing import Any

from behaviour.stress import STRINGS, document, operation, parameter

TEXT = {"type": "string"}
FILE = {"type": "string", "format": "binary"}
LINE = {
    "type": "object",
    "required": ["sku"],
    "properties": {"sku": TEXT, "quantity": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}
NOTE = {"type": "object", "required": ["text"], "properties": {"text": TEXT}}
REF = {"$ref": "#/components/schemas/Line"}
ADDRESS = {"type": "object", "properties": {"city": TEXT, "zip": {"type": "integer"}}}


def form(required: list[str] | None = None, closed: bool = True, **fields: Any) -> dict[str, Any]:
    """The schema of a form."""
    rest = {"additionalProperties": False} if closed else {}
    return {"type": "object", "required": required or [], "properties": fields, **rest}


def body(media_type: str, schema: Any, required: bool = True, **rest: Any) -> dict[str, Any]:
    """A request body of one media type."""
    return {"required": required, "content": {media_type: {"schema": schema, **rest}}}


def several(required: bool = True, **contents: Any) -> dict[str, Any]:
    """One of several; `a_b` is `a/b`, and `__` a plus."""
    found = {
        key.replace("__", "+").replace("_", "/", 1).replace("_", "-"): {"schema": schema}
        for key, schema in contents.items()
    }
    return {"required": required, "content": found}


URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
EVERYTHING = form(
    ["grant_type", "kind"],
    grant_type=TEXT,
    kind={"const": "fixed"},
    scope=TEXT,
    on={"type": "boolean"},
    ratio={"type": "number"},
    since={"type": "string", "format": "date-time"},
    tags=STRINGS,
    address=ADDRESS,
    lines={"type": "array", "items": REF},
    password=TEXT,
)
STYLED = form(
    None,
    flat=STRINGS,
    spaced=STRINGS,
    piped=STRINGS,
    deep={"type": "object", "properties": {"a": STRINGS, "b": ADDRESS}},
    expand=STRINGS,
    open=ADDRESS,
    raw=TEXT,
    json=STRINGS,
)
ENCODING = {
    "flat": {"explode": False},
    "spaced": {"style": "spaceDelimited", "explode": False},
    "piped": {"style": "pipeDelimited", "explode": False},
    "deep": {"style": "deepObject", "explode": True},
    "expand": {"style": "deepObject", "explode": True},
    "open": {"style": "form"},
    "raw": {"allowReserved": True},
    "json": {"contentType": "application/json"},
}
UPLOAD = form(
    ["file"],
    file=FILE,
    caption=TEXT,
    more={"type": "array", "items": FILE},
    picture={"type": "string", "contentMediaType": "image/png"},
    meta=ADDRESS,
    lines={"type": "array", "items": REF},
    tags=STRINGS,
    count={"type": "integer"},
    noted=TEXT,
)
UPLOAD_ENCODING = {
    "picture": {"contentType": "image/png, image/jpeg"},
    "noted": {"contentType": "text/html", "headers": {"X-Note": {"schema": TEXT}}},
}
BODIES: dict[str, dict[str, Any]] = {
    "token": body(URLENCODED, EVERYTHING),
    "styled": body(URLENCODED, STYLED, encoding=ENCODING),
    "perhaps": body(URLENCODED, form(["a"], False, a=TEXT), False),
    "mapped": body(URLENCODED, {"type": "object", "additionalProperties": TEXT}),
    "upload": body(MULTIPART, UPLOAD, encoding=UPLOAD_ENCODING),
    "parts": body(MULTIPART, {"type": "object"}),
    "either_form": several(
        application_x_www_form_urlencoded=form(["a"], a=TEXT),
        multipart_form_data=form(["a"], a=TEXT),
    ),
    "text": body("text/plain", TEXT),
    "latin": body("text/csv; charset=iso-8859-1", TEXT),
    "octets": body("application/octet-stream", FILE),
    "xml": body("application/xml", REF),
    "mixed": body("multipart/mixed", {"type": "object"}),
    "image": body("image/*", FILE),
    "any": body("*/*", REF),
    "patch": body("application/merge-patch+json", REF),
    "lines": body("application/x-ndjson", REF),
    "listed_lines": body("application/jsonl", {"type": "array", "items": REF}),
    "choice": several(
        application_xml=REF,
        application_json=REF,
        text_plain=TEXT,
        application_x_www_form_urlencoded=REF,
    ),
    "patches": several(
        application_json_patch__json={"type": "array", "items": NOTE},
        application_merge_patch__json=REF,
    ),
    "optional": several(False, application_json=REF, application_octet_stream=FILE),
}


def bodies_document() -> dict[str, Any]:
    """One operation for each."""
    paths: dict[str, Any] = {
        f"/{name}": {"post": operation(name, requestBody=given)} for name, given in BODIES.items()
    }
    paths["/things/{b}/{a}"] = {
        "put": operation(
            "clash",
            parameter("a", "path", {"type": "integer"}),
            parameter("b", "path", TEXT),
            parameter("c", "query", TEXT),
            requestBody=body(URLENCODED, form(["a", "timeout"], a=TEXT, timeout=TEXT, c=TEXT)),
        )
    }
    paths["/both/{b}/{a}"] = {
        "put": operation(
            "both",
            parameter("a", "path", {"type": "integer"}),
            parameter("b", "path", TEXT),
            parameter("q", "query", TEXT),
            requestBody=body("application/json", REF),
        )
    }
    return document(paths, components={"schemas": {"Line": LINE}})


NAMES = (
    "self api body content_type timeout headers datetime events forms fields multipart choices "
    "extra Any None class encoded sent event_body json_body t p m c 1a list str bytes"
).split()
REC = {"$ref": "#/components/schemas/Rec"}
NULLABLE_FILES = {"anyOf": [{"type": "array", "items": FILE}, {"type": "null"}]}
ODD: dict[str, dict[str, Any]] = {
    "names": body(URLENCODED, form(None, True, **dict.fromkeys(NAMES, TEXT))),
    "file_names": body(MULTIPART, form(None, False, **dict.fromkeys(NAMES, FILE))),
    "recursive": body(URLENCODED, REC),
    "one_of": body(MULTIPART, {"oneOf": [REC, REF]}),
    "one_of_form": body(URLENCODED, {"oneOf": [REC, REF]}),
    "nullable": body(
        MULTIPART,
        form(
            f={"type": ["string", "null"], "format": "binary"},
            g={"anyOf": [FILE, TEXT]},
            h=NULLABLE_FILES,
            i={},
        ),
    ),
    "patterns": body(
        URLENCODED,
        {**form(a=TEXT), "patternProperties": {"^x-": {"type": "integer"}}},
    ),
    "typed_extra": body(URLENCODED, {**form(a=TEXT), "additionalProperties": {"type": "integer"}}),
    "shared": several(application_json=REC, multipart_form_data=REC),
    "no_schema": {"content": {"application/json": {}, MULTIPART: {}}},
    "no_form": {"content": {URLENCODED: {}}},
    "misspelt": {"content": {"json": {"schema": TEXT}}},
    "any_file": body("*/*", FILE),
    "any_lines": body("application/x-ndjson", {}),
    "sequence": body("application/json-seq", TEXT),
    "constant": body(URLENCODED, form(["k"], k={"const": "v"})),
    "dates": body(URLENCODED, form(w={"type": "string", "format": "date-time"})),
}


def odd_document() -> dict[str, Any]:
    """Names that clash with ours, and schemas that a form rarely has; in groups."""
    recursive = {"type": "object", "properties": {"n": TEXT, "child": REC}}
    paths: dict[str, Any] = {
        f"/{name}": {"post": operation(name, requestBody=given)} for name, given in ODD.items()
    }
    paths["/{extra}/{content_type}"] = {
        "post": operation(
            "taken",
            parameter("extra", "path", TEXT),
            parameter("content_type", "path", TEXT),
            requestBody=several(application_json=REC, text_plain=TEXT),
        )
    }
    paths["/{extra}"] = {
        "post": operation(
            "extra",
            parameter("extra", "path", TEXT),
            requestBody=body(URLENCODED, form(None, False, a=TEXT)),
        )
    }
    for index, item in enumerate(paths.values()):
        item["post"]["tags"] = ["even", "odd"][index % 2 :]
    return document(paths, components={"schemas": {"Line": LINE, "Rec": recursive}})
