"""Operations that take an array: in place of others, and where nothing else takes the events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.documents import with_batches
from delivery.receiver import OK, Receiver, Reply
from delivery.test_outbox_batches import events_in
from support import generate_package, load_module

Json = dict[str, Any]
EVENTS = {"type": "array", "items": {"$ref": "#/components/schemas/made"}}
ALIAS = {"$ref": "#/components/schemas/events"}


def post(document: Json, path: str = "/many") -> Json:
    found: Json = document["paths"][path]["post"]
    return found


def body_of(document: Json, schema: Json, path: str = "/many") -> None:
    post(document, path)["requestBody"]["content"]["application/json"]["schema"] = schema


def made(tmp_path: Path, document: Json, **config: Any) -> Any:
    folder = generate_package(document, tmp_path, features=("outbox",), **config)
    return load_module(folder, "outbox")


def parameter(name: str, where: str = "query", required: bool = False) -> Json:
    schema = {"type": "string"}
    return {"name": name, "in": where, "required": required, "schema": schema}


def sizes(bodies: list[Any]) -> list[int]:
    return sorted(len(events_in(body)) for body in bodies)


def deliver(outbox: Any, path: Path, number: int = 20, **options: Any) -> list[Any]:
    """What came of so many events, request by request."""
    bodies: list[Any] = []

    def script(count: int, body: Any) -> Reply:
        bodies.append(body)
        return OK

    with Receiver(script) as receiver:
        client = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(path, client=client, concurrency=0) as box:
            box.put_many([outbox._events.Made(user_id=f"u{n}", n=n) for n in range(number)])
        client = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(path, client=client, **options) as box:
            assert box.flush(20), box.stats()
            assert box.stats().dead == 0
    found = [event["n"] for body in bodies for event in events_in(body)]
    assert sorted(found) == list(range(number))
    return bodies


def test_optional_parameters_do_not_matter(tmp_path: Path) -> None:
    document = with_batches()
    post(document)["parameters"] = [
        parameter("trace"),
        parameter("X-Trace", "header"),
        {"name": "X-Fast", "in": "header", "schema": {"type": "string", "enum": ["1"]}},
    ]
    bodies = deliver(made(tmp_path, document), tmp_path / "e.db", batch="many", batch_size=5)
    assert sizes(bodies)[-1] == 5


@pytest.mark.parametrize("key", ["batch", ""])
@pytest.mark.parametrize("nullable", [False, True])
def test_an_array_by_its_name(tmp_path: Path, key: str, nullable: bool) -> None:
    document = with_batches()
    document["components"]["schemas"]["events"] = EVENTS
    alias: Json = {"anyOf": [ALIAS, {"type": "null"}]} if nullable else ALIAS
    body_of(document, {"type": "object", "properties": {key: alias}} if key else alias)
    bodies = deliver(made(tmp_path, document), tmp_path / "e.db", batch="many", batch_size=5)
    assert sizes(bodies)[-1] == 5


@pytest.mark.parametrize("key", ["batch", "", "class"])
@pytest.mark.parametrize("batch", [None, "many"])
def test_an_api_that_takes_arrays_alone(tmp_path: Path, key: str, batch: str | None) -> None:
    document = with_batches(key)
    del document["paths"]["/one"]
    outbox = made(tmp_path, document)
    bodies = deliver(outbox, tmp_path / "e.db", batch=batch, batch_size=5)
    assert sizes(bodies)[-1] == (5 if batch else 1)
    assert len(bodies) == (4 if batch else 20)
    assert all(list(body) == [key] for body in bodies if isinstance(body, dict))


def test_what_is_stored_of_one_is_the_event(tmp_path: Path) -> None:
    document = with_batches("batch")
    del document["paths"]["/one"]
    post(document)["parameters"] = [parameter("ws", "path", required=True)]
    document["paths"]["/{ws}/many"] = document["paths"].pop("/many")
    outbox = made(tmp_path, document)
    assert ROUTES_OF(outbox) == ["many"], "it needs more than the events: only whole bodies"
    document = with_batches("batch")
    del document["paths"]["/one"]
    outbox = made(tmp_path, document)
    reply = Reply(400)
    with Receiver(lambda number, event: reply) as receiver:
        client = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(tmp_path / "e.db", client=client) as box:
            box.put(outbox._events.Made(user_id="u1", n=1), operation="many").wait(10)
            (letter,) = box.dead_letters()
            assert json.loads(letter.body) == {"event": "Made", "userId": "u1", "n": 1}
            assert (letter.operation, letter.key) == ("many[]", "u1")
            whole = outbox._events.Many(batch=[outbox._events.Made(user_id="u2", n=2)])
            box.put(whole).wait(10)
            assert [each.operation for each in box.dead_letters()] == ["many[]", "many"]
            with pytest.raises(ValueError, match="did you mean 'many'"):
                box.put(whole, operation="mnay")


def ROUTES_OF(outbox: Any) -> list[str]:
    return list(outbox.ROUTES._routes)


def test_poison_among_them_is_found(tmp_path: Path) -> None:
    document = with_batches("")
    del document["paths"]["/one"]
    outbox = made(tmp_path, document)

    def script(count: int, body: Any) -> Reply:
        return Reply(400) if any(event["n"] == 7 for event in events_in(body)) else OK

    with Receiver(script) as receiver:
        client = outbox.Client(server=receiver.url, trust_env=False)
        with outbox.Outbox(tmp_path / "e.db", client=client, batch="many") as box:
            box.put_many([outbox._events.Made(user_id=f"u{n}", n=n) for n in range(30)])
            assert box.flush(20)
            (letter,) = box.dead_letters()
            assert json.loads(letter.body)["n"] == 7
            assert box.stats().delivered == 29


def unfit(tmp_path: Path, document: Json, name: str) -> str:
    outbox = made(tmp_path, document)
    client = outbox.Client(server="http://127.0.0.1:9")
    with pytest.raises(ValueError, match=r"^batch is ") as caught:
        outbox.Outbox(None, client=client, batch=name)
    return str(caught.value)


def test_why_an_operation_is_no_batch(tmp_path: Path) -> None:
    assert "(did you mean 'many'?)" in unfit(tmp_path, with_batches(), "mnay")
    said = unfit(tmp_path, with_batches(), "one")
    assert said == (
        "batch is 'one', and that one takes no array of what another takes; operations that take "
        "many events: 'many'"
    )
    document = with_batches()
    post(document)["parameters"] = [parameter("ws", required=True), parameter("more")]
    assert "it needs more than the events: ws;" in unfit(tmp_path, document, "many")
    document = with_batches()
    array = {"batch": EVENTS, "sentAt": {"type": "string"}}
    body_of(document, {"type": "object", "required": ["sentAt"], "properties": array})
    assert "its body needs more than the array: sentAt;" in unfit(tmp_path, document, "many")
    document = with_batches()
    post(document)["parameters"] = [parameter("Idempotency-Key", "header")]
    assert "it wants a new Idempotency-Key for each call;" in unfit(tmp_path, document, "many")
    for own, said in (
        (parameter("Idempotency-Key", "header"), "has an Idempotency-Key for each event;"),
        (parameter("ws", required=True), "needs ws for each event;"),
    ):
        document = with_batches()
        document["paths"]["/one"]["post"]["parameters"] = [own]
        told = f"one, which it could stand in for, {said}"
        assert told in unfit(tmp_path, document, "many"), "each would go by itself, and nobody knew"
