"""No credential is stored, of whatever kind it is and whichever way it is given."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from delivery.receiver import Receiver, Reply
from support import event, event_document, generate_from, load_module, write_package

_numbers = itertools.count()
SECRET = "sesame-0123456789"
SCHEMES: dict[str, Any] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Site"},
    "query": {"type": "apiKey", "in": "query", "name": "site"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "site"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "oauth": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://x.example/token", "scopes": {}}},
    },
}
GIVEN: dict[str, dict[str, str]] = {
    "header": {"api_key": SECRET},
    "query": {"api_key": SECRET},
    "cookie": {"api_key": SECRET},
    "basic": {"username": "user", "password": SECRET},
    "bearer": {"token": SECRET},
    "oauth": {"token": SECRET},
}


def document(*schemes: str, parameters: list[dict[str, Any]] | None = None) -> Any:
    made: Any = copy.deepcopy(event_document({"oneOf": [event("A"), event("B")]}))
    made["components"]["securitySchemes"] = {name: SCHEMES[name] for name in schemes}
    operation = made["paths"]["/events"]["post"]
    operation["security"] = [{name: []} for name in schemes]
    operation["parameters"] = parameters or []
    return made


def package(tmp_path: Path, described: Any) -> Any:
    folder = tmp_path / f"credentials_{next(_numbers)}"
    write_package(generate_from(described, features=["outbox"]).files, folder)
    load_module(folder)
    return SimpleNamespace(
        Client=import_module(f"{folder.name}.client").Client,
        Outbox=import_module(f"{folder.name}.outbox").Outbox,
        A=import_module(f"{folder.name}.events").A,
    )


def stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("e.db*"))


# Basic is two arguments, for which no function can stand.
WAYS = [*itertools.product(SCHEMES, [False]), *itertools.product({*SCHEMES} - {"basic"}, [True])]


@pytest.mark.parametrize(("scheme", "asked"), sorted(WAYS))
def test_what_the_client_has_is_not_stored(tmp_path: Path, scheme: str, asked: bool) -> None:
    made = package(tmp_path, document(scheme))
    given: dict[str, Any] = dict(GIVEN[scheme])
    if asked:
        given = {name: (lambda value=value: value) for name, value in given.items()}
    with Receiver(lambda number, event: Reply(400)) as receiver:
        extra = {"X-Internal-Token": SECRET}
        client = made.Client(server=receiver.url, headers=extra, **given)
        with made.Outbox(tmp_path / "e.db", client=client) as box:
            assert box.put(made.A()).wait(10).status == 400
            assert SECRET.encode() not in stored(tmp_path)
        (head,) = receiver.arrived.headers
    assert "X-Internal-Token" in head


HEADERS = [
    "Authorization",
    "Cookie",
    "Proxy-Authorization",
    "X-Auth-Token",
    "x-token",
    "X-Secret",
    "X-Client-Secret",
    "X-Password",
    "X-API-Key",
    "ApiKey",
    "X-ApiKey",
    "Api-Key",
    "X-Amz-Security-Token",
    "Ocp-Apim-Subscription-Key",
    "X-Access-Key",
    "X-Auth",
    "X-Site",
]


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("batch", [False, True])
def test_a_header_of_a_call_that_holds_one_is_named(tmp_path: Path, name: str, batch: bool) -> None:
    """`X-Site` is one by the document alone, and the client was given another credential."""
    made = package(tmp_path, document("bearer", "header"))
    client = made.Client(server="http://127.0.0.1:9", token="t" * 8)
    with made.Outbox(tmp_path / "e.db", client=client, concurrency=0) as box:
        with pytest.raises(ValueError, match=rf"^the header {name} is one for a credential") as ra:
            box.put(made.A(), headers={"X-Trace": "1", name: SECRET})
        assert "give it to the client" in str(ra.value)
        assert SECRET not in str(ra.value)
        assert box.stats().pending == 0
    assert SECRET.encode() not in stored(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["X-Trace", "traceparent", "Idempotency-Key", "X-Idempotency-Token", "X-Author", "X-Monkey"],
)
def test_other_headers_are_stored(tmp_path: Path, name: str) -> None:
    made = package(tmp_path, document("bearer"))
    client = made.Client(server="http://127.0.0.1:9", token="t" * 8)
    with made.Outbox(tmp_path / "e.db", client=client, concurrency=0) as box:
        box.put(made.A(), headers={name: SECRET})
    assert SECRET.encode() in stored(tmp_path)


def parameter(name: str, where: str) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": {"type": "string"}}


@pytest.mark.parametrize(
    ("name", "where", "refused"),
    [
        ("X-Api-Key", "header", True),
        ("X-Auth-Token", "header", True),
        ("api_key", "query", True),
        ("access_token", "query", True),
        ("apiKey", "query", True),
        ("X-Device-Token", "header", False),
        ("device_token", "query", False),
        ("author", "query", False),
        ("key", "query", False),
    ],
)
def test_a_credential_that_is_declared_as_a_parameter(
    tmp_path: Path, name: str, where: str, refused: bool
) -> None:
    made = package(tmp_path, document(parameters=[parameter(name, where)]))
    words = {"apiKey": "api_key"}.get(name, name.lower().replace("-", "_"))
    argument = {"x_api_key": "api_key_", "api_key": "api_key_"}.get(words, words.removeprefix("x_"))
    client = made.Client(server="http://127.0.0.1:9")
    put: Callable[..., Any]
    with made.Outbox(tmp_path / "e.db", client=client, concurrency=0) as box:
        put = lambda: box.put(made.A(), **{argument: SECRET})  # noqa: E731
        if refused:
            with pytest.raises(ValueError, match=f"^{name} of send is a parameter for a cred"):
                put()
        else:
            put()
    assert (SECRET.encode() in stored(tmp_path)) is not refused


@pytest.mark.parametrize("url", [f"http://user:{SECRET}@127.0.0.1:9", f"http://x/?key={SECRET}"])
def test_a_credential_in_the_url_of_the_server(tmp_path: Path, url: str) -> None:
    made = package(tmp_path, document("bearer"))
    with pytest.raises(ValueError, match="the server's URL must") as caught:
        made.Client(server=url, token="t" * 8)
    assert SECRET not in str(caught.value)
