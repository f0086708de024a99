"""Every scheme that a credential can be sent for makes a client."""

from __future__ import annotations

import re
from typing import Any

import pytest

from small_document import document
from support import generate_from

TOKEN = "https://id.example/token"
SCOPES = {"scopes": {"read": "Read"}}
FLOWS: dict[str, Any] = {
    "implicit": {"authorizationUrl": TOKEN, **SCOPES},
    "password": {"tokenUrl": TOKEN, **SCOPES},
    "clientCredentials": {"tokenUrl": TOKEN, "scopes": {}, "x-more": {"a": [1]}},
    "authorizationCode": {"authorizationUrl": TOKEN, "tokenUrl": TOKEN, **SCOPES},
}


def client(schemes: dict[str, Any], *security: dict[str, list[str]]) -> str:
    data: dict[str, Any] = document()
    data["components"]["securitySchemes"] = schemes
    data["paths"]["/e"]["post"]["security"] = list(security)
    return generate_from(data).files["client.py"]


@pytest.mark.parametrize("flows", [*([name] for name in FLOWS), list(FLOWS)])
def test_oauth2_in_every_flow_takes_a_token(flows: list[str]) -> None:
    scheme = {"type": "oauth2", "flows": {name: FLOWS[name] for name in flows}}
    assert re.search(r"\btoken: \(?\s*str\b", client({"O": scheme}, {"O": ["read"]}))


def test_alternatives_that_are_one_way_in_are_one() -> None:
    oauth2 = {"type": "oauth2", "flows": {"implicit": FLOWS["implicit"]}}
    schemes = {"O": oauth2, "I": {"type": "openIdConnect", "openIdConnectUrl": TOKEN}}
    twice = client(schemes, {"O": ["read"]}, {"O": []}, {"I": []})
    assert twice == client(schemes, {"O": []}, {"I": []})
