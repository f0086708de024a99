"""The alternatives: installed into .venv-bench, their code generated into a temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec" / "customerio-semantic-events.json"
VENV = ROOT / ".venv-bench"
BIN = VENV / "bin"
_REQUIREMENTS = Path(__file__).parent / "requirements.txt"
_STAMP = VENV / ".installed"

PYDANTIC_FLAGS = (
    "--output-model-type pydantic_v2.BaseModel --input-file-type openapi --snake-case-field"
    " --enum-field-as-literal all --use-one-literal-as-default --extra-fields allow"
    " --output-datetime-class AwareDatetime --use-union-operator --use-standard-collections"
    " --target-python-version 3.11 --formatters builtin --disable-timestamp"
).split()
"""The nearest to a builder in what it validates."""


def install() -> None:
    """Make .venv-bench with the Python that runs this, unless it is there and current."""
    wanted = f"{sys.version}\n{_REQUIREMENTS.read_text(encoding='utf-8')}"
    if _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == wanted:
        return
    print("setting up .venv-bench …", flush=True)
    run(sys.executable, "-m", "venv", "--clear", VENV)
    (VENV / ".gitignore").write_text("*\n", encoding="utf-8")
    pip = (BIN / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--requirement", _REQUIREMENTS)
    _STAMP.write_text(wanted, encoding="utf-8")


def generate(folder: Path) -> None:
    """The peers' code from the flagship document: `peer_pydantic` and `peer_opc`."""
    models = folder / "peer_pydantic.py"
    run(BIN / "datamodel-codegen", "--input", SPEC, "--output", models, *PYDANTIC_FLAGS)
    run(*opc(SPEC, folder), "--output-path", folder / "peer_opc")


def opc(document: Path, folder: Path) -> tuple[str | Path, ...]:
    """The command line of openapi-python-client, its settings written into that folder."""
    settings = folder / "openapi-python-client.json"
    settings.write_text('{"post_hooks": []}', encoding="utf-8")
    flags = ("--path", document, "--config", settings, "--meta", "none")
    return (BIN / "openapi-python-client", "generate", *flags)


def run(*command: str | Path, cwd: Path | None = None, path: tuple[Path, ...] = ()) -> str:
    """What a command prints; what it says on failure goes into the exception.

    Args:
        cwd: where it runs; by default here.
        path: where its Python finds modules.
    """
    environment = {**inherited(), "PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} exited with {done.returncode}:\n{done.stderr}")
    return done.stdout


def inherited() -> dict[str, str]:
    """The environment of what is measured: bytecode is cached, as it is where nobody measures."""
    left_out = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in left_out}
