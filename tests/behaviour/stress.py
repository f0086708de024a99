"""A document that asks for everything an operation can ask for, and the parts to build others."""

from __future__ import annotations

from typing import Any

KEYS = {
    "username": "u",
    "password": "p",
    "token": "tok",
    "head": "in-header",
    "query": "in-query",
    "jar": "in-cookie",
}
STRINGS = {"type": "array", "items": {"type": "string"}}
POINT = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "y": {"type": "string"}},
    "additionalProperties": False,
}


def parameter(name: str, place: str, schema: Any, **rest: Any) -> dict[str, Any]:
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "schema": schema, **required, **rest}


def operation(name: str, *parameters: Any, **rest: Any) -> dict[str, Any]:
    given = {"parameters": list(parameters)} if parameters else {}
    return {"operationId": name, "responses": {"204": {"description": ""}}, **given, **rest}


def document(paths: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Stress", "version": "1"},
        "servers": [{"url": "https://one.example"}],
        "paths": paths,
        **rest,
    }


def small(*parameters: Any, **rest: Any) -> dict[str, Any]:
    return document({"/a": {"get": operation("a", *parameters)}}, **rest)


def event_body(literal: str) -> dict[str, Any]:
    schema = {"type": "object", "required": ["event"], "properties": {"event": {"const": literal}}}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def switch(name: str) -> dict[str, Any]:
    return parameter(name, "header", {"type": "string", "enum": ["1"]})


STYLED = [
    parameter("list", "query", STRINGS),
    parameter("flat", "query", STRINGS, explode=False),
    parameter("spaced", "query", STRINGS, style="spaceDelimited", explode=False),
    parameter("piped", "query", STRINGS, style="pipeDelimited", explode=False),
    parameter("deep", "query", POINT, style="deepObject", explode=True),
    parameter("open", "query", POINT),
    parameter("shut", "query", POINT, explode=False),
    parameter("since", "query", {"type": "string", "format": "date-time"}),
    parameter("day", "query", {"type": "string", "format": "date"}),
    parameter("on", "query", {"type": "boolean"}),
    parameter("ratio", "query", {"type": "number", "minimum": 0}),
    parameter("mode", "query", {"enum": ["a", "b"]}),
    parameter("raw", "query", {"type": "string"}, allowReserved=True),
    {"name": "filter", "in": "query", "content": {"application/json": {"schema": POINT}}},
    parameter("X-List", "header", STRINGS),
    parameter("X-Point", "header", POINT, explode=True),
    parameter("ck", "cookie", {"type": "string"}),
    parameter("limit", "cookie", {"type": "integer"}),
    parameter("any", "query", {}),
]
SECURE: dict[str, list[dict[str, list[str]]]] = {
    "Basic": [{"basic": []}],
    "Bearer": [{"bearer": []}],
    "Head": [{"head": []}],
    "Query": [{"query": []}],
    "Jar": [{"jar": []}],
    "Two": [{"jar": [], "bearer": []}],
    "Either": [{"basic": []}, {"head": []}],
    "Perhaps": [{}, {"head": []}],
    "Free": [],
}
SCHEMES = {
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "head": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "jar": {"type": "apiKey", "in": "cookie", "name": "sid"},
}


def stress() -> dict[str, Any]:
    """Names that clash with everything, every style, five schemes, several servers."""
    paths: dict[str, Any] = {
        "/styled/{id}/{ids}/{label}/{matrix}": {
            "get": operation(
                "styled",
                parameter("id", "path", {"type": "string"}),
                parameter("ids", "path", STRINGS),
                parameter("label", "path", STRINGS, style="label"),
                parameter("matrix", "path", POINT, style="matrix", explode=True),
                *STYLED,
            )
        },
        "/track": {
            "post": operation(
                "track",
                *[switch(f"X-{name}") for name in ("Call", "Closed", "Trust-Env", "Ssl-Context")],
                *[parameter(name, "query", {"type": "string"}) for name in ("api", "headers")],
                *[parameter(name, "query", {"type": "string"}) for name in ("sent", "timeout")],
                requestBody=event_body("Thing Done"),
            )
        },
        "/tags": {
            "post": operation(
                "track_bodies",
                requestBody={"content": {"application/json": {"schema": STRINGS}}},
            )
        },
        "/parameters": {"get": operation("track_parameters")},
        "/events": {"get": operation("events")},
        "/requests": {"get": operation("requests")},
        "/own": {
            "post": operation(
                "own",
                parameter("point", "query", {"$ref": "#/components/schemas/point"}),
                servers=[{"url": "https://uploads.example"}],
                requestBody={
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/point"}}
                    }
                },
            )
        },
    }
    for name, security in SECURE.items():
        paths[f"/{name.lower()}"] = {"get": operation(f"get{name}", security=security)}
    return document(
        paths,
        servers=[
            {"url": "https://one.example/v1"},
            {"url": "https://one.example/v2"},
            {"url": "https://two.example"},
        ],
        components={"securitySchemes": SCHEMES, "schemas": {"point": POINT}},
    )
