"""By which key events are kept in order: it has to be one that they have."""

from __future__ import annotations

from typing import Any

import pytest

from eventwright.diagnostics.diagnostic import DocumentError
from support import event, event_document, generate_from

PERSON: dict[str, Any] = {"userId": {"type": "string"}, "when": {"type": "string"}}
TENANT = {"tenant_id": {"type": "string"}}


def _default(schema: Any, **config: Any) -> str:
    """The default of `key`, as its source."""
    text = generate_from(event_document(schema), features=("outbox",), **config).files["outbox.py"]
    (line,) = [each for each in text.splitlines() if each.startswith("        key: Key = ")]
    return line.removeprefix("        key: Key = ").rstrip(",")


def test_without_a_word_it_is_the_usual_one_where_there_is_that() -> None:
    assert _default(event("A", PERSON)) == '"userId"'
    assert _default(event("A", TENANT)) == "None"
    assert _default({"oneOf": [event("A", TENANT), event("B", PERSON)]}) == '"userId"'


def test_what_the_configuration_says() -> None:
    assert _default(event("A", PERSON), order_by="when") == '"when"'
    assert _default(event("A", PERSON), order_by="") == "None"


@pytest.mark.parametrize(
    ("schema", "key", "help"),
    [
        (event("A", PERSON), "user_id", "did you mean 'userId'?"),
        (event("A", PERSON), "USERID", "did you mean 'userId'?"),
        (event("A", PERSON), "zzz", "the keys are event, userId, when"),
        (event("A", TENANT), "userId", "the keys are event, tenant_id"),
        ({"oneOf": [event("A", TENANT), event("B", PERSON)]}, "tenantid", "mean 'tenant_id'?"),
        ({"type": "array", "items": event("A", PERSON)}, "userld", "did you mean 'userId'?"),
        ({"type": "array", "items": {"type": "string"}}, "userId", "the keys are none"),
        ({"type": "object"}, "userId", "the keys are none"),
    ],
)
@pytest.mark.parametrize("features", [(), ("outbox",), ("redis",)])
def test_a_key_that_no_body_has(schema: Any, key: str, help: str, features: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        generate_from(event_document(schema), order_by=key, features=features)
    (problem,) = caught.value.diagnostics
    assert problem.code == "E322"
    assert repr(key) in problem.message
    assert help in problem.help
    assert 'order_by = ""' in problem.help


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": event("A", PERSON)},
        {
            "type": "object",
            "required": ["batch"],
            "properties": {"batch": {"type": "array", "items": event("A", PERSON)}},
        },
        {"anyOf": [event("A", PERSON), {"type": "null"}]},
    ],
    ids=["array", "within", "nullable"],
)
def test_a_key_of_events_in_others(schema: Any) -> None:
    generate_from(event_document(schema), order_by="when")
