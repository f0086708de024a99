"""What cannot be sent is not generated: a diagnostic says why."""

from __future__ import annotations

from typing import Any

import pytest

from behaviour.stress import SCHEMES, STRINGS, document, operation, parameter, small
from eventwright.diagnostics.diagnostic import UserError
from support import generate_from

NESTED = {"type": "array", "items": STRINGS}
TEXT = {"name": "n", "in": "query", "content": {"text/csv": {"schema": {"type": "string"}}}}
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "nested list": (small(parameter("n", "query", NESTED)), {}, "E312"),
    "deep list": (small(parameter("n", "query", STRINGS, style="deepObject")), {}, "E312"),
    "exploded cookie": (small(parameter("n", "cookie", STRINGS)), {}, "E312"),
    "content that is not JSON": (small(TEXT), {}, "E312"),
    "header of the client's": (small(parameter("Host", "header", {})), {}, "E312"),
    "digest": (
        small(
            security=[{"d": []}],
            components={"securitySchemes": {"d": {"type": "http", "scheme": "digest"}}},
        ),
        {},
        "E313",
    ),
    "two in one header": (
        small(security=[{"basic": [], "bearer": []}], components={"securitySchemes": SCHEMES}),
        {},
        "E313",
    ),
    "relative server": (
        document({"/a": {"get": operation("a", servers=[{"url": "/v2"}])}}),
        {},
        "E314",
    ),
    "servers in case only": (
        small(servers=[{"url": "https://a.example"}, {"url": "https://b.example"}]),
        {"servers": {"us": "https://a.example", "US": "https://b.example"}},
        "E311",
    ),
    "servers alike": (
        small(servers=[{"url": "https://a.example/b"}, {"url": "https://a.example/B"}]),
        {},
        "E311",
    ),
    "argument": (
        small(security=[{"basic": []}], components={"securitySchemes": SCHEMES}),
        {"auth": {"basic": {"username": "server"}}},
        "E302",
    ),
    "method": (small(), {"operations": {"a": {"name": "events"}}}, "E302"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_sent_is_not_generated(name: str) -> None:
    data, config, code = REFUSED[name]
    with pytest.raises(UserError) as caught:
        generate_from(data, **config)
    assert [found.code for found in caught.value.diagnostics] == [code]
