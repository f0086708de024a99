"""The recording clients: what a host application's own tests rely on."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from customerio_events import (
    BadRequest,
    Client,
    ConnectionFailed,
    RetryPolicy,
    ServerFailure,
    UserDeleted,
    UserSuppressed,
)
from customerio_events.testing import AsyncRecordingClient, RecordingClient, answer
from support import event, event_document, generate_package, load_module

DELETED = UserDeleted(user_id="42", extra={"messageId": "m-1"})
SUPPRESSED = UserSuppressed(user_id="42")


def host_program(client: Client) -> None:
    """Stands for somebody's code, typed against the real client."""
    client.track(DELETED)
    client.track(SUPPRESSED, strict_mode=True)


def test_events_are_builders_again() -> None:
    client = RecordingClient()
    host_program(client)
    assert client.events == [DELETED, SUPPRESSED]
    assert [type(event) for event in client.events] == [UserDeleted, UserSuppressed]


def test_requests_show_what_would_have_been_sent() -> None:
    client = RecordingClient(server="eu")
    host_program(client)
    first, second = client.requests
    assert first.url == "https://cdp-eu.customer.io/v1/track"
    assert json.loads(first.body or b"") == DELETED.to_dict()
    assert "X-Strict-Mode" not in first.headers
    assert second.headers["X-Strict-Mode"] == "1"


def test_answers_follow_the_script_and_then_succeed() -> None:
    client = RecordingClient([answer(400, json={"meta": {"errors": ["no such person"]}})])
    with pytest.raises(BadRequest) as caught:
        client.track(DELETED)
    assert caught.value.errors == ("no such person",)
    client.track(SUPPRESSED)
    assert client.events == [SUPPRESSED], "a refused event was not delivered"
    assert len(client.requests) == 2


def test_errors_in_the_script_are_raised() -> None:
    client = RecordingClient([ConnectionFailed("down")])
    with pytest.raises(ConnectionFailed, match="down"):
        client.track(DELETED)
    assert client.events == []


def test_each_call_takes_one_answer_unless_retries_are_asked_for() -> None:
    once = RecordingClient([answer(503), answer(200)])
    with pytest.raises(ServerFailure):
        once.track(DELETED)
    again = RecordingClient([answer(503), answer(200)], retries=RetryPolicy(base=0.001))
    again.track(DELETED)
    assert again.events == [DELETED]
    assert len(again.requests) == 2


def test_the_async_twin_does_the_same() -> None:
    async def run() -> AsyncRecordingClient:
        async with AsyncRecordingClient([answer(500)]) as client:
            with pytest.raises(ServerFailure):
                await client.track(DELETED)
            await client.track(SUPPRESSED)
            return client

    client = asyncio.run(run())
    assert client.events == [SUPPRESSED]
    assert len(client.requests) == 2


def test_what_is_no_event_is_refused_before_anything_is_recorded() -> None:
    client = RecordingClient()
    mapping: Any = {"event": "User Deleted"}
    with pytest.raises(TypeError, match="got dict; parse_event makes one of a mapping"):
        client.track(mapping)
    assert client.requests == []


def test_events_within_a_body(tmp_path: Path) -> None:
    schemas = {"A": event("A"), "B": event("B", {"n": {"type": "integer"}})}
    any_event = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in schemas]}
    data = event_document(any_event, components=schemas)
    several = {"type": "array", "items": any_event}
    batch = {"type": "object", "properties": {"sent": {"type": "string"}, "batch": several}}
    for name, media_type, schema in (
        ("batch", "application/json", batch),
        ("lines", "application/x-ndjson", several),
        ("other", "application/json", {"type": "object", "properties": {"event": {}}}),
    ):
        body = {"content": {media_type: {"schema": schema}}}
        post = {"operationId": name, "requestBody": body, "responses": {"200": {"description": ""}}}
        data["paths"][f"/{name}"] = {"post": post}
    folder = generate_package(data, tmp_path)
    testing = load_module(folder, "testing")
    package = sys.modules[folder.name]
    one, two = package.A(), package.B(n=1)
    with testing.RecordingClient(
        [testing.answer(), testing.answer(400)], server="https://a.example"
    ) as client:
        client.batch(package.Batch(sent="now", batch=[one, two]))
        with pytest.raises(package.BadRequest):
            client.send(two)
        client.send(two)
        client.other(package.Other(event="A"))
        client.lines([one])
        client.lines(each for each in (two, one))
    assert client.events == [one, two, two, one, two, one]

    async def run() -> list[Any]:
        async def lines() -> AsyncIterator[Any]:
            yield two

        async with testing.AsyncRecordingClient(server="https://a.example") as client:
            await client.lines(lines())
            return list(client.events)

    assert asyncio.run(run()) == [two]
