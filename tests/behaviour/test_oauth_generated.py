"""OAuth 2 in a generated package: which classes there are, and that its client takes them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.authserver import AuthServer
from support import generate_from, generate_package, load_module

PATHS: dict[str, dict[str, Any]] = {"/closed": {}, "/open": {"security": []}}


def document(**flows: dict[str, Any]) -> dict[str, Any]:
    scopes = {"scopes": {}, "authorizationUrl": "https://auth.example/authorize"}
    needed = {
        name: {**scopes, **flow} if "ode" in name or name == "implicit" else {"scopes": {}, **flow}
        for name, flow in flows.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Granted", "version": "1"},
        "servers": [{"url": "https://api.example/v1"}],
        "security": [{"oauth": []}],
        "paths": {
            path: {
                "get": {
                    "operationId": path[1:],
                    "responses": {"200": {"description": "Done."}},
                    **more,
                }
            }
            for path, more in PATHS.items()
        },
        "components": {"securitySchemes": {"oauth": {"type": "oauth2", "flows": needed}}},
    }


ALL = {
    "clientCredentials": {"tokenUrl": "cc/token"},
    "authorizationCode": {"tokenUrl": "code/token", "refreshUrl": "refresh/token"},
    "password": {"tokenUrl": "password/token"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_package(document(**ALL), tmp_path_factory.mktemp("oauth"))


@pytest.fixture(scope="module")
def generated(package: Path) -> ModuleType:
    return sys.modules[load_module(package, "client").__package__ or ""]


def test_a_generated_client_takes_grants(generated: Any) -> None:
    with AuthServer() as server:
        options = {"server": f"{server.url}/v1", "trust_env": False}
        grants = [
            generated.ClientCredentials(client_id="id", client_secret="secret", scopes=["a"]),
            generated.RefreshToken("refresh-0", client_id="id"),
            generated.PasswordCredentials("me", "secret"),
        ]
        for grant in (*grants, lambda: "token-3", "token-3"):
            with generated.Client(token=grant, **options) as client:
                assert client.closed().status == 200
                with pytest.raises(generated.Unauthorized):
                    client.open()
        with pytest.raises(generated.TokenError):
            generated.Client(token=generated.RefreshToken("x", client_id="i"), **options).closed()
    targets = [seen.target for seen in server.asked]
    assert targets[:3] == ["/v1/cc/token", "/v1/refresh/token", "/v1/password/token"]
    assert server.calls[:4] == ["token-1", "", "token-2", ""]


def test_a_client_that_records_asks_nobody(generated: Any) -> None:
    testing = importlib.import_module(f"{generated.__name__}.testing")
    grant = generated.ClientCredentials("id", "secret")
    client = testing.RecordingClient([testing.answer(401)], token=grant)
    with pytest.raises(generated.Unauthorized):
        client.closed()
    client.closed()
    sent = {request.headers["authorization"] for request in client.requests}
    assert sent == {"Bearer recorded"}


FLOWS = [
    ({"clientCredentials": {"tokenUrl": "https://a.example/token"}}, {"ClientCredentials"}),
    ({"authorizationCode": {"tokenUrl": "https://a.example/token"}}, {"RefreshToken"}),
    ({"password": {"tokenUrl": "/t"}}, {"PasswordCredentials", "RefreshToken"}),
    ({"implicit": {"refreshUrl": "https://a.example/r"}}, {"RefreshToken"}),
    ({"implicit": {}}, set()),
]


@pytest.mark.parametrize(("flows", "classes"), FLOWS)
def test_classes_are_there_for_the_flows_of_the_document(
    flows: dict[str, Any], classes: set[str]
) -> None:
    files = generate_from(document(**flows)).files
    public = files["__init__.py"]
    grants = {"ClientCredentials", "PasswordCredentials", "RefreshToken"}
    assert {name for name in grants if name in public} == classes
    assert ("_runtime/auth/oauth.py" in files) == bool(classes)
    assert ("_runtime/auth/tokens.py" in files) == bool(classes)


def test_other_documents_have_none_of_it() -> None:
    small = document(clientCredentials={"tokenUrl": "/t"})
    small["components"]["securitySchemes"]["oauth"] = {"type": "http", "scheme": "bearer"}
    assert not [name for name in generate_from(small).files if "oauth" in name or "tokens" in name]
