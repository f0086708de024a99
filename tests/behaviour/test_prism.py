"""End to end against Prism: what the generated clients send is what the document describes.

Prism answers a request that breaks the document with the documented 400, so a success is its
verdict on the body, the headers, the path and the credentials.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from behaviour.prism import prism
from customerio_events import (
    AsyncClient,
    BadRequest,
    Client,
    Device,
    DeviceContext,
    DeviceCreatedOrUpdated,
    DeviceDeleted,
    Event,
    ObjectDeleted,
    RelationshipDeleted,
    RelationshipDeletedProperties,
    ReportDeliveryEvent,
    Request,
    Response,
    UserDeleted,
    UserSuppressed,
    UserUnsuppressed,
)
from customerio_events._runtime.http.sockets import SocketTransport
from support import FLAGSHIP

NOW = datetime(2026, 11, 24, 9, 30, 0, 125000, tzinfo=UTC)
EVENTS: list[Event] = [
    DeviceCreatedOrUpdated(
        user_id="42",
        context={"device": {"token": "abc", "type": "ios"}, "ip": "8.8.8.8"},
        timestamp=NOW,
    ),
    DeviceDeleted(user_id="42", context=DeviceContext(device=Device(token="abc"))),
    UserDeleted(user_id="a@example.com", extra={"messageId": "m-1"}),
    UserSuppressed(user_id="ü\u2028\U0001f600", properties={"why": ["asked", None, 1.5]}),
    UserUnsuppressed(user_id="42", integrations={"All": False}, timestamp=NOW),
    RelationshipDeleted(user_id="1", properties=RelationshipDeletedProperties(object_id="acme")),
    ObjectDeleted(anonymous_id="x", properties={"objectId": "acme", "objectTypeId": 2}),
    ReportDeliveryEvent(properties={"deliveryId": "d1", "metric": "clicked", "more": {}}),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prism(FLAGSHIP, tmp_path_factory.mktemp("prism") / "log.txt") as url:
        yield url


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_is_accepted_from_the_sync_client(server: str, event: Event) -> None:
    with Client(api_key="key", server=server, strict_mode=True) as client:
        assert client.track(event).status == 200


def test_every_event_is_accepted_from_the_async_client(server: str) -> None:
    async def send_all() -> list[int]:
        async with AsyncClient(api_key="key", server=server, strict_mode=True) as client:
            answers = await asyncio.gather(*map(client.track, EVENTS))
            return [answer.status for answer in answers]

    assert asyncio.run(send_all()) == [200] * 8


def test_prism_refuses_what_breaks_the_document(server: str) -> None:
    """The witness is awake: the same server refuses each event once it is damaged."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc)
    for event in EVENTS:
        body = {**event.to_dict(), "event": f"{event.event}?"}
        headers = {"Content-Type": "application/json", "Authorization": "Basic a2V5Og=="}
        connection.request("POST", "/track", json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        assert answer.status == 400
        answer.read()
    connection.close()


def test_a_documented_error_is_raised_as_what_it_is(server: str) -> None:
    """Prism plays the 400 that the document describes, with an example of its error texts."""

    class Damaging(SocketTransport):
        def send(self, request: Request) -> Response:
            return super().send(replace(request, body=b'{"type":"track"}'))

    transport = Damaging()
    client = Client(api_key="key", server=server, transport=transport)
    with client, pytest.raises(BadRequest) as caught:
        client.track(EVENTS[0])
    assert caught.value.status == 400
    assert caught.value.errors == ("string",)
