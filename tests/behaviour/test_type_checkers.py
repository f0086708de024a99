"""mypy and pyright, strict, for the oldest Python: on the output and on programs that use it."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eventwright.emit.declarations import events as events_views
from eventwright.emit.views import client as client_views
from keyword_schemas import keyword_document
from support import (
    FLAGSHIP_CONFIG,
    ROOT,
    event_document,
    flagship_document,
    generate_from,
    write_package,
)

TYPING = ROOT / "tests" / "typing"
PYRIGHT = ROOT / "tests" / "node_modules" / ".bin" / "pyright"
Errors = dict[tuple[str, int], str]
"""File and line -> what was said there."""

needs_pyright = pytest.mark.skipif(
    not PYRIGHT.exists() and os.environ.get("CI") != "true",
    reason="pyright is not installed: npm ci in tests/",
)


def mypy(files: Sequence[Path], folder: Path) -> Errors:
    """Errors of `mypy --strict` when run in `folder`, where imports are found."""
    options = "--strict --python-version 3.10 --output json --config-file= --cache-dir=.mypy"
    names = [str(path.relative_to(folder)) for path in files]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options.split(), *names],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]
    return _gathered((e["file"], e["line"], e["message"]) for e in found if e["severity"] != "note")


def pyright(files: Sequence[Path], folder: Path) -> Errors:
    """The same of pyright; warnings count."""
    config = {
        "include": [str(path.relative_to(folder)) for path in files],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
        "enableTypeIgnoreComments": False,
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [str(PYRIGHT), "-p", str(folder), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True)
    said: Any = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] >= len(files)
    return _gathered(
        (
            str(Path(e["file"]).relative_to(folder.resolve())),
            e["range"]["start"]["line"] + 1,
            e["message"],
        )
        for e in said["generalDiagnostics"]
    )


CHECKERS = [
    pytest.param(mypy, id="mypy"),
    pytest.param(pyright, id="pyright", marks=[needs_pyright, pytest.mark.heavy]),
]


def _gathered(found: Any) -> Errors:
    errors: Errors = {}
    for file, line, message in found:
        errors[file, line] = errors.get((file, line), "") + message + "\n"
    return errors


@pytest.fixture(scope="module")
def flagship_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the flagship's package, as a program has it beside itself."""
    folder = tmp_path_factory.mktemp("typing")
    files = generate_from(flagship_document(), **FLAGSHIP_CONFIG).files
    write_package(files, folder / "customerio_events")
    return folder


@pytest.mark.parametrize("checker", CHECKERS)
def test_program(flagship_folder: Path, checker: Any) -> None:
    """The package itself and a program that uses all of it."""
    program = flagship_folder / "program.py"
    program.write_text((TYPING / "program.py").read_text("utf-8"), "utf-8")
    assert checker([program, flagship_folder / "customerio_events"], flagship_folder) == {}


@pytest.mark.parametrize("checker", CHECKERS)
def test_wrong_programs(flagship_folder: Path, checker: Any) -> None:
    """Each line of wrong.txt is an error, and for the reason it gives."""
    lines = (TYPING / "wrong.txt").read_text("utf-8").splitlines()
    cases = [line.split(" ## ") for line in lines if not line.startswith("#")]
    program = flagship_folder / "wrong.py"
    written = ["from customerio_events import *", *(case[0] for case in cases)]
    program.write_text("\n".join(written) + "\n", "utf-8")
    errors = checker([program], flagship_folder)
    for number, (code, *reasons) in enumerate(cases, 2):
        said = errors.get(("wrong.py", number), "nothing")
        assert reasons[checker is pyright] in said, f"{code}: {said}"


_COMPONENTS = {
    "item": {"type": "object", "properties": {"a": {"type": "string"}}},
    "loop": {
        "anyOf": [
            {"$ref": "#/components/schemas/item"},
            {"type": "array", "items": {"$ref": "#/components/schemas/loop"}},
        ]
    },
    "map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/map"}},
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages: every keyword, also as a large one, and bodies that are no events."""
    folder = tmp_path_factory.mktemp("packages")
    bodies: tuple[dict[str, Any], ...] = (
        {},
        {"type": "string"},
        {"type": "array", "items": {"$ref": "#/components/schemas/loop"}},
        {"type": "array", "items": {"$ref": "#/components/schemas/item"}},
        {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/map"}},
    )
    other = event_document({}, components=_COMPONENTS)
    for number, body in enumerate(bodies):
        operation = copy.deepcopy(other["paths"]["/events"]["post"])
        operation["requestBody"]["content"]["application/json"]["schema"] = body
        other["paths"][f"/bodies/{number}"] = {"post": {**operation, "operationId": f"put{number}"}}
    large = {
        "type": "object",
        "required": ["constant", "fraction"],
        "properties": {
            "constant": {"const": 2**63},
            "fraction": {"const": 1.5},
            "one": {"type": "integer", "enum": [-(2**70)]},
            "some": {"enum": [2**64, 1]},
        },
    }
    documents = [keyword_document("3.1.0"), other, event_document({"type": "string"})]
    for number, document in enumerate((*documents, event_document(large))):
        write_package(generate_from(document).files, folder / f"package_{number}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events_views, "MOST_IN_ONE_MODULE", 0)
        patch.setattr(client_views, "MOST_IN_ONE_MODULE", 0)
        write_package(generate_from(keyword_document("3.1.0")).files, folder / "package_large")
    adapters = ("aiohttp", "httpx", "urllib3")
    pydantic = generate_from(event_document(large), flavours=["pydantic"], transports=adapters)
    write_package(pydantic.files, folder / "package_pydantic")
    return folder


@pytest.mark.parametrize("checker", CHECKERS)
def test_other_documents(packages: Path, checker: Any) -> None:
    assert checker(sorted(packages.glob("package_*")), packages) == {}


def test_ruff(packages: Path, flagship_folder: Path) -> None:
    """Ruff's default rules, without a comment that silences any checker."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    folders = [str(packages), str(flagship_folder / "customerio_events")]
    done = subprocess.run([*command, *folders], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    for path in (path for folder in folders for path in Path(folder).rglob("*.py")):
        text = path.read_text("utf-8")
        for silencer in ("# type:", "# noqa", "# pyright:"):
            assert silencer not in text, path
