"""Keys that clients fill in where an event lacks them: made once for each event, never twice."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from behaviour.faultserver import FaultServer, reply
from eventwright.diagnostics.diagnostic import ConfigError, DocumentError
from support import event, event_document, generate_from, generate_package, load_module

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
BOTH = {"messageId": "uuid", "timestamp": "now"}
FIXED = {"messageId": "m-1", "timestamp": datetime(2026, 11, 24, 9, 30, tzinfo=UTC)}


def _document(*bodies: Any) -> dict[str, Any]:
    """Events of several kinds, alone, in a list, in an object and line by line."""
    schemas = {
        "Opened": event("Opened", {"timestamp": MOMENT, "n": {"type": ["string", "null"]}}),
        "Closed": event("Closed", {"messageId": {"type": "string", "default": "d"}}),
        "Dated": event("Dated", {"timestamp": MOMENT}, required=["timestamp"]),
    }
    arms = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    any_event = {"oneOf": arms}
    data = event_document(any_event, components=schemas)
    data["servers"] = [{"url": "https://a.example"}]
    batch = {"type": "object", "properties": {"batch": {"type": "array", "items": any_event}}}
    several = {"type": "array", "items": any_event}
    for path, media_type, schema in (
        ("list", "application/json", several),
        ("object", "application/json", {**batch, "required": ["batch"]}),
        ("lines", "application/x-ndjson", several),
    ):
        body = {"required": True, "content": {media_type: {"schema": schema}}}
        responses = {"200": {"description": "x"}}
        post = {"operationId": f"send_{path}", "requestBody": body, "responses": responses}
        data["paths"][f"/{path}"] = {"post": post}
    return data


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    folder = tmp_path_factory.mktemp("filling")
    made = generate_package(_document(), folder, fill=BOTH)
    load_module(made, "testing")
    return sys.modules[made.name]


def _sent(client: Any) -> list[Any]:
    return [json.loads(each.body) for each in client.requests]


def test_what_an_event_lacks(package: ModuleType) -> None:
    before = datetime.now(UTC)
    with package.testing.RecordingClient() as client:
        event = package.Opened()
        client.send(event)
        client.send(event)
        assert event == package.Opened(), "the builder stays as it is"
    one, two = _sent(client)
    assert list(one) == ["event", "messageId", "timestamp"]
    assert UUID.fullmatch(one["messageId"])
    assert one["messageId"] != two["messageId"]
    moment = datetime.fromisoformat(one["timestamp"].replace("Z", "+00:00"))
    assert before <= moment <= datetime.now(UTC)
    assert client.events[0].extra == {"messageId": one["messageId"]}
    assert client.events[0].timestamp == moment


def test_what_an_event_has_stays(package: ModuleType) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    events = [
        package.Opened(timestamp=moment, extra={"messageId": "mine"}),
        package.Dated(timestamp=moment, extra={"messageId": None}),
        package.Closed(),
        package.Closed.from_dict({"event": "Closed", "timestamp": 1}),
    ]
    with package.testing.RecordingClient() as client:
        for each in events:
            client.send(each)
    opened, dated, closed, read = _sent(client)
    assert opened == {"event": "Opened", "timestamp": "2020-01-01T00:00:00Z", "messageId": "mine"}
    assert dated == {"event": "Dated", "timestamp": "2020-01-01T00:00:00Z", "messageId": None}
    assert closed["messageId"] == "d", "a default of the document is a value"
    assert (UUID.fullmatch(read["messageId"]) is not None, read["timestamp"]) == (True, 1)


def test_once_for_all_attempts(package: ModuleType) -> None:
    again = package.RetryPolicy(base=0)

    async def main(url: str) -> None:
        async with package.AsyncClient(server=url, trust_env=False, retries=again) as client:
            await client.send(package.Opened())

    with FaultServer(reply(503), reply(503), reply()) as server:
        with package.Client(server=server.url, trust_env=False, retries=again) as client:
            client.send(package.Opened())
        assert len({each.body for each in server.seen}) == 1
        assert len(server.seen) == 3
    with FaultServer(reply(503), reply()) as server:
        asyncio.run(main(server.url))
        assert len({each.body for each in server.seen}) == 1


@pytest.mark.parametrize("way", ["list", "object", "lines"])
def test_events_within_a_body(package: ModuleType, way: str) -> None:
    events = [package.Opened(), {"event": "Closed"}, package.Opened(extra={"messageId": "mine"})]
    with package.testing.RecordingClient() as client:
        if way == "list":
            client.send_list(events)
        elif way == "object":
            client.send_object(package.SendObject(batch=events))
        else:
            client.send_lines(events)
    body = client.requests[0].body
    found: Any = (
        [json.loads(line) for line in body.splitlines()] if way == "lines" else json.loads(body)
    )
    found = found["batch"] if isinstance(found, Mapping) else found
    assert [each["event"] for each in found] == ["Opened", "Closed", "Opened"]
    assert all("timestamp" in each for each in found)
    assert UUID.fullmatch(found[0]["messageId"])
    assert found[2]["messageId"] == "mine"
    assert [each.to_dict() for each in client.events] == found


def test_something_else_instead(package: ModuleType) -> None:
    numbers = iter(range(9))
    with package.testing.RecordingClient(fill={"messageId": lambda: f"n-{next(numbers)}"}) as one:
        one.send(package.Opened())
        one.send_list([package.Opened()])
    first, (second,) = _sent(one)
    assert (first["messageId"], second["messageId"]) == ("n-0", "n-1")
    assert "timestamp" in first
    with package.testing.RecordingClient(fill=FIXED) as two:
        two.send(package.Opened())
    fixed = {"messageId": "m-1", "timestamp": "2026-11-24T09:30:00Z"}
    assert _sent(two) == [{"event": "Opened", **fixed}]
    with package.testing.RecordingClient(fill={"messageId": None}) as three:
        three.send(package.Opened())
    assert list(_sent(three)[0]) == ["event", "timestamp"]
    with package.testing.RecordingClient(fill=False) as four:
        four.send(package.Opened())
    assert four.events == [package.Opened()]


def test_the_words_of_the_configuration_mean_the_same(package: ModuleType) -> None:
    fill = {"messageId": "now", "timestamp": "none"}
    with package.testing.RecordingClient(fill=fill) as client:
        client.send(package.Opened())
        client.send(package.Opened())
    with package.testing.RecordingClient(fill={"messageId": "uuid", "timestamp": "now"}) as other:
        other.send(package.Opened())
    one, two = _sent(client)
    assert list(one) == ["event", "messageId"]
    assert datetime.fromisoformat(one["messageId"]) <= datetime.fromisoformat(two["messageId"])
    (three,) = _sent(other)
    assert UUID.fullmatch(three["messageId"])
    assert datetime.fromisoformat(three["timestamp"]) <= datetime.now(UTC)


def test_a_word_that_does_not_fit_is_told(package: ModuleType) -> None:
    with package.testing.RecordingClient(fill={"timestamp": "uuid"}) as client:
        with pytest.raises(package.ValidationError, match=r"\$\.timestamp: expected"):
            client.send(package.Opened())
        assert client.requests == []


def test_a_function_that_must_be_awaited_is_refused_at_the_door(package: ModuleType) -> None:
    async def make() -> str:
        return "x"

    for kind in (package.testing.RecordingClient, package.testing.AsyncRecordingClient):
        with pytest.raises(TypeError, match="'messageId' must be a function that returns the val"):
            kind(fill={"messageId": make})


def test_clients_without_it_have_no_such_argument(tmp_path: Path) -> None:
    made = generate_package(_document(), tmp_path)
    load_module(made, "testing")
    with pytest.raises(TypeError, match="unexpected keyword argument 'fill'"):
        sys.modules[made.name].testing.RecordingClient(fill={"messageId": "uuid"})


def test_what_cannot_be_filled_in_instead(package: ModuleType) -> None:
    for wrong, error in (({"other": "x"}, ValueError), ("uuid", TypeError), (True, TypeError)):
        with pytest.raises(error):
            package.testing.RecordingClient(fill=wrong)
    with package.testing.RecordingClient(fill={"timestamp": "yesterday"}) as client:
        with pytest.raises(package.ValidationError, match=r"\$\.timestamp: expected"):
            client.send(package.Opened())
        assert client.requests == []


def test_some_events_alone(tmp_path: Path) -> None:
    fill = {"messageId": "uuid", "Opened": {"timestamp": "now", "messageId": "none"}}
    made = generate_package(_document(), tmp_path, fill=fill)
    load_module(made, "testing")
    package = sys.modules[made.name]
    with package.testing.RecordingClient() as client:
        client.send(package.Opened())
        client.send(package.Closed.from_dict({"event": "Closed"}))
    opened, closed = _sent(client)
    assert list(opened) == ["event", "timestamp"]
    assert list(closed) == ["event", "messageId"]


def test_groups_and_many_classes(tmp_path: Path) -> None:
    data = _document()
    data["paths"]["/events"]["post"]["tags"] = ["one"]
    data["paths"]["/list"]["post"]["tags"] = ["two"]
    for number in range(300):
        name = f"Event{number}"
        data["components"]["schemas"][name] = event(name)
        arms = data["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"]
        arms["schema"]["oneOf"].append({"$ref": f"#/components/schemas/{name}"})
    made = generate_package(data, tmp_path, fill={"messageId": "uuid"})
    load_module(made, "testing")
    package = sys.modules[made.name]
    with package.testing.RecordingClient() as client:
        client.one.send(package.events.Event299())
        client.two.send_list([package.events.Opened()])
    one, (two,) = _sent(client)
    assert UUID.fullmatch(one["messageId"])
    assert UUID.fullmatch(two["messageId"])


CLOSED: dict[str, Any] = {"additionalProperties": False}
FAULTS: dict[str, tuple[Any, Mapping[str, Any], str, str]] = {
    "closed": (event("A", **CLOSED), {"messageId": "uuid"}, "takes no such key", "none"),
    "kind": (event("A", {"t": {"type": "integer"}}), {"t": "now"}, "expected an integer", "none"),
    "short": (
        event("A", {"t": {"type": "string", "maxLength": 9}}),
        {"A": {"t": "uuid"}},
        "at most 9",
        "remove",
    ),
    "constant": (event("A"), {"A": {"event": "uuid"}}, "always has that key", "remove"),
    "constant of all": (event("A"), {"event": "uuid"}, "is never filled in: all", "remove"),
    "required of all": (
        event("A", {"t": {"type": "string"}}, required=["t"]),
        {"t": "uuid"},
        "is never filled in: all events always have that key",
        "remove",
    ),
    "constant that may be left out": (
        event("A", {"t": {"const": "track"}}),
        {"t": "uuid"},
        "has another kind of it: expected 'track'",
        "none",
    ),
    "extra": (
        event("A", additionalProperties={"type": "integer"}),
        {"messageId": "uuid"},
        "expected an integer",
        "none",
    ),
    "pattern": (
        event("A", patternProperties={"^m": {"type": "integer"}}),
        {"messageId": "uuid"},
        "expected an integer",
        "none",
    ),
    "event": (event("Opened"), {"Opend": {"messageId": "uuid"}}, "does not have", "did you mean"),
    "no events": ({"type": "object"}, {"messageId": "uuid"}, "has no events", "remove"),
}


@pytest.mark.parametrize(("schema", "fill", "said", "help"), FAULTS.values(), ids=FAULTS)
def test_a_key_that_an_event_cannot_take(
    schema: Any, fill: Mapping[str, Any], said: str, help: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        generate_from(event_document(schema), fill=fill)
    (problem,) = caught.value.diagnostics
    assert problem.code == "E321"
    assert said in problem.message
    assert help in problem.help


def test_its_mistakes_are_told_where_they_are(tmp_path: Path) -> None:
    from eventwright.config.loading import load_config

    (tmp_path / "eventwright.toml").write_text(
        '[[client]]\nspec = "s.json"\noutput = "a"\n[client.fill]\na = "uid"\nb = 1\n'
        'c = {d = "now", e = {}, f = "nowhere"}\n'
    )
    with pytest.raises(ConfigError) as caught:
        load_config(None, tmp_path)
    assert [
        (each.code, each.location.line if each.location else 0, each.help)
        for each in caught.value.diagnostics
    ] == [
        ("C007", 5, "one of uuid, now, none"),
        ("C006", 6, "one of uuid, now, none"),
        ("C006", 7, "one of uuid, now, none"),
        ("C007", 7, "one of uuid, now, none"),
    ]
