"""A plugin for pytest: clients that record, as fixtures.

    pytest_plugins = ["acme_events.pytest_plugin"]  # in conftest.py

    def test_my_program(acme_events_client):
        my_program(acme_events_client)
        assert acme_events_client.events == [...]

Fixtures are called after the package: `acme_events_client`, `acme_events_async_client`, and
`acme_events_options`, which a module or a class overrides with what the clients are made with, such
as `{"answers": [answer(400)]}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from .testing import AsyncRecordingClient, RecordingClient

__all__ = ["async_recording_client", "options", "recording_client"]

_PACKAGE: Final = __name__.split(".")[-2]


@pytest.fixture(name=f"{_PACKAGE}_options")
def options() -> dict[str, Any]:
    """What the clients are made with; to be overridden."""
    return {}


@pytest.fixture(name=f"{_PACKAGE}_client")
def recording_client(request: pytest.FixtureRequest) -> Iterator[RecordingClient]:
    """A client that sends nothing and remembers everything."""
    with RecordingClient(**request.getfixturevalue(f"{_PACKAGE}_options")) as client:
        yield client


@pytest.fixture(name=f"{_PACKAGE}_async_client")
def async_recording_client(request: pytest.FixtureRequest) -> AsyncRecordingClient:
    """Its async twin, which has nothing to close."""
    return AsyncRecordingClient(**request.getfixturevalue(f"{_PACKAGE}_options"))
