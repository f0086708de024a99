"""What the document calls deprecated is said to be so wherever a program meets it."""

from __future__ import annotations

import inspect
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support import event_document, generate_from, import_package

OLD = {"type": "string", "deprecated": True}
EVENT = {
    "type": "object",
    "deprecated": True,
    "required": ["event"],
    "properties": {"event": {"const": "Opened"}, "old": OLD},
}


def document(*, deprecated: bool = True) -> dict[str, Any]:
    made = event_document(EVENT)
    post = made["paths"]["/events"]["post"]
    post["deprecated"] = deprecated
    post["parameters"] = [
        {"name": "q", "in": "query", "deprecated": True, "schema": {"type": "string"}},
        {"name": "X-Old", "in": "header", "deprecated": True, "schema": {"enum": ["1"]}},
    ]
    return made


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return import_package(document(), tmp_path_factory.mktemp("old"), flavours=["pydantic"])


def test_operations_parameters_classes_and_keys_say_so(events: ModuleType) -> None:
    package = events.__package__ or ""
    for name in ("Client", "AsyncClient"):
        module = import_module(f"{package}.{'async_' * (name != 'Client')}client")
        doc = inspect.getdoc(getattr(module, name).send) or ""
        assert "\nDeprecated.\n" in doc
    doc = inspect.getdoc(import_module(f"{package}.client").Client.send) or ""
    arguments = doc.partition("Args:")[2]
    assert arguments.count("Deprecated.") == 1, "the query parameter; the switch is the client's"
    assert "Deprecated." in (events.Opened.__doc__ or "")
    assert "Deprecated." in (import_module(f"{package}.pydantic_models").Opened.__doc__ or "")
    assert generate_from(document()).files["events.py"].count("Deprecated.") == 2


def test_nothing_warns_at_run_time(events: ModuleType) -> None:
    client = import_module(f"{events.__package__}.testing").RecordingClient()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.send(events.Opened(old="x"), q="y")
    assert client.events == [events.Opened(old="x")]


def test_only_packages_that_need_the_mark_have_it() -> None:
    assert "_runtime/calls/deprecation.py" in generate_from(document()).files
    assert "_runtime/calls/deprecation.py" not in generate_from(document(deprecated=False)).files


def test_type_checkers_tell_who_calls_it(events: ModuleType, tmp_path: Path) -> None:
    folder = Path(events.__file__ or "").parent
    program = tmp_path / "program.py"
    program.write_text(
        f"from {folder.name}.client import Client\n"
        f"from {folder.name}.events import Opened\n"
        'Client(server="https://a.example").send(Opened())\n'
    )
    command = [sys.executable, "-m", "mypy", "--enable-error-code", "deprecated"]
    for version, told in (("3.10", False), ("3.13", True)):
        run = subprocess.run(
            [*command, "--python-version", version, str(program)],
            cwd=tmp_path,
            env={"MYPYPATH": str(folder.parent), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("deprecated" in run.stdout) == told, run.stdout + run.stderr
