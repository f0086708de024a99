"""Faults that real documents have, each in one small document, and what is read instead."""

from __future__ import annotations

from typing import Any, NamedTuple

OPERATION = "/paths/~1things~1{id}/get"
THING = "/components/schemas/Thing"
SIZE = f"{THING}/properties/size"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Things", "version": "1"},
    "servers": [{"url": "https://{region}.example.com", "variables": {"region": {"default": "a"}}}],
    "tags": [{"name": "things"}],
    "paths": {
        "/things/{id}": {
            "get": {
                "operationId": "getThing",
                "tags": ["things"],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "page", "in": "query", "schema": {"type": "integer"}},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                    }
                },
                "responses": {
                    "200": {
                        "description": "A thing.",
                        "headers": {"X-Left": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        },
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "properties": {"size": {"type": "integer"}, "name": {"type": "string"}},
                "required": ["name"],
            }
        },
        "securitySchemes": {
            "o": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://example.com", "scopes": {}}},
            }
        },
    },
}
GONE = object()


class Case(NamedTuple):
    """At `at` the document has `value` (GONE: nothing); the note, and what `where` is then."""

    code: str
    at: str
    value: Any
    where: str
    becomes: Any
    version: str = "3.0.3"


NEW = "3.1.0"
CASES = [
    Case("N401", "/info/summary", "Things.", "/info/summary", GONE),
    Case("N401", f"{OPERATION}/consumes", ["a/b"], f"{OPERATION}/consumes", GONE),
    Case("N401", f"{OPERATION}/consumes", ["a/b"], f"{OPERATION}/consumes", GONE, NEW),
    Case("N401", f"{SIZE}/examples", [1], SIZE, {"type": "integer"}),
    Case("N401", f"{SIZE}/const", 1, SIZE, {"type": "integer", "enum": [1]}),
    Case("N401", f"{SIZE}/$recursiveAnchor", True, SIZE, {"type": "integer"}, NEW),
    Case("N402", "/info/description", None, "/info/description", GONE),
    Case("N402", "/servers", None, "/servers", GONE),
    Case("N402", f"{THING}/required", None, f"{THING}/required", GONE),
    Case("N402", SIZE, None, SIZE, {}),
    Case(
        "N402",
        f"{OPERATION}/responses/404",
        None,
        f"{OPERATION}/responses/404",
        {"description": ""},
    ),
    Case("N402", f"{OPERATION}/parameters/1", None, f"{OPERATION}/parameters/1", GONE),
    Case("N403", f"{SIZE}/minimum", "5", f"{SIZE}/minimum", 5),
    Case("N403", f"{SIZE}/nullable", "true", f"{SIZE}/nullable", True),
    Case("N403", f"{THING}/additionalProperties", "false", f"{THING}/additionalProperties", False),
    Case("N404", "/info/version", 1.5, "/info/version", "1.5"),
    Case("N404", "/info/description", 7, "/info/description", "7", NEW),
    Case(
        "N404",
        "/servers/0/variables/region/default",
        443,
        "/servers/0/variables/region/default",
        "443",
    ),
    Case("N405", "/info/version", GONE, "/info/version", "0"),
    Case("N405", "/info", GONE, "/info", {"title": "Untitled", "version": "0"}),
    Case("N405", "/paths", GONE, "/paths", {}),
    Case("N406", "/tags", [{"name": "a"}, {"name": "a"}], "/tags", [{"name": "a"}]),
    Case("N406", f"{THING}/required", ["name", "name"], f"{THING}/required", ["name"], NEW),
    Case(
        "N407",
        "/components/schemas/A<B>",
        {"type": "string"},
        "/components/schemas/A_B",
        {"type": "string"},
        NEW,
    ),
    Case(
        "N408",
        f"{OPERATION}/parameters/1",
        {"name": "page", "in": "query", "schema": {}, "example": 1, "examples": {}},
        f"{OPERATION}/parameters/1/example",
        GONE,
    ),
    Case("N409", f"{OPERATION}/externalDocs", {}, f"{OPERATION}/externalDocs", GONE),
    Case("N409", "/info/license", {"url": "https://example.com"}, "/info/license", GONE),
    Case("N409", "/info/contact", [], "/info/contact", GONE),
    Case("N409", "/tags", [{}, {"name": "a"}], "/tags", [{"name": "a"}]),
    Case("N409", f"{THING}/description", {"en": "A thing."}, f"{THING}/description", GONE),
    Case("N409", f"{SIZE}/examples", {"one": 1}, f"{SIZE}/examples", GONE, NEW),
    Case(
        "N409",
        "/components/examples",
        {"a": {"$ref": "#/components/examples/b"}},
        "/components/examples",
        {},
    ),
    Case(
        "N411",
        f"{OPERATION}/parameters",
        GONE,
        f"{OPERATION}/parameters/0",
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
    ),
    Case(
        "N412",
        f"{OPERATION}/parameters/1",
        {"name": "no", "in": "path", "required": True, "schema": {}},
        f"{OPERATION}/parameters/1",
        GONE,
    ),
    Case(
        "N413",
        f"{OPERATION}/parameters/1",
        {"name": "id", "in": "path", "required": True, "schema": {}},
        f"{OPERATION}/parameters/1",
        GONE,
    ),
    Case(
        "N414",
        f"{OPERATION}/parameters/0/required",
        GONE,
        f"{OPERATION}/parameters/0/required",
        True,
    ),
    Case(
        "N414",
        f"{OPERATION}/parameters/0/required",
        False,
        f"{OPERATION}/parameters/0/required",
        True,
        NEW,
    ),
    Case(
        "N415",
        f"{OPERATION}/parameters/1/schema",
        GONE,
        f"{OPERATION}/parameters/1/schema",
        {"type": "string"},
    ),
    Case(
        "N415",
        f"{OPERATION}/parameters/1",
        {"name": "p", "in": "query", "type": "integer", "format": "int32"},
        f"{OPERATION}/parameters/1",
        {"name": "p", "in": "query", "schema": {"type": "integer", "format": "int32"}},
    ),
    Case(
        "N415",
        f"{OPERATION}/parameters/1/content",
        {"text/plain": {}},
        f"{OPERATION}/parameters/1/content",
        GONE,
        NEW,
    ),
    Case(
        "N415",
        f"{OPERATION}/responses/200/headers/X-Left",
        {"description": "Left."},
        f"{OPERATION}/responses/200/headers/X-Left/schema",
        {"type": "string"},
    ),
    Case("N421", f"{SIZE}/type", "int", f"{SIZE}/type", "integer"),
    Case("N421", f"{SIZE}/type", "String", f"{SIZE}/type", "string", NEW),
    Case("N421", f"{SIZE}/type", "file", SIZE, {"type": "string", "format": "binary"}),
    Case("N421", f"{SIZE}/type", "any", SIZE, {}),
    Case("N421", f"{SIZE}/type", ["integer", "null"], SIZE, {"type": "integer", "nullable": True}),
    Case(
        "N421",
        f"{SIZE}/type",
        ["integer", "string"],
        SIZE,
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    ),
    Case("N421", f"{SIZE}/type", "null", SIZE, {"enum": [None], "nullable": True}),
    Case("N421", f"{SIZE}/type", ["integer", None], f"{SIZE}/type", ["integer", "null"], NEW),
    Case(
        "N422",
        f"{SIZE}/exclusiveMinimum",
        3,
        SIZE,
        {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
    ),
    Case(
        "N422", SIZE, {"maximum": 3, "exclusiveMaximum": True}, SIZE, {"exclusiveMaximum": 3}, NEW
    ),
    Case("N422", SIZE, {"maximum": 3, "exclusiveMaximum": False}, SIZE, {"maximum": 3}, NEW),
    Case("N422", SIZE, {"minimum": 5, "exclusiveMinimum": 3}, SIZE, {"minimum": 5}),
    Case("N423", f"{SIZE}/required", True, THING + "/required", ["name", "size"]),
    Case("N423", f"{SIZE}/required", False, THING + "/required", ["name"], NEW),
    Case("N423", f"{THING}/required", "size", f"{THING}/required", ["size"]),
    Case(
        "N423",
        f"{OPERATION}/parameters/1/schema/required",
        True,
        f"{OPERATION}/parameters/1/schema/required",
        GONE,
    ),
    Case("N424", f"{THING}/required", [], f"{THING}/required", GONE),
    Case("N424", f"{SIZE}/oneOf", [], f"{SIZE}/oneOf", GONE, NEW),
    Case("N424", f"{SIZE}/enum", [], f"{SIZE}/enum", GONE),
    Case(
        "N425", f"{THING}/discriminator", "name", f"{THING}/discriminator", {"propertyName": "name"}
    ),
    Case("N425", f"{THING}/discriminator", {"mapping": {}}, f"{THING}/discriminator", GONE, NEW),
    Case(
        "N426",
        SIZE,
        {"type": "array", "items": [{"type": "string"}]},
        f"{SIZE}/items",
        {"type": "string"},
    ),
    Case(
        "N426",
        SIZE,
        {"type": "array", "items": [{}, {"type": "string"}]},
        f"{SIZE}/prefixItems",
        [{}, {"type": "string"}],
        NEW,
    ),
    Case("N426", SIZE, {"type": "array", "items": [{}, {"type": "string"}]}, f"{SIZE}/items", {}),
    Case(
        "N431",
        f"{OPERATION}/responses/4xx",
        {"description": ""},
        f"{OPERATION}/responses/4XX",
        {"description": ""},
    ),
    Case(
        "N431",
        f"{OPERATION}/responses/Default",
        {"description": ""},
        f"{OPERATION}/responses/default",
        {"description": ""},
        NEW,
    ),
    Case(
        "N431",
        f"{OPERATION}/responses/failure",
        {"description": ""},
        f"{OPERATION}/responses/failure",
        GONE,
    ),
    Case(
        "N432",
        f"{OPERATION}/responses",
        {},
        f"{OPERATION}/responses",
        {"default": {"description": ""}},
    ),
    Case(
        "N432",
        f"{OPERATION}/responses",
        GONE,
        f"{OPERATION}/responses",
        {"default": {"description": ""}},
    ),
    Case(
        "N432",
        f"{OPERATION}/responses",
        {},
        f"{OPERATION}/responses",
        {"default": {"description": ""}},
        NEW,
    ),
    Case(
        "N433",
        f"{OPERATION}/responses/200/description",
        GONE,
        f"{OPERATION}/responses/200/description",
        "",
    ),
    Case(
        "N433",
        f"{OPERATION}/responses/200/description",
        GONE,
        f"{OPERATION}/responses/200/description",
        "",
        NEW,
    ),
    Case("N434", "/paths/more", {}, "/paths/~1more", {}),
    Case("N434", "/paths/more", {}, "/paths/~1more", {}, NEW),
    Case("N435", "/servers/0/url", GONE, "/servers", []),
    Case(
        "N435",
        "/servers/0/variables/region",
        {"enum": ["b", "c"]},
        "/servers/0/variables/region/default",
        "b",
    ),
    Case(
        "N436",
        "/components/securitySchemes/o/flows/clientCredentials/scopes",
        GONE,
        "/components/securitySchemes/o/flows/clientCredentials/scopes",
        {},
    ),
    Case(
        "N436",
        "/components/securitySchemes/o/flows/clientCredentials/tokenUrl",
        GONE,
        "/components/securitySchemes/o/flows",
        {},
        NEW,
    ),
    Case(
        "N436",
        "/components/securitySchemes/o/flows",
        GONE,
        "/components/securitySchemes/o/flows",
        {},
    ),
    Case("N437", f"{OPERATION}/requestBody/content", GONE, f"{OPERATION}/requestBody", GONE),
    Case(
        "N438",
        f"{OPERATION}/responses/200",
        {"$ref": f"#{THING}"},
        f"{OPERATION}/responses/200",
        {"description": "", "content": {"application/json": {"schema": {"$ref": f"#{THING}"}}}},
    ),
    Case(
        "N438",
        f"{OPERATION}/requestBody",
        {"$ref": f"#{THING}"},
        f"{OPERATION}/requestBody/content/application~1json/schema",
        {"$ref": f"#{THING}"},
    ),
]
