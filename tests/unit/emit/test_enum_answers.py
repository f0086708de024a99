"""An answer that is a value of an enum: what its annotation names is imported."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from support import generate_from


@pytest.mark.parametrize("tags", [[], ["a"]])
def test_what_annotations_of_answers_name_is_imported(tags: list[str]) -> None:
    answer = {"description": "", "content": {"application/json": {"schema": {"enum": ["x", "y"]}}}}
    paths: dict[str, Any] = {
        f"/{name}": {"get": {"operationId": name, "tags": [name], "responses": {"200": answer}}}
        if tags
        else {"get": {"operationId": name, "responses": {"200": answer}}}
        for name in ("one", "two")
    }
    data = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    found = 0
    for path, text in generate_from(data).files.items():
        if "| Unrecognized" in text and not path.startswith("_runtime/"):
            imported = {
                name.name
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.ImportFrom)
                for name in node.names
            }
            assert "Unrecognized" in imported, path
            found += 1
    assert found >= 2
