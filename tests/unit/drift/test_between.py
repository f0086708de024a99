"""Documents that may be invalid, small and large."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drift.documents import flagship
from eventwright.diagnostics import DocumentError
from eventwright.drift import between
from eventwright.drift.between import model_of
from eventwright.load import Document, load_bytes


def document(**more: Any) -> Document:
    return load_bytes(json.dumps({**flagship(), **more}).encode(), "document.json")


@pytest.mark.parametrize("large", [1 << 30, 0], ids=["small", "large"])
@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"paths": ["x"]}, "paths"),
        ({"info": {"title": "No version"}}, "version"),
        ({"servers": [{}]}, "url"),
        ({"components": {}}, "components/schemas"),
    ],
)
def test_what_cannot_be_understood_is_explained(
    large: int, more: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(between, "_LARGE", large)
    with pytest.raises(DocumentError, match=message):
        model_of(document(**more))


def test_a_large_document_is_not_validated_for_its_own_sake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Document] = []
    monkeypatch.setattr(between, "validate", asked.append)
    valid = document()
    assert model_of(valid).events
    monkeypatch.setattr(between, "_LARGE", 0)
    assert model_of(valid).events
    assert asked == [valid]
