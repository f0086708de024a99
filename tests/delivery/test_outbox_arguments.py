"""What an outbox, or a relay, is made with is checked before anything of it is there."""

from __future__ import annotations

import threading
from itertools import count
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from customerio_events import AsyncClient, Client
from customerio_events._runtime.delivery.couriers import Courier
from customerio_events.outbox import (
    ROUTES,
    AsyncOutbox,
    Backoff,
    Failure,
    Outbox,
    Relay,
)
from delivery.receiver import Receiver, numbered, outbox

SERVER = "http://127.0.0.1:1"


def sync_client() -> Client:
    return Client(api_key="s", server=SERVER, trust_env=False)


def async_client() -> AsyncClient:
    return AsyncClient(api_key="s", server=SERVER, trust_env=False)


def outbox_(path: Any, **given: Any) -> Any:
    return Outbox(path, **{"client": sync_client(), **given})


def async_outbox(path: Any, **given: Any) -> Any:
    return AsyncOutbox(path, **{"client": async_client(), **given})


class Nowhere:
    """A sink that nothing is put into."""

    def join(self, delivery: object, /) -> None:
        raise AssertionError("it was made in spite of everything")


def relay(path: Any, **given: Any) -> Any:
    sink: Any = Nowhere()
    return Relay(sink, **{"client": sync_client(), **given})


KINDS = [
    ("key", 3, TypeError, "wire name .* not int"),
    ("key", b"userId", TypeError, "wire name .* not bytes"),
    ("key", "", ValueError, "no event declares"),
    ("key", "user_id", ValueError, r"'user_id', .*did you mean 'userId'"),
    ("key", "UserID", ValueError, "did you mean 'userId'"),
    ("key", "nothing at all", ValueError, "a function of the event"),
    ("concurrency", True, TypeError, "whole number from 0 to 1,000, not bool"),
    ("concurrency", "8", TypeError, "whole number .* not str"),
    ("concurrency", 8.0, TypeError, "whole number .* not float"),
    ("concurrency", -1, ValueError, "whole number .* not -1"),
    ("concurrency", 10**9, ValueError, "from 0 to 1,000"),
    ("concurrency", 10**5000, ValueError, "so many digits"),
    ("rate", "fast", TypeError, "events a second .* not str"),
    ("rate", True, TypeError, "not bool"),
    ("rate", 0, ValueError, "above 0"),
    ("rate", -1, ValueError, "not -1"),
    ("rate", nan, ValueError, "not nan"),
    ("rate", inf, ValueError, "not inf"),
    ("backoff", 3, TypeError, r"backoff must be a Backoff, as in .* not int"),
    ("backoff", Backoff, TypeError, "not the class Backoff"),
    ("backoff", None, TypeError, "not None"),
    ("on_failure", 3, TypeError, "a function or None, not int"),
    ("client", 1, TypeError, "client must be .* not int"),
    ("client", None, TypeError, "not None"),
    ("client", "api", TypeError, "not str"),
]
FILES = [
    ("sync", "fsync", ValueError, "'os', 'disk', not 'fsync'"),
    ("sync", True, TypeError, "not bool"),
    ("max_pending", 0, ValueError, "at least 1"),
    ("max_pending", nan, TypeError, "not float"),
    ("when_full", "drop", ValueError, "'raise', 'wait', not 'drop'"),
    ("batch", "many", ValueError, "'many', and there is no such operation; .*: none"),
    ("batch", "track", ValueError, "'track', and that one takes no array"),
    ("batch", 3, TypeError, "must be a str, not int"),
    ("batch_size", 0, ValueError, "from 1"),
    ("batch_size", True, TypeError, "not bool"),
]


@pytest.mark.parametrize(("name", "value", "error", "words"), [*KINDS, *FILES], ids=count())
@pytest.mark.parametrize("make", [outbox_, async_outbox])
def test_an_argument_of_no_use_is_told_at_the_door(
    tmp_path: Path, make: Any, name: str, value: Any, error: type[Exception], words: str
) -> None:
    threads = threading.active_count()
    with pytest.raises(error, match=words) as caught:
        make(tmp_path / "e.db", **{name: value})
    assert str(caught.value).startswith(name)
    assert list(tmp_path.iterdir()) == [], "nothing was opened"
    assert threading.active_count() == threads


@pytest.mark.parametrize(("name", "value", "error", "words"), KINDS, ids=count())
def test_a_relay_tells_the_same(name: str, value: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        relay(None, **{name: value})
    with pytest.raises(ValueError, match="at least 1, not 0"):
        relay(None, concurrency=0)


@pytest.mark.parametrize("path", [3, b"e.db", "", "e\0.db", ["e.db"], Path])
def test_a_path_that_is_none(path: Any) -> None:
    for make in (outbox_, async_outbox):
        with pytest.raises((TypeError, ValueError), match=r"^path must be"):
            make(path)


def test_a_client_of_the_other_kind() -> None:
    with pytest.raises(TypeError, match="a Client, not AsyncClient, which is for an AsyncOutbox"):
        outbox_(None, client=async_client())
    with pytest.raises(TypeError, match=r"an? AsyncClient, not Client, which is for an Outbox"):
        async_outbox(None, client=sync_client())
    with pytest.raises(TypeError, match="not AsyncClient"):
        relay(None, client=async_client())
    with pytest.raises(TypeError, match="not the class Client"):
        outbox_(None, client=Client)
    wrong: Any = 3
    with pytest.raises(TypeError, match="client must be"):
        Courier(wrong, ROUTES)


def test_an_alarm_that_nobody_can_await() -> None:
    async def alert(failure: Failure) -> None:
        raise AssertionError

    with pytest.raises(TypeError, match="on_failure is async: only an AsyncOutbox"):
        outbox_(None, on_failure=alert)
    with pytest.raises(TypeError, match="on_failure is async"):
        relay(None, on_failure=alert)
    async_outbox(None, on_failure=alert)


@pytest.mark.parametrize("name", ["base", "cap", "pause", "retry_after_cap"])
def test_numbers_of_a_backoff(name: str) -> None:
    values: list[Any] = [0, -1, nan, inf, 10**400]
    others: list[Any] = ["1", True, None]
    for value in values:
        with pytest.raises(ValueError, match=f"^{name} must be a number of seconds"):
            Backoff(**{name: value})
    for other in others:
        with pytest.raises(TypeError, match=f"^{name} must be a number of seconds"):
            Backoff(**{name: other})


@pytest.mark.parametrize("name", ["attempts", "threshold"])
def test_counts_of_a_backoff(name: str) -> None:
    wrong: Any
    for wrong, error in ((0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)):
        with pytest.raises(error, match=f"^{name} must be a whole number"):
            Backoff(**{name: wrong})


def test_times_to_wait(tmp_path: Path) -> None:
    with Receiver() as receiver, outbox(receiver, tmp_path / "e.db", concurrency=0) as box:
        receipt = box.put(numbered(1))
        for wait in (box.flush, box.close, receipt.wait):
            wrong: Any
            for wrong, error in (("5", TypeError), (True, TypeError), (nan, ValueError)):
                with pytest.raises(error, match=r"^timeout must be a number of seconds"):
                    wait(wrong)
        assert box.flush(-1) is False, "what is over counts as no time at all"
        with pytest.raises(TimeoutError):
            receipt.wait(-1)
        assert box.stats().pending == 1
