"""A folder per case: a small document, and the events module it gives or what is said of it.

`cases/<name>/` holds `openapi.yaml` and perhaps `eventwright.toml`; with them `expected/events.py`,
or `stderr.txt`. A case that is about the clients has `expected/api.py` and `expected/client.py`
too; one about notes `expected/notes.txt`. To accept what comes out now, run
`pytest tests/test_cases.py --update-snapshots`, read the diff, and commit it.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from eventwright.config.loading import load_config
from eventwright.diagnostics.diagnostic import UserError
from eventwright.diagnostics.notes import note_lines
from eventwright.document.load import Document, load_document
from eventwright.model.model import Model
from eventwright.project.notes import notes
from eventwright.project.pipeline import generate
from eventwright.validation.validate import validate

CASES = Path(__file__).parent / "cases"
_OTHERS = ("api.py", "client.py", "notes.txt")
_CONFIG = '[[client]]\nspec = "openapi.yaml"\noutput = "out"\n'


def _run(case: Path, folder: Path) -> dict[str, str]:
    """What comes of a case: its snapshots by path. One folder, so that no path is in a message."""
    for path in case.glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    config = folder / "eventwright.toml"
    if not config.exists():
        config.write_text(_CONFIG, "utf-8")
    try:
        client = load_config(config, folder).clients[0]
        document = load_document(folder / client.spec, shown=client.spec)
        validate(document)
        generated = generate(document, client)
    except UserError as error:
        return {"stderr.txt": f"{error}\n".replace(f"{folder}/", "")}
    files = {**generated.files, "notes.txt": _notes(document, generated.model)}
    shown = ["events.py", *(name for name in _OTHERS if (case / "expected" / name).exists())]
    return {f"expected/{name}": files[name] for name in shown}


def _notes(document: Document, model: Model) -> str:
    found = notes(document, model.remarks)
    return "".join(f"{line}\n" for line in note_lines(found, len(found), lambda text, _: text))


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir() if path.is_dir()))
def test_case(name: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    case = CASES / name
    found = _run(case, tmp_path)
    snapshots = [*case.glob("expected/*"), *case.glob("stderr.txt")]
    if pytestconfig.getoption("update_snapshots"):
        for path in snapshots:
            path.unlink()
        for relative, text in found.items():
            (case / relative).parent.mkdir(exist_ok=True)
            (case / relative).write_text(text, "utf-8")
        return
    expected = {p.relative_to(case).as_posix(): p.read_text("utf-8") for p in snapshots}
    assert found == expected


def test_snapshots_are_python() -> None:
    paths = sorted(CASES.glob("*/expected/*.py"))
    assert paths
    for path in paths:
        ast.parse(path.read_text("utf-8"))
