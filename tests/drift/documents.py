"""Documents for the drift tests, and their models."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from eventwright.config.config import ClientConfig
from eventwright.document.load import load_bytes
from eventwright.lower.document import lower
from eventwright.model.model import Model

HERE = Path(__file__).parent
FLAGSHIP = HERE.parents[1] / "spec" / "customerio-semantic-events.json"
STRING = {"type": "string"}


def model_of(data: dict[str, Any]) -> Model:
    """The model of a document given as data."""
    return _model(json.dumps(data))


@lru_cache(maxsize=8)
def _model(text: str) -> Model:
    document = load_bytes(text.encode(), "document.json")
    return lower(document, ClientConfig(spec="document.json", output="client"), check=False)


def model_at(path: Path) -> Model:
    """The model of a file."""
    document = load_bytes(path.read_bytes(), path.name)
    return lower(document, ClientConfig(spec=path.name, output="client"), check=False)


def flagship() -> dict[str, Any]:
    """This repo's own document."""
    data: dict[str, Any] = json.loads(FLAGSHIP.read_bytes())
    return data


def varied() -> dict[str, Any]:
    """A document with one of nearly everything: recursion, unions, maps, conditions, headers."""
    data: dict[str, Any] = yaml.safe_load((HERE / "varied.yaml").read_text(encoding="utf-8"))
    return data


def body(schema: dict[str, Any], *, answer: dict[str, Any] | None = None) -> dict[str, Any]:
    """One operation that takes `schema` as `value` in its body and answers `answer`."""
    response: dict[str, Any] = {"description": "done"}
    if answer is not None:
        response["content"] = {"application/json": {"schema": copy.deepcopy(answer)}}
    request = {"type": "object", "properties": {"value": copy.deepcopy(schema)}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "paths": {
            "/send": {
                "post": {
                    "operationId": "send",
                    "requestBody": {"content": {"application/json": {"schema": request}}},
                    "responses": {"200": response},
                }
            }
        },
    }
