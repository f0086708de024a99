"""What is in itself has a type all the same: classes stand between it and itself."""

from __future__ import annotations

from typing import Any

from support import event, event_document, generate_from


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


COMPONENTS: dict[str, Any] = {
    "Expr": {"oneOf": [ref("Add"), {"type": "integer"}]},
    "Add": {"type": "object", "required": ["terms"], "properties": {"terms": ref("Exprs")}},
    "Exprs": {"type": "array", "items": ref("Expr")},
    "Node": {"type": ["object", "null"], "properties": {"parent": ref("Node")}},
    "Tree": {"oneOf": [{"type": "integer"}, {"type": "array", "items": ref("Tree")}]},
}


def test_what_is_in_itself_is_spelt_out_up_to_its_classes() -> None:
    keys = {"sum": ref("Expr"), "all": ref("Exprs"), "node": ref("Node"), "tree": ref("Tree")}
    made = event_document(event("Made", keys), components=COMPONENTS)
    text = " ".join(generate_from(made).files["events.py"].split())
    assert "terms: Annotated[ tuple[Add | int, ...]," in text
    assert "parent: Annotated[ Node | None | Unset," in text
    assert "tree: Annotated[ int | tuple[int | tuple[Any, ...], ...] | None," in text
