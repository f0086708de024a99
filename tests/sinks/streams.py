"""Relays with a stream of Redis, and what is left in it, for whoever tests them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
import redis.asyncio

from customerio_events.outbox import Relay
from customerio_events.sinks.redis import RedisStream
from sinks.receiving import (
    QUICK,
    Receiver,
    client,
)
from sinks.servers import RedisServer, until


def relay_of(engine: Any, receiver: Receiver, **options: Any) -> Relay[None]:
    stream = options.pop("stream", None) or RedisStream(engine, "events", claim_after=2.0)
    return Relay(stream, client=client(receiver), **{"backoff": QUICK, **options})


def put(relay: Relay[None], given: Any) -> None:
    for event in given:
        relay.put(event)


def left(engine: Any) -> tuple[int, int]:
    """How many wait, and how many dead letters there are."""
    return engine.xlen("events"), engine.xlen("{events}:dead")


def nothing_left(engine: Any) -> None:
    until(lambda: engine.xlen("events") == 0, "the stream is not empty")
    assert engine.xpending("events", "relay")["pending"] == 0


def consumers(engine: Any) -> int:
    with contextlib.suppress(redis.ResponseError):
        return len(engine.xinfo_consumers("events", "relay"))
    return 0


def emptied(server: RedisServer) -> Iterator[Any]:
    """A client of it, which is empty."""
    with server.client() as connected:
        connected.flushall()
        yield connected


def engines_made() -> Callable[..., Iterator[Any]]:
    """A fixture: a client of the `server` of the module, which is empty."""

    @pytest.fixture
    def engine(server: RedisServer) -> Iterator[Any]:
        yield from emptied(server)

    return engine
