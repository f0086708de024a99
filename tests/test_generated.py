"""`generated/` is the big snapshot: what the generator makes of the flagship today, to the byte."""

from __future__ import annotations

from pathlib import Path

from eventwright.config.loading import load_config
from eventwright.document.load import load_document
from eventwright.project.pipeline import generate
from eventwright.validation.validate import validate
from support import ROOT


def test_generated_is_what_the_generator_makes() -> None:
    (client,) = load_config(None, ROOT).clients
    document = load_document(ROOT / client.spec, shown=client.spec)
    validate(document)
    made = generate(document, client).files
    folder = ROOT / client.output
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    assert sorted(there) == sorted(made), "run `make generate` and commit generated/"
    stale = [name for name, path in there.items() if path.read_bytes() != made[name].encode()]
    assert stale == [], "run `make generate`, read the diff, and commit generated/"


def _files(folder: Path) -> list[Path]:
    own = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return [path for path in own if path.name != "eventwright.lock"]
