"""Several events in one request, where the document has an operation for that."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from customerio_events._runtime.delivery.parcels import Parcel
from customerio_events._runtime.delivery.verdicts import Meaning, Verdict
from customerio_events._runtime.outbox.batches import Batches, Judged
from customerio_events._runtime.store.storage import Stored
from delivery.documents import with_batches
from delivery.receiver import OK, Receiver, Reply
from support import generate_package, load_module


def package(tmp_path: Path, **document: Any) -> Any:
    """The `outbox` module, and its package beside it."""
    folder = generate_package(with_batches(**document), tmp_path, features=("outbox",))
    return load_module(folder, "outbox")


def events_in(body: Any) -> list[dict[str, Any]]:
    """The events of a request, one or many."""
    many = [body] if isinstance(body, list) else [v for v in body.values() if isinstance(v, list)]
    found: list[dict[str, Any]] = many[0] if many else [body]
    return found


def deliver(outbox: Any, receiver: Receiver, path: Path, number: int, **options: Any) -> list[Any]:
    events, client = outbox._events, outbox.Client(server=receiver.url, trust_env=False)
    quick = outbox.Backoff(base=0.01, cap=0.05)
    made = [events.Made(user_id=f"u{n}", n=n) for n in range(number)]
    with outbox.Outbox(path, client=client, concurrency=0) as box:
        receipts = box.put_many(made)
    client = outbox.Client(server=receiver.url, trust_env=False)
    options = {"batch": "many", "backoff": quick, **options}
    with outbox.Outbox(path, client=client, **options) as box:
        assert box.flush(20), box.stats()
        letters: list[Any] = box.dead_letters()
    assert len(receipts) == number
    return letters


def numbers(receiver: Receiver) -> list[list[int]]:
    """Of the events in each request that was taken."""
    return [[event["n"] for event in events_in(body)] for body in receiver.arrived.events]


def test_what_has_landed_is_not_given_back(tmp_path: Path) -> None:
    """Whoever is cancelled gives back what was taken, and of that another may have some by then."""
    many = package(tmp_path).ROUTES.batch("many")
    landed, left = (
        list[int](),
        [Stored(n, Parcel(operation="one", body=b"{}"), 0.0, 0, 0) for n in range(4)],
    )

    class Refusing:
        """Wants none of several, and takes the first; the second is cancelled."""

        async def attempt(self, parcel: Parcel, batch: object) -> Verdict:
            if batch is None and landed:
                raise asyncio.CancelledError
            meaning = Meaning.DELIVERED if batch is None else Meaning.REJECTED
            return Verdict(meaning=meaning)

    async def land(judged: Judged) -> None:
        landed.extend(stored.id for stored, _ in judged)

    courier: Any = Refusing()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Batches(courier, many, 4).carry(left, land))
    assert landed == [0]
    assert [stored.id for stored in left] == [1, 2, 3]


@pytest.mark.parametrize("key", ["batch", "events", ""])
def test_many_events_in_a_request(tmp_path: Path, key: str) -> None:
    with Receiver() as receiver:
        deliver(package(tmp_path, key=key), receiver, tmp_path / "e.db", 250, concurrency=1)
    sizes = [len(each) for each in numbers(receiver)]
    assert sum(sizes) == 250
    assert len(sizes) == 3
    assert max(sizes) == 100
    assert all(head.startswith("POST /many ") for head in receiver.arrived.headers)
    body = receiver.arrived.events[0]
    assert isinstance(body, list) if not key else list(body) == [key]


def test_as_many_as_the_document_allows(tmp_path: Path) -> None:
    with Receiver() as receiver:
        deliver(package(tmp_path, most=7), receiver, tmp_path / "e.db", 50, concurrency=1)
    assert max(len(each) for each in numbers(receiver)) == 7


def test_as_many_as_the_caller_wants(tmp_path: Path) -> None:
    with Receiver() as receiver:
        options = {"concurrency": 1, "batch_size": 20}
        deliver(package(tmp_path), receiver, tmp_path / "e.db", 50, **options)
    assert sorted(len(each) for each in numbers(receiver)) == [10, 20, 20]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_only_the_guilty_one_dies(tmp_path: Path, status: int) -> None:
    def script(number: int, body: Any) -> Reply:
        return Reply(status) if any(e["n"] in (17, 93) for e in events_in(body)) else OK

    with Receiver(script) as receiver:
        letters = deliver(package(tmp_path), receiver, tmp_path / "e.db", 200, concurrency=1)
    came = sorted(n for each in numbers(receiver) for n in each)
    assert came == sorted({*range(200)} - {17, 93})
    assert [letter.id for letter in letters] == [18, 94]
    assert len(receiver.arrived.times) < 40


def test_an_outage_in_the_midst_of_a_split_is_left_in_peace(tmp_path: Path) -> None:
    def script(number: int, body: Any) -> Reply:
        if number == 1:
            return Reply(429, "Retry-After: 1\r\n")
        return Reply(400) if any(e["n"] == 17 for e in events_in(body)) else OK

    with Receiver(script) as receiver:
        letters = deliver(package(tmp_path), receiver, tmp_path / "e.db", 100, concurrency=1)
    assert [letter.id for letter in letters] == [18]
    assert sorted(n for each in numbers(receiver) for n in each) == sorted({*range(100)} - {17})
    second, third = receiver.arrived.times[1:3]
    assert third - second >= 1


@pytest.mark.parametrize("status", [413, 422])
def test_a_request_that_is_refused_for_now_is_not_split_within_that_time(
    tmp_path: Path, status: int
) -> None:
    def script(number: int, body: Any) -> Reply:
        return Reply(status, "Retry-After: 1\r\n") if number == 0 else OK

    with Receiver(script) as receiver:
        letters = deliver(package(tmp_path), receiver, tmp_path / "e.db", 20, concurrency=1)
    first, second = receiver.arrived.times[:2]
    assert second - first >= 1
    assert letters == []
    assert sorted(n for each in numbers(receiver) for n in each) == [*range(20)]


def test_what_failed_travels_alone_lest_others_fail_for_it(tmp_path: Path) -> None:
    def script(number: int, body: Any) -> Reply:
        return Reply(500) if any(e["n"] == 17 for e in events_in(body)) and number < 9 else OK

    with Receiver(script) as receiver:
        deliver(package(tmp_path), receiver, tmp_path / "e.db", 50, concurrency=1)
    came = sorted(n for each in numbers(receiver) for n in each)
    assert came == [*range(50)]
    assert {len(each) for each in numbers(receiver)} == {1}


def test_events_of_one_key_are_in_order(tmp_path: Path) -> None:
    outbox = package(tmp_path)
    with Receiver() as receiver:
        client = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(tmp_path / "e.db", client=client, batch="many") as box:
            box.put_many([outbox._events.Made(user_id=f"u{n % 3}", n=n) for n in range(90)])
            assert box.flush(20)
    for each in numbers(receiver):
        assert len({n % 3 for n in each}) == len(each), "one of a key in a request"
    came = [n for each in numbers(receiver) for n in each]
    assert all([n for n in came if n % 3 == k] == [*range(k, 90, 3)] for k in range(3))


def test_an_operation_that_takes_one_is_no_batch(tmp_path: Path) -> None:
    outbox = package(tmp_path)
    client = outbox.Client(server="http://127.0.0.1:9", trust_env=False)
    with pytest.raises(ValueError, match=r"that one takes no array.* 'many'"):
        outbox.Outbox(tmp_path / "e.db", client=client, batch="one")


def test_in_an_event_loop(tmp_path: Path) -> None:
    outbox = package(tmp_path)

    async def main(receiver: Receiver, made: Callable[[int], Any]) -> None:
        client_module = load_async_client(outbox)
        client = client_module.AsyncClient(server=receiver.url, trust_env=False)
        options = {"client": client, "batch": "many", "concurrency": 2}
        async with outbox.AsyncOutbox(tmp_path / "e.db", **options) as box:
            await box.put_many([made(n) for n in range(120)])
            assert await box.flush(20)

    with Receiver() as receiver:
        asyncio.run(main(receiver, lambda n: outbox._events.Made(user_id=f"u{n}", n=n)))
    assert sorted(n for each in numbers(receiver) for n in each) == [*range(120)]
    assert len(receiver.arrived.times) <= 4


def load_async_client(outbox: Any) -> Any:
    return importlib.import_module(f"{outbox.__package__}.async_client")


def _rivals(tmp_path: Path, *singles: tuple[str, str, str]) -> Any:
    """A package in which operations take one event: path, method, name."""
    described = with_batches(key="")
    post = described["paths"].pop("/one")["post"]
    for path, method, name in singles:
        described["paths"].setdefault(path, {})[method] = {**post, "operationId": name}
    return load_module(generate_package(described, tmp_path, features=("outbox",)), "outbox")


@pytest.mark.parametrize(
    ("singles", "many"),
    [
        ([("/one", "post", "create"), ("/one", "delete", "remove")], ["create"]),
        ([("/one", "post", "create"), ("/one", "put", "replace")], ["create"]),
        ([("/one", "put", "replace"), ("/one", "delete", "remove")], ["replace"]),
    ],
)
def test_a_batch_stands_in_for_one_operation(
    tmp_path: Path, singles: list[tuple[str, str, str]], many: list[str]
) -> None:
    """Where several take its events: what is to be deleted is not created, nor what is replaced."""
    outbox = _rivals(tmp_path, *singles)
    methods = {name: method.upper() for _, method, name in singles}
    with Receiver() as receiver:
        sender = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(tmp_path / "e.db", client=sender, concurrency=0) as box:
            for number, name in enumerate(2 * list(methods)):
                event = outbox._events.Made(user_id=f"u{number}", n=number)
                box.put(event, operation=name, key=name)
        sender = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(
            tmp_path / "e.db", client=sender, batch="many", concurrency=1, key=None
        ) as box:
            assert box.flush(20)
    lines = {head.partition(" HTTP")[0] for head in receiver.arrived.headers}
    others = {f"{method} /one" for name, method in methods.items() if name not in many}
    assert others <= lines
    assert lines - others <= {"POST /many", *(f"{methods[name]} /one" for name in many)}


def test_a_batch_that_may_stand_for_several_is_none(tmp_path: Path) -> None:
    outbox = _rivals(tmp_path, ("/one", "post", "create"), ("/other", "post", "import_one"))
    sender = outbox.Client(server="http://127.0.0.1:9", trust_env=False)
    with pytest.raises(ValueError, match="not known which it stands for: create, import_one"):
        outbox.Outbox(tmp_path / "e.db", client=sender, batch="many")
