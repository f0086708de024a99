"""`features` of a client: what comes into the package, and what is said of those for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from eventwright.config.config import Feature
from support import event, event_document, flagship_document, generate_from

NOTHING = event_document({"type": "string"})
OBJECTS = event_document({"type": "object", "properties": {"a": {"type": "string"}}})
EVENTS = event_document({"oneOf": [event("A"), event("B")]})
PART = event_document({"oneOf": [event("A"), event("B")]})
PART["paths"]["/one"] = {
    "post": {
        "operationId": "one",
        "requestBody": {"content": {"application/json": {"schema": event("A")}}},
        "responses": {"200": {"description": "Taken."}},
    }
}
SILENT = {key: value for key, value in EVENTS.items() if key != "paths"}
SILENT["webhooks"] = {"events": EVENTS["paths"]["/events"]}
BESIDE = {**OBJECTS, "webhooks": SILENT["webhooks"]}
"""Events come in, and something else goes out."""
WITHIN = event_document({"type": "array", "items": {"oneOf": [event("A"), event("B")]}})
"""An operation takes events here, in an array alone: they can be delivered one by one."""
PATCH = event_document(
    {
        "type": "array",
        "items": {
            "oneOf": [
                {"type": "object", "required": ["op"], "properties": {"op": {"const": name}}}
                for name in ("add", "remove")
            ]
        },
    }
)
"""An array of other things that a constant tells apart."""


def added(document: Any, *features: Feature) -> set[str]:
    """The modules that the features add, but for those of the runtime."""
    before = generate_from(document).files
    after = generate_from(document, features=features).files
    assert set(before) <= set(after)
    assert all(after[path] == text for path, text in before.items())
    return {path for path in set(after) - set(before) if not path.startswith("_runtime/")}


def codes(document: Any, *features: Feature) -> list[str]:
    remarks = generate_from(document, features=features).model.remarks
    return [f"{each.code} {each.sentence}" for each in remarks if each.code == "N125"]


def test_nobody_carries_what_they_did_not_ask_for() -> None:
    assert "outbox.py" not in generate_from(flagship_document()).files
    assert added(flagship_document()) == set()


def test_an_outbox_that_is_asked_for() -> None:
    assert added(flagship_document(), "outbox") == {"async_outbox.py", "outbox.py"}
    assert codes(flagship_document(), "outbox", "send") == []


def test_sending_brings_the_outbox() -> None:
    outbox = added(flagship_document(), "outbox")
    assert added(flagship_document(), "send") == {"__main__.py", *outbox}


IDLE = "has nothing to send, so nothing is made for it: no operation takes"


@pytest.mark.parametrize("document", [NOTHING, SILENT], ids=["plain", "silent"])
def test_where_no_operation_takes_objects(document: Any) -> None:
    assert added(document, "outbox", "send") == set()
    assert codes(document, "outbox", "send") == [
        f"N125 the feature '{name}' {IDLE} an object that has a class"
        for name in ("outbox", "send")
    ]
    assert codes(document) == codes(document, "pytest") == []


@pytest.mark.parametrize("document", [OBJECTS, BESIDE, PATCH], ids=["objects", "beside", "patch"])
def test_where_no_operation_takes_events(document: Any) -> None:
    """Other objects can be delivered; what reads files of events has nothing to read."""
    assert added(document, "outbox", "send") == {"async_outbox.py", "outbox.py"}
    assert codes(document, "outbox", "send") == [f"N125 the feature 'send' {IDLE} events"]


@pytest.mark.parametrize("document", [EVENTS, PART, WITHIN], ids=["events", "part", "within"])
def test_where_an_operation_takes_events(document: Any) -> None:
    assert {"outbox.py", "__main__.py"} <= added(document, "outbox", "send")
    assert codes(document, "outbox", "send") == []


@pytest.mark.parametrize("feature", ["celery", "redis", "postgresql"])
def test_an_engine_brings_what_hands_events_to_it(feature: Feature) -> None:
    outbox = added(flagship_document(), "outbox")
    brought = {"relay.py", "sinks/__init__.py", f"sinks/{feature}.py"}
    assert added(flagship_document(), feature) == {*outbox, *brought}
    assert codes(flagship_document(), feature) == []


def test_an_outbox_alone_has_nothing_of_engines() -> None:
    files = generate_from(flagship_document(), features=["outbox"]).files
    assert not {"_runtime/relay/pump.py", "_runtime/relay/relay.py", "relay.py"} & set(files)
    assert "Relay" not in files["outbox.py"]
