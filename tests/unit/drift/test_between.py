"""Documents that may be invalid, small and large."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drift.documents import flagship
from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import Document, load_bytes
from eventwright.drift.between import model_of


def document(**more: Any) -> Document:
    return load_bytes(json.dumps({**flagship(), **more}).encode(), "document.json")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"paths": ["x"]}, "paths"),
        ({"info": {"title": "No version"}}, "version"),
        ({"servers": [{}]}, "url"),
        ({"components": {}}, "components/schemas"),
    ],
)
def test_what_cannot_be_understood_is_explained(more: dict[str, Any], message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        model_of(document(**more))


def test_names_that_could_not_be_generated_are_no_obstacle() -> None:
    """Two classes of one name, two methods of one name, two events of one literal."""
    made = {"type": "string", "enum": ["Made"]}
    shapes: list[dict[str, Any]] = [
        {"type": "object", "properties": {"event": made, key: {"type": "string"}}} for key in "ab"
    ]
    bodies = [{"content": {"application/json": {"schema": shape}}} for shape in shapes]
    answer = {"200": {"description": "done"}}
    paths = {
        f"/{name}": {"post": {"operationId": name, "requestBody": body, "responses": answer}}
        for name, body in zip(("do_it", "doIt"), bodies, strict=True)
    }
    assert len(model_of(document(paths=paths)).events) == 2
