"""The schemas of OpenAPI, as openapi-spec-validator and what it is built on have them.

They are read from the files of these packages: importing them takes longer than validating most
documents does. Where a file is not where it was, they are imported and asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_VALIDATOR = "openapi_schema_validator"
_DOCUMENTS = "resources/schemas/v{0}.{1}/schema.json"
_DIALECTS = {1: "schemas/oas3.1/metaschema.json", 2: "schemas/oas3.2/dialect/2025-09-17.json"}
_VOCABULARIES = ("schemas/oas3.1/vocabularies/base", "schemas/oas3.2/meta/2025-09-17.json")
_DRAFT_4 = "schemas/draft4/metaschema.json"


def of_documents(version: tuple[int, int]) -> dict[str, Any] | None:
    """The schema of documents of that version of OpenAPI; None for an unknown version."""
    found = _read("openapi_spec_validator", _DOCUMENTS.format(*version))
    if found is not None:
        return found
    from openapi_spec_validator import schemas

    known = getattr(schemas, "schema_v{}{}".format(*version), None)
    return None if known is None else dict(known)


def of_schemas(version: tuple[int, int]) -> dict[str, Any] | None:
    """The schema of the schemas in such documents; None for an unknown version."""
    files = {
        (3, 0): ("jsonschema_specifications", _DRAFT_4),
        **{(3, minor): (_VALIDATOR, path) for minor, path in _DIALECTS.items()},
    }
    if version not in files:
        return None
    found = _read(*files[version])
    if found is not None:
        return found
    import openapi_schema_validator

    validator = getattr(openapi_schema_validator, f"OAS3{version[1]}Validator", None)
    return None if validator is None else dict(validator.META_SCHEMA)


def referred_to() -> Sequence[tuple[str, dict[str, Any]]]:
    """What these schemas refer to beside the drafts of JSON Schema itself: URI and schema."""
    files = [_read(_VALIDATOR, path) for path in (*_DIALECTS.values(), *_VOCABULARIES)]
    found = [(each["$id"], each) for each in files if each is not None]
    if len(found) == len(files):
        return found
    from openapi_schema_validator._specifications import REGISTRY

    return [(uri, each.contents) for uri, each in REGISTRY.items()]


def _read(package: str, path: str) -> dict[str, Any] | None:
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return None
    try:
        schema: dict[str, Any] = json.loads(Path(folders[0], path).read_bytes())
    except OSError:
        return None
    return schema
