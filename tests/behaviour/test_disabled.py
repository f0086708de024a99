"""Clients that send nothing, and clients with credentials from the environment."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.clients import BODY, CALLS, async_client, sync_client
from behaviour.faultserver import FaultServer, reply
from behaviour.runtime import NAME, load
from behaviour.scenarios import KEY, TRACK
from customerio_events import AsyncClient, Client, UserSuppressed
from customerio_events.testing import RecordingClient
from support import event, event_document, generate_package, load_module

ApiKey = load("_runtime.http.security").ApiKey
SUPPRESSED = UserSuppressed(user_id="42")
VARIABLE = "CUSTOMERIO_EVENTS_API_KEY"


@pytest.mark.parametrize("way", CALLS)
def test_nothing_is_sent_and_no_hook_called(way: str, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Any] = []
    hooks = dict.fromkeys(("on_request", "on_response", "on_retry"), heard.append)
    caplog.set_level(logging.DEBUG)
    with FaultServer(reply(400)) as server:
        answered = CALLS[way](server.url, disabled=True, **hooks)
        assert server.seen == []
    assert (answered.status, answered.json, answered.problem) == (200, {}, "")
    assert heard == []
    (line,) = [each for each in caplog.records if each.name == NAME]
    assert "not sent, as the client is disabled" in line.getMessage()
    assert vars(line)["operation"] == "track"


def test_the_success_that_the_document_has() -> None:
    endpoint = load("_runtime.calls.requests").Endpoint
    for statuses, status in ((("400", "201", "202"), 201), (("204",), 204), (("2XX",), 200)):
        one = endpoint(name="x", method="POST", path="/x", statuses=statuses)
        with sync_client("https://example.com", disabled=True) as client:
            answered = client._call(one, body=BODY)
        assert (answered.status, answered.problem) == (status, "")


def test_everything_is_checked_all_the_same() -> None:
    with sync_client("https://example.com", disabled=True) as client:
        for given, error in (
            ({"headers": {"Host": "a"}}, ValueError),
            ({"headers": {"X-A": "b\n"}}, ValueError),
            ({"timeout": -1}, ValueError),
            ({"target": "/\u20ac"}, ValueError),
        ):
            with pytest.raises(error):
                client._call(TRACK, body=BODY, **given)
    with pytest.raises(RuntimeError, match="closed"):
        client._call(TRACK, body=BODY)
    with pytest.raises(ValueError, match="is empty"):
        Client(api_key=" ", disabled=True)
    with Client(api_key="k", disabled=True) as flagship:
        with pytest.raises(TypeError, match="got dict"):
            flagship.track({"event": "x"})  # type: ignore[arg-type]
        assert flagship.track(SUPPRESSED).data == {}


def test_no_credential_is_asked_for() -> None:
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return "k"

    key = ApiKey("header", "X-Key", ask)

    async def main() -> None:
        async with async_client("https://example.com", credentials=[key], disabled=True) as client:
            assert (await client._call(TRACK, body=BODY)).status == 200

    asyncio.run(main())
    with sync_client("https://example.com", credentials=[key], disabled=True) as client:
        client._call(TRACK, body=BODY)
    assert asked == []


def test_credentials_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "from-environment-0123")
    with FaultServer(reply()) as server:
        with Client.from_env(server=server.url, strict_mode=True, trust_env=False) as client:
            client.track(SUPPRESSED)

        async def main() -> None:
            async with AsyncClient.from_env(server=server.url, trust_env=False) as client:
                await client.track(SUPPRESSED)

        asyncio.run(main())
        with Client.from_env(api_key="mine-0123", server=server.url, trust_env=False) as client:
            client.track(SUPPRESSED)
        basic = load("_runtime.http.security").basic
        keys = ["from-environment-0123", "from-environment-0123", "mine-0123"]
        assert [each.headers["authorization"] for each in server.seen] == [*map(basic, keys)]
    assert type(RecordingClient.from_env()) is RecordingClient


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_one_that_is_missing(monkeypatch: pytest.MonkeyPatch, kind: Any, value: str | None) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(ValueError, match=f"^not in the environment: {VARIABLE}$"):
        kind.from_env()
    with Client.from_env(disabled=True) as client:
        assert client.track(SUPPRESSED).status == 200


def test_none_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"{KEY}\nwith a line break")
    with pytest.raises(ValueError, match="line break") as caught:
        Client.from_env()
    shown = "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )
    assert KEY not in shown.partition("test_none_is_ever_shown")[0] + str(caught.value)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert all(KEY not in repr(frame.f_locals) for frame in frames[1:])


def test_nothing_is_taken_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "from-environment-0123")
    with pytest.raises(TypeError, match="api_key"):
        Client()  # type: ignore[call-arg]


SCHEMES: dict[str, Any] = {
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "oauth": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://a.example/token", "scopes": {}}},
    },
}


def _package(folder: Path, *schemes: str, alone: bool = True) -> ModuleType:
    data = event_document(event("A"))
    data["servers"] = [{"url": "https://a.example"}]
    data["components"]["securitySchemes"] = {each: SCHEMES[each] for each in schemes}
    asked: list[dict[str, list[str]]] = [{each: [] for each in schemes}]
    data["security"] = asked if alone else [{each: []} for each in schemes]
    made = generate_package(data, folder)
    load_module(made, "testing")
    return sys.modules[made.name]


def test_all_kinds_of_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, "basic")
    lead = package.__name__.upper()
    with pytest.raises(ValueError, match=f"{lead}_USERNAME and {lead}_PASSWORD"):
        package.Client.from_env()
    monkeypatch.setenv(f"{lead}_USERNAME", "me")
    monkeypatch.setenv(f"{lead}_PASSWORD", "")
    assert package.Client.from_env()._requests.secrets
    package = _package(tmp_path, "bearer", "key")
    lead = package.__name__.upper()
    with pytest.raises(ValueError, match=f"{lead}_TOKEN and {lead}_API_KEY"):
        package.Client.from_env()
    monkeypatch.setenv(f"{lead}_TOKEN", "t")
    with pytest.raises(ValueError, match=f": {lead}_API_KEY$"):
        package.Client.from_env()
    assert package.Client.from_env(api_key="k")


def test_those_of_oauth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, "oauth")
    lead = package.__name__.upper()
    said = f": {lead}_TOKEN, or {lead}_CLIENT_ID and {lead}_CLIENT_SECRET$"
    with pytest.raises(ValueError, match=said):
        package.Client.from_env()
    monkeypatch.setenv(f"{lead}_CLIENT_ID", "id")
    with pytest.raises(ValueError, match=said):
        package.Client.from_env()
    monkeypatch.setenv(f"{lead}_CLIENT_SECRET", "s3cret")
    token = FaultServer(reply(200, {"access_token": "granted", "token_type": "bearer"}), reply())
    with token as server:
        grant = package.Client.from_env(server=server.url, trust_env=False)
        assert grant._credentials is not None
    monkeypatch.setenv(f"{lead}_TOKEN", "t")
    assert package.Client.from_env()._credentials is None


def test_alternatives_are_there_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, "bearer", "key", alone=False)
    monkeypatch.setenv(f"{package.__name__.upper()}_API_KEY", "k")
    with FaultServer(reply()) as server:
        with package.Client.from_env(server=server.url, trust_env=False) as client:
            client.send(package.A())
        assert server.seen[0].headers["x-key"] == "k"
        assert "authorization" not in server.seen[0].headers


def test_an_answer_of_a_disabled_client_is_one() -> None:
    code = (
        "from customerio_events import Client, UserSuppressed\n"
        "with Client.from_env(disabled=True) as client:\n"
        "    print(client.track(UserSuppressed(user_id='42')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "generated")},
    )
    assert done.stdout == "<Answer 200, 2 bytes>\n"
