"""Events wait in a stream of Redis (6.2 or newer), and a consumer group delivers them.

Durable is what Redis itself makes durable: see `appendfsync` and `maxmemory-policy noeviction`.
Nothing is trimmed. Delivery is at least once. The order of events with one key is kept as long as
one process delivers; for it to be kept across its restarts, give it a `consumer`. Between several
processes no order is kept.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from inspect import iscoroutinefunction
from math import ceil
from secrets import token_hex
from time import monotonic
from typing import Any, Final, Protocol

from .._runtime.delivery.parcels import Parcel
from .._runtime.http.messages import positive
from .._runtime.relay.parceljson import written
from .._runtime.relay.pump import Pump
from .._runtime.relay.sinks import (
    Dead,
    Delivery,
    SinkError,
    Taken,
    Ticket,
    library,
)

__all__ = ["Redis", "RedisStream", "SinkError"]

_exceptions: Final = library("redis.exceptions", "RedisStream")
_AT_A_TIME: Final = 500
_UNUSED: Final = 3_600_000
"""Milliseconds after which a consumer that has nothing is forgotten."""
_TIDY: Final = """
for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if c[4] == 0 and (c[2] == ARGV[2] or c[6] > tonumber(ARGV[3])) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2])
  end
end"""

_BEGIN: Final = """
redis.call('XDEL', KEYS[1], '0-1')
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')"""
_DONE: Final = """
redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, 2))
redis.call('XDEL', KEYS[1], unpack(ARGV, 2))"""
_BURY: Final = """
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  local added = redis.pcall('XADD', KEYS[2], '*', unpack(ARGV, 4))
  if type(added) == 'table' and added.err then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[2], 'FORCE', 'JUSTID')
    return added
  end
  redis.call('XDEL', KEYS[1], ARGV[2])
end"""
_KEEP: Final = """
local lost = {}
for i = 5, #ARGV do
  local found = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
  if found and found[2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[i], 'IDLE', ARGV[4], 'JUSTID')
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost"""
_REVIVE: Final = """
if redis.call('XDEL', KEYS[2], ARGV[1]) == 1 then
  redis.call('XADD', KEYS[1], '*', 'parcel', ARGV[2])
  return 1
end
return 0"""
_HOLD: Final = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end"""
"""Scripts, as a Redis whose memory is full could not be emptied otherwise: it takes no MULTI, and
lets only those add something that have taken something away. What was buried already is not buried
again, and what cannot be is as it was; what another consumer has is left to it; and what somebody
else has put back meanwhile is not put back again."""


class Redis(Protocol):
    """What is used of `redis.Redis`."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """See redis."""
        ...


class RedisStream:
    """A `Sink` on a stream of Redis. Dead letters are in the stream `{name}:dead`.

    Args:
        redis: a client; it stays yours to close.
        name: of the stream.
        group: the consumer group that delivers.
        consumer: what this process is called in the group: nobody else may be called so at the
            same time. By default a name of its own for each run.
        claim_after: seconds after which what a process has taken is another's, if nothing was
            heard of it. A process says so three times within them.

    Raises:
        TypeError: an async client.
        ValueError: a name that is empty, or a time that is not above 0.
    """

    def __init__(
        self,
        redis: Redis,
        name: str,
        *,
        group: str = "relay",
        consumer: str | None = None,
        claim_after: float = 60.0,
    ) -> None:
        if iscoroutinefunction(redis.execute_command):
            raise TypeError(
                "RedisStream needs a sync client, redis.Redis; put from async code with "
                "asyncio.to_thread"
            )
        if not name or not group or consumer == "":
            raise ValueError("a stream, its group and its consumer have a name")
        self._redis = redis
        self._name = name
        self._group = group
        self._consumer = consumer
        self._me = ""
        self.lease = positive("claim_after", claim_after)
        tag = name if "{" in name else f"{{{name}}}"  # one slot of a cluster for all
        self._dead, self._held = f"{tag}:dead", f"{tag}:held"
        self._delivery: Delivery | None = None
        self._mine: set[Ticket] = set()
        self._own_from = "0"
        """Up to there it is known what this consumer has taken."""
        self._cursor = "0"
        self._looked = 0.0

    def join(self, delivery: Delivery, /) -> None:
        """See `Sink.join`."""
        self._delivery = delivery

    def put(self, parcel: Parcel, into: None = None, /) -> None:
        """See `Sink.put`. Raises what redis raises where it was not accepted."""
        self._redis.execute_command("XADD", self._name, "*", "parcel", written(parcel))

    def run(self, stopped: Callable[[], bool], /) -> None:
        """See `Sink.run`."""
        if self._delivery is None:
            raise SinkError("make a Relay with this stream, and run that")
        unique = f"{socket.gethostname()}-{os.getpid()}-{token_hex(4)}"
        self._me = self._consumer or unique
        self._mine.clear()
        Pump(self, self._delivery, stopped).run()

    def retry_dead(self, most: int = 1000) -> int:
        """Put dead letters, the oldest first, into the stream again; how many that were."""
        found = self._redis.execute_command(
            "XRANGE", self._dead, "-", "+", "COUNT", most
        )
        given = (_REVIVE, 2, self._name, self._dead)
        return sum(
            int(self._redis.execute_command("EVAL", *given, ticket, text))
            for ticket, text in _entries(found)
        )

    def is_away(self, error: Exception) -> bool:
        """See `Queue.is_away`."""
        return isinstance(error, (_exceptions.RedisError, OSError))

    def open(self) -> None:
        """See `Queue.open`."""
        kind = _text(self._redis.execute_command("TYPE", self._dead))
        if kind not in ("none", "stream"):
            raise SinkError(f"the key {self._dead}, for dead letters, is no stream")
        try:
            self._redis.execute_command("EVAL", _BEGIN, 1, self._name, self._group)
        except _exceptions.ResponseError as error:
            if "WRONGTYPE" in str(error):
                raise SinkError(f"the key {self._name} is no stream") from None
            if "BUSYGROUP" not in str(error):
                raise
        self._own_from = "0"

    def take(self, most: int, wait: float) -> Sequence[Taken]:
        """See `Queue.take`: first what was this consumer's, then what dead ones left, then new."""
        found = self._own(most) or self._claimed(most)
        if not found:
            # 0 would be to wait for ever.
            block = ("BLOCK", max(1, int(wait * 1000))) if wait else ()
            # What has come is read once more, as this consumer's: where an answer got lost, the
            # client has asked again by itself, and got the next ones.
            if self._read(most, ">", *block):
                found = self._own(most)
        self._mine.update(taken.ticket for taken in found)
        return found

    def _read(self, most: int, after: str, *block: object) -> list[tuple[str, str]]:
        reply = self._redis.execute_command(
            *("XREADGROUP", "GROUP", self._group, self._me, "COUNT", most, *block),
            *("STREAMS", self._name, after),
        )
        return list(_entries(_of_stream(reply)))

    def _own(self, most: int) -> list[Taken]:
        """What this consumer has taken and was not seen here, in the order of the stream."""
        while entries := self._read(most, self._own_from):
            self._own_from = entries[-1][0]
            if found := self._new(entries):
                return found
        return []

    def _claimed(self, most: int) -> list[Taken]:
        now = monotonic()
        if now - self._looked < min(1.0, self.lease / 4):
            return []
        self._looked = now
        idle = int(self.lease * 1000)
        reply = self._redis.execute_command(
            *("XAUTOCLAIM", self._name, self._group, self._me, idle, self._cursor),
            *("COUNT", most),
        )
        self._cursor = _text(reply[0])
        return self._new(_entries(reply[1]))

    def _new(self, entries: Iterable[tuple[str, str]]) -> list[Taken]:
        return [
            Taken(ticket=ticket, text=text)
            for ticket, text in entries
            if ticket not in self._mine
        ]

    def settle(self, delivered: Sequence[Ticket], dead: Sequence[Dead]) -> None:
        """See `Queue.settle`."""
        if delivered:
            done = (self._group, *delivered)
            self._redis.execute_command("EVAL", _DONE, 1, self._name, *done)
            self._mine.difference_update(delivered)
        for each in dead:
            keys = (2, self._name, self._dead)
            given = (self._group, each.ticket, self._me, *_letter(each))
            self._redis.execute_command("EVAL", _BURY, *keys, *given)
            self._mine.discard(each.ticket)

    def renew(self, tickets: Sequence[Ticket], *, late: bool) -> Collection[Ticket]:
        """See `Queue.renew`."""
        lost = self._claim(self._me, tickets, 0)
        if not late:  # what is not pending was trimmed, by somebody else
            return ()
        self._mine -= lost
        return lost

    def release(self, tickets: Sequence[Ticket]) -> None:
        """See `Queue.release`."""
        to = self._consumer or "released"
        self._claim(to, tickets, int(self.lease * 1000) + 1)
        self._mine.difference_update(tickets)

    def _claim(
        self, consumer: str, tickets: Sequence[Ticket], idle: int
    ) -> set[Ticket]:
        """Have those that are this consumer's be one's; the others."""
        lost = set[Ticket]()
        given = (_KEEP, 1, self._name, self._group, self._me, consumer, idle)
        for at in range(0, len(tickets), _AT_A_TIME):
            some = tickets[at : at + _AT_A_TIME]
            lost.update(map(_text, self._redis.execute_command("EVAL", *given, *some)))
        return lost

    def hold(self, seconds: float) -> None:
        """See `Queue.hold`."""
        milliseconds = max(1, ceil(seconds * 1000))
        self._redis.execute_command("EVAL", _HOLD, 1, self._held, milliseconds)

    def held(self) -> float:
        """See `Queue.held`."""
        left = int(self._redis.execute_command("PTTL", self._held))
        return max(0.0, left / 1000)

    def close(self) -> None:
        """See `Queue.close`: the consumer is forgotten, if it has nothing left."""
        with suppress(_exceptions.RedisError):
            given = (self._name, self._group, self._me, _UNUSED)
            self._redis.execute_command("EVAL", _TIDY, 1, *given)

    def __repr__(self) -> str:
        return f"<RedisStream {self._name}>"


def _letter(dead: Dead) -> Iterator[str | int]:
    verdict = dead.verdict
    yield from ("parcel", dead.text)
    yield from ("status", verdict.status or 0)
    yield from ("reason", verdict.reason.encode("utf-8", "replace").decode())
    yield from ("errors", json.dumps(verdict.errors))


def _of_stream(reply: Any) -> Iterable[Any]:
    """The entries of the one stream that was read, in the form of either protocol."""
    if not reply:
        return ()
    streams: Any = reply.items() if hasattr(reply, "items") else reply
    entries: Any = next(iter(streams))[1]
    if entries and type(entries[0]) is list:
        entries = entries[0]
    found: list[Any] = entries
    return found


def _entries(found: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Id and text of each; empty where somebody has put in something else, or deleted it."""
    for ticket, fields in found:
        pairs: dict[Any, Any] = dict(fields or {})
        text = pairs.get(b"parcel", pairs.get("parcel", ""))
        yield _text(ticket), _text(text)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
