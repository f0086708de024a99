"""The quick `check` and `generate`: "nothing changed", answered from the locks alone.

It says yes or it says nothing: whatever is unusual, stale or broken is left to the full check.
It imports nothing beyond what the interpreter has loaded when it starts; see
docs/decisions/0003-quick-check.md for what that buys.
"""

from __future__ import annotations

import os
import time

from .. import __version__
from . import fingerprint, minitoml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LOCK_NAME = "eventwright.lock"
LOCK_VERSION = 1
CONFIG_NAME = "eventwright.toml"
PROJECT_NAME = "pyproject.toml"

Section = dict[str, str]


def answer(arguments: list[str]) -> str | None:
    """What a command prints when all is in sync; None: not known here.

    Args:
        arguments: of the command line, the command's name first.
    """
    # The command proper meets the same fault again and explains it.
    try:
        if arguments[:1] == ["check"]:
            return _check(arguments[1:])
        if arguments[:1] == ["generate"] and fingerprint.is_release():
            return _generate(arguments[1:])
    except (OSError, ValueError, KeyError, RecursionError):
        pass
    return None


def _check(arguments: list[str]) -> str | None:
    options = _options(arguments, {"--config": "", "--format": "text"})
    if options is None or options["--format"] not in ("text", "json"):
        return None
    outputs = [(spec, output) for spec, output, _ in _clean(options["--config"])]
    if not outputs:
        return None
    return clean_json(outputs) if options["--format"] == "json" else clean_text(outputs)


def _generate(arguments: list[str]) -> str | None:
    began = time.perf_counter()
    options = _options(arguments, {"--config": ""})
    if options is None:
        return None
    clean = _clean(options["--config"])
    if not clean:
        return None
    from .summary import summary

    seconds = time.perf_counter() - began
    lines: list[str] = []
    for spec, output, lock in clean:
        events = int(lock[""]["events"]) if spec else None
        lines.append(summary(output, events, unchanged=len(lock["files"]), seconds=seconds))
    return "".join(f"{line}\n" for line in lines)


def clean_text(outputs: list[tuple[str, str]]) -> str:
    """One line for each (spec, output) that is in sync."""
    return "".join(f"{clean_line(spec, output)}\n" for spec, output in outputs)


def clean_line(spec: str, output: str) -> str:
    """What is said of a client that is in sync."""
    return f"{output}: in sync with {spec or 'the clients that share it'}"


def clean_json(outputs: list[tuple[str, str]]) -> str:
    """The JSON report of a run without findings; the paths hold nothing to escape."""
    clients = ",\n".join(
        f'    {{"spec": "{spec}", "output": "{output}", "status": "in-sync", "problems": [],'
        f' "changes": [], "diff": ""}}'
        for spec, output in outputs
    )
    return f'{{\n  "checkVersion": 1,\n  "status": "in-sync",\n  "clients": [\n{clients}\n  ]\n}}\n'


def _options(arguments: list[str], options: dict[str, str]) -> dict[str, str] | None:
    """What the arguments make of the default options; None for any argument that is none."""
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name not in options or not (equals or rest):
            return None
        options[name] = value if equals else rest.pop(0)
    return options


def _clean(config: str) -> list[tuple[str, str, dict[str, Section]]]:
    """(spec, output, lock) of every client when all of them are clean, else nothing."""
    path = config or find_config(os.getcwd())
    data = _configuration(path) if path else {}
    tables = client_tables(path) if path else []
    runtime = _get(data.get("runtime", {}), "output") if "runtime" in data else ""
    unusual = data.keys() - {"client", "runtime"}  # for the full check to explain
    if not tables or unusual or not isinstance(runtime, str):
        return []
    root = os.path.dirname(os.path.abspath(path))
    known: dict[bytes, str] = {}  # most files of a package are copies of templates
    templates = fingerprint.templates_sha256(known)
    found: list[tuple[str, str, dict[str, Section]]] = []
    shared: list[dict[str, object]] = [{"spec": "", "output": runtime}] if runtime else []
    for table in (*tables, *shared):
        lock = _clean_lock(root, table, templates, runtime, known)
        if lock is None:
            return []
        found.append((str(table["spec"]), str(table["output"]), lock))
    return found


def find_config(folder: str) -> str:
    """`eventwright.toml` in `folder` or the nearest one above; "" where another file may rule."""
    while True:
        path = os.path.join(folder, CONFIG_NAME)
        if os.path.isfile(path):
            return path
        project = os.path.join(folder, PROJECT_NAME)
        if os.path.isfile(project) and b"eventwright" in fingerprint.read_bytes(project):
            return project
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent


def client_tables(path: str) -> list[dict[str, object]]:
    """The `[[client]]` tables of a configuration file, unchecked; none where there are none."""
    clients = _configuration(path).get("client")
    tables = clients if isinstance(clients, list) else []
    return [table for table in tables if isinstance(table, dict)]


def _configuration(path: str) -> dict[str, object]:
    """What the file says of eventwright, unchecked; empty where it cannot be read as TOML."""
    text = fingerprint.read_bytes(path).decode().removeprefix("\ufeff")
    data: object = minitoml.read(text)
    if data is None:
        import tomllib

        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return {}
    if os.path.basename(path) == PROJECT_NAME:
        data = _get(_get(data, "tool"), "eventwright")
    return data if isinstance(data, dict) else {}


def _get(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, dict) else None


def _clean_lock(
    root: str, table: dict[str, object], templates: str, runtime: str, known: dict[bytes, str]
) -> dict[str, Section] | None:
    """A client's lock when all that it says still holds; without `spec`, that of the runtime."""
    spec, output = table.get("spec"), table.get("output")
    if not (isinstance(spec, str) and isinstance(output, str)):
        return None
    if not _plain(spec + output) or any(part in ("", ".") for part in output.split("/")):
        return None
    folder = os.path.join(root, output)
    if os.path.lexists(os.path.join(folder, ".eventwright")):
        return None  # a run was interrupted, or something was planted
    lock = read_plain_lock(fingerprint.read_bytes(os.path.join(folder, LOCK_NAME)).decode())
    facts = {
        "lock_version": str(LOCK_VERSION),
        "config_sha256": fingerprint.options_sha256(table if spec else {}, runtime),
        "generator": __version__,
        "spec": spec,
        "spec_sha256": fingerprint.document_sha256(os.path.join(root, spec)) if spec else "",
        "templates_sha256": templates,
    }
    holds = (
        lock is not None
        and "notes" not in lock[""]
        and facts.items() <= lock[""].items()
        and all(fingerprint.is_installed(*tool) for tool in lock["tools"].items())
        and _files_agree(root, lock["overlays"], fingerprint.text_sha256)
        and _files_agree(root, lock.get("documents", {}), fingerprint.text_sha256)
        and _templates_agree(root, table.get("templates_dir"), lock.get("templates", {}))
        and _folder_agrees(folder, lock["files"], known)
    )
    return lock if holds else None


def read_plain_lock(text: str) -> dict[str, Section] | None:
    """A lock as `lock.dump` lays it out: its sections, and under "" its plain values.

    None for a layout or an escape that this does not know; JSON proper may still read it. Notes are
    such a layout: a client that has some is for the commands proper, which print them.
    """
    lines = text.splitlines()
    if lines[:1] != ["{"] or lines[-1:] != ["}"] or "\\" in text:
        return None
    sections: dict[str, Section] = {name: {} for name in ("", "files", "overlays", "tools")}
    current = sections[""]
    for line in lines[1:-1]:
        match line.rstrip(",").split('"'):
            case ["  ", name, ": {"]:
                current = sections.setdefault(name, {})
            case ["  }"]:
                current = sections[""]
            case ["  ", name, ": {}"]:
                sections[name] = {}
            case ["  " | "    ", name, ": ", value, ""]:
                current[name] = value
            case ["  ", name, value]:
                current[name] = value.removeprefix(": ")
            case _:
                return None
    return sections


def _plain(text: str) -> bool:
    """Printable as it is, in JSON too."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _files_agree(folder: str, files: Section, hash: Callable[[bytes], str]) -> bool:
    read = fingerprint.read_bytes
    return all(hash(read(f"{folder}/{path}")) == sha for path, sha in files.items())


def _templates_agree(root: str, folder: object, templates: Section) -> bool:
    """Whether the project's own templates are those that the lock names."""
    if folder is None:
        return not templates
    path = f"{root}/{folder}"
    found = {name for name in os.listdir(path) if name[0] != "."}
    return found == templates.keys() and _files_agree(path, templates, fingerprint.text_sha256)


def _folder_agrees(folder: str, files: Section, known: dict[bytes, str]) -> bool:
    def sha256(data: bytes) -> str:
        return known.get(data) or fingerprint.sha256(data)

    found = fingerprint.walk(folder)
    code = {path for path in found if path.endswith((".py", ".pyi"))}
    return code <= files.keys() <= set(found) and _files_agree(folder, files, sha256)
