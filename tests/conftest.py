"""Options, hypothesis settings and the packages that many tests look at."""

from __future__ import annotations

import os
from types import ModuleType

import hypothesis
import pytest

from support import FLAGSHIP_CONFIG, flagship_document, import_package

# Nothing random in the default run: a failure can be repeated, and a pass means the same each time.
hypothesis.settings.register_profile(
    "default",
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.register_profile(
    "search", hypothesis.settings.get_profile("default"), max_examples=2000, derandomize=False
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-snapshots",
        action="store_true",
        help="write what the cases give into tests/cases/*/, to be read and committed",
    )


@pytest.fixture(scope="session")
def flagship(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The events module generated from the flagship document."""
    folder = tmp_path_factory.mktemp("flagship")
    return import_package(flagship_document(), folder, **FLAGSHIP_CONFIG)
