"""Switches of a client, and of a call: True or False, as any text would count as yes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import FaultServer
from customerio_events import AsyncClient, Client, UserSuppressed
from customerio_events.outbox import Outbox
from customerio_events.testing import RecordingClient
from support import event, event_document, generate_package, load_module

EVENT = UserSuppressed(user_id="42")
WRONG: list[Any] = ["yes", "no", "", 1, 0, None, [True]]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("name", ["strict_mode", "disabled", "trust_env"])
def test_one_of_a_client(name: str, value: Any) -> None:
    given: dict[str, Any] = {"api_key": "s", name: value}
    for made in (Client, AsyncClient):
        with pytest.raises(TypeError, match=f"{name} must be True or False, not "):
            made(**given)


@pytest.mark.parametrize("value", [value for value in WRONG if value is not None])
def test_one_of_a_call(tmp_path: Path, value: Any) -> None:
    words = "strict_mode must be True or False, not "
    client = RecordingClient()
    with pytest.raises(TypeError, match=words):
        client.track(EVENT, strict_mode=value)
    assert client.events == []
    with pytest.raises(TypeError, match=words):
        asyncio.run(AsyncClient(api_key="s").track(EVENT, strict_mode=value))
    with Outbox(tmp_path / "e.db", client=Client(api_key="s"), concurrency=0) as box:
        with pytest.raises(TypeError, match=words):
            box.put(EVENT, strict_mode=value)
        assert box.stats().pending == 0


def test_none_is_as_the_client_has_it() -> None:
    with FaultServer() as server:
        with Client(api_key="s", server=server.url, strict_mode=True, trust_env=False) as client:
            client.track(EVENT, strict_mode=None)
            client.track(EVENT, strict_mode=False)
            client.track(EVENT)
        found = [seen.headers.get("x-strict-mode") for seen in server.seen]
    assert found == ["1", None, "1"]


@pytest.mark.parametrize("tags", [["one"], []])
def test_one_of_a_method_in_a_group(tmp_path: Path, tags: list[str]) -> None:
    document = event_document(event("A"))
    post = document["paths"]["/events"]["post"]
    on = {"name": "X-Fast", "in": "header", "schema": {"type": "string", "enum": ["1"]}}
    post.update(tags=tags, parameters=[on])
    other = {"operationId": "other", "tags": ["two"], "responses": {"200": {"description": ""}}}
    document["paths"]["/other"] = {"get": other}
    document["servers"] = [{"url": "https://a.example"}]
    made = generate_package(document, tmp_path)
    package: Any = load_module(made, "client")
    events: Any = sys.modules[f"{package.__package__}.events"]
    wrong: Any = "no"
    client = package.Client(disabled=True)
    send = client.one.send if tags else client.send
    parameter = next(name for name in send.__kwdefaults__ if "fast" in name)
    send(events.A(), **{parameter: True})
    with pytest.raises(TypeError, match=f"{parameter} must be True or False, not str"):
        send(events.A(), **{parameter: wrong})
