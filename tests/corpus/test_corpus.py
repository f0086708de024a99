"""Real documents: what is generated from each without configuration is whole and well typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from .catalogue import INVALID, LARGE, SWAGGER, entries
from .fetching import fetched
from .judging import generated, lacking, package_name, typed_badly

CHOSEN = [entry for entry in entries() if entry.name not in LARGE]


@pytest.mark.heavy
def test_real_documents_become_whole_and_well_typed_packages(tmp_path: Path) -> None:
    packages, wrong = [], {}
    for entry in CHOSEN:
        document, package = fetched(entry), tmp_path / package_name(entry.name)
        if entry.name in INVALID | SWAGGER:
            assert generated(document, package).refused
        outcome = generated(document, package, lenient=entry.name in INVALID)
        if entry.name in SWAGGER:
            continue
        if outcome.error:
            wrong[entry.name] = outcome.error
            continue
        packages.append(package)
        missing = list(lacking(document, package))
        if missing:
            wrong[entry.name] = missing[0]

    assert wrong == {}
    assert typed_badly(packages, tmp_path / ".mypy_cache") == []
