"""`generate` and `check`, against the same jobs done by others."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from corpus.catalogue import entries
from corpus.fetching import fetched

from . import peers
from .commands import OURS, Command, once
from .documents import RELEASES, released
from .large import write_events

_PEER = peers.BIN / "datamodel-codegen"
_CLIENT_FLAGS = (
    "--input-file-type openapi --output models.py --output-model-type pydantic_v2.BaseModel"
    " --generate-client httpx2 --client-output client --client-package client"
    " --client-model-package models --disable-timestamp"
).split()
_MINUS_ONE = (
    "/components/schemas/discussion/properties/reactions/properties/-1",
    "/components/schemas/reaction-rollup/properties/-1",
    "/components/schemas/pull-request-review-comment-event/properties/comment/properties/reactions"
    "/properties/-1",
)
"""Keys of the public API beside which there is a `+1`."""
_THREE = "openai.yml"


def checks(scratch: Path) -> dict[str, Command]:
    """`check` where nothing changed, the same of datamodel-codegen, and Python doing nothing."""
    ours, theirs = _flagship(scratch / "check", flavours=True), _peer(scratch / "check-peer")
    once(_generate(ours))
    once(Command(line=theirs.line, folder=theirs.folder))
    module = (sys.executable, "-m", "eventwright", "check")
    return {
        "check python -c pass": Command(line=(sys.executable, "-c", "pass"), folder=ours),
        "check script": Command(line=(OURS, "check"), folder=ours),
        "check module": Command(line=module, folder=ours),
        "check datamodel-codegen": Command(line=(*theirs.line, "--check"), folder=theirs.folder),
    }


def generations(scratch: Path) -> dict[str, Command]:
    """Generating the flagship's client anew, nothing there before."""
    plain = _flagship(scratch / "generate", flavours=False)
    flavoured = _flagship(scratch / "generate-flavoured", flavours=True)
    theirs = _peer(scratch / "generate-peer")
    quick = _peer(scratch / "generate-peer-quick", "--formatters", "builtin")
    return {
        "generate eventwright": _generate(plain),
        "generate eventwright with pydantic": _generate(flavoured),
        "generate datamodel-codegen": theirs,
        "generate datamodel-codegen unformatted": quick,
    }


def hundreds(scratch: Path) -> dict[str, Command]:
    """A hundred events in one document."""
    document = scratch / "hundred.json"
    write_events(peers.SPEC.read_text(encoding="utf-8"), 100, document)
    return {
        "generate 100 eventwright": _generate(_project(scratch / "100", document, "")),
        "generate 100 openapi-python-client": _opc(scratch / "100-peer", document),
    }


def thousand(scratch: Path) -> Path:
    """The folder of a package of a thousand events."""
    document = scratch / "thousand.json"
    write_events(peers.SPEC.read_text(encoding="utf-8"), 1000, document)
    project = _project(scratch / "1000", document, "")
    once(_generate(project))
    return project / "generated"


def large(scratch: Path) -> dict[str, Command]:
    """Public APIs of 3 and of 13 MB; the second only where npm is there to fetch it."""
    three = fetched(next(entry for entry in entries() if entry.name == _THREE))
    commands = {
        "generate 3 MB eventwright": _generate(_project(scratch / "3", three, "lenient = true\n")),
        "generate 3 MB openapi-python-client": _opc(scratch / "3-peer", three),
    }
    document = released(RELEASES[-1])
    if document is None:
        return commands
    named = "".join(f'"{pointer}" = "minus_1"\n' for pointer in _MINUS_ONE)
    settings = f'events = ["gists/create"]\n[client.fields]\n{named}'
    return commands | {
        "generate 13 MB eventwright": _generate(_project(scratch / "large", document, settings)),
        "generate 13 MB openapi-python-client": _opc(scratch / "large-peer", document),
    }


def _flagship(folder: Path, *, flavours: bool) -> Path:
    """A copy of this repository's configuration and document."""
    (folder / "spec").mkdir(parents=True)
    shutil.copy(peers.SPEC, folder / "spec")
    text = (peers.ROOT / "eventwright.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if flavours or not line.startswith("flavours")]
    (folder / "eventwright.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _project(folder: Path, document: Path, settings: str) -> Path:
    """A project of that document and those settings of its client."""
    folder.mkdir()
    spec = f"spec{document.suffix}"
    shutil.copy(document, folder / spec)
    head = f'[[client]]\nspec = "{spec}"\noutput = "generated/client"\n'
    (folder / "eventwright.toml").write_text(head + settings, encoding="utf-8")
    return folder


def _generate(folder: Path) -> Command:
    return Command(line=(OURS, "generate"), folder=folder, fresh=("generated",))


def _peer(folder: Path, *flags: str) -> Command:
    folder.mkdir()
    line: tuple[str | Path, ...] = (_PEER, "--input", peers.SPEC, *_CLIENT_FLAGS, *flags)
    return Command(line=line, folder=folder, fresh=("client",))


def _opc(folder: Path, document: Path) -> Command:
    """openapi-python-client without its hooks: what it writes is not formatted."""
    folder.mkdir()
    line = peers.opc(document, folder)
    return Command(line=(*line, "--output-path", "client"), folder=folder, fresh=("client",))
