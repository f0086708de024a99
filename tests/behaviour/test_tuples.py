"""Lists whose leading items have types of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support import event, event_document, generate_from, import_package

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
PAIR = {"type": "array", "prefixItems": [TEXT, {"type": ["integer", "null"]}]}


@pytest.mark.parametrize(
    ("schema", "kept", "given"),
    [
        ({**PAIR, "items": False, "minItems": 2}, "tuple[str, int | None]", "str | int | None"),
        ({**PAIR, "maxItems": 2, "minItems": 2}, "tuple[str, int | None]", "str | int | None"),
        ({**PAIR, "items": False}, "tuple[str | int | None, ...]", "str | int | None"),
        ({**PAIR, "items": {"type": "boolean"}}, "tuple[str | int | bool | None, ...]", ""),
        (PAIR, "tuple[Any, ...]", "Any"),
        ({"type": "array", "items": NUMBER, "minItems": 2}, "tuple[int, ...]", "int"),
    ],
)
def test_the_types_of_their_items(schema: Any, kept: str, given: str) -> None:
    text = generate_from(event_document(event("A", {"a": schema}, required=["a"]))).files[
        "events.py"
    ]
    said = "".join(text.split())
    assert "".join(f"a: Annotated[{kept}, _nesting.Array(".split()) in said
    if given:
        assert "".join(f"a: Sequence[{given}],".split()) in said


def test_they_are_tuples(tmp_path: Path) -> None:
    schema = {**PAIR, "items": False, "minItems": 2}
    module = import_package(event_document(event("A", {"a": schema})), tmp_path)
    made = module.A(a=["x", None])
    assert made.a == ("x", None)
    assert made.to_dict() == {"event": "A", "a": ["x", None]}
