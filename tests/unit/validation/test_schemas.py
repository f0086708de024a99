"""The schemas that documents are held to are those of openapi-spec-validator."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_schema_validator._specifications import REGISTRY
from openapi_spec_validator.schemas import schema_v30, schema_v31

from eventwright.validation import schemas

VERSIONS: dict[tuple[int, int], tuple[Any, Any]] = {
    (3, 0): (schema_v30, OAS30Validator),
    (3, 1): (schema_v31, OAS31Validator),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("moved", [False, True], ids=["read", "asked"])
def test_they_are_the_libraries_own(
    version: tuple[int, int], moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if moved:  # a release that has its files elsewhere
        monkeypatch.setattr(schemas, "_read", lambda package, path: None)
    document, validator = VERSIONS[version]
    assert schemas.of_documents(version) == dict(document)
    assert schemas.of_schemas(version) == validator.META_SCHEMA
    assert all(REGISTRY.contents(uri) == schema for uri, schema in schemas.referred_to())


def test_an_unknown_version_has_none() -> None:
    assert schemas.of_documents((3, 9)) is None
    assert schemas.of_schemas((3, 9)) is None


def test_reading_them_imports_no_validator() -> None:
    script = (
        "import sys; from eventwright.validation import schemas as s; "
        "s.of_documents((3, 0)), s.of_schemas((3, 0)), s.of_schemas((3, 1)), s.referred_to(); "
        "print(sorted(m for m in sys.modules if m.startswith(('openapi_', 'jsonschema'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
