"""What becomes of a document: generated, imported, and every operation of it a method."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventwright.diagnostics.diagnostic import UserError, format_diagnostics
from eventwright.project.generating import generate_all
from eventwright.project.project import load_clients
from eventwright.text.parsing import parse_bytes
from eventwright.text.pointers import destination, resolve

_METHODS = frozenset("get put post delete options head patch trace query".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`error`: the first thing that is wrong, "" where nothing is; `seconds` of generating."""

    error: str
    seconds: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether that is a diagnostic, and not a fault of the generator's own."""
        return bool(self.error) and not self.error.startswith(_INTERNAL)


_INTERNAL = "internal error"


def package_name(name: str) -> str:
    """`oas-petstore-30.yaml` → `oas_petstore_30_yaml`."""
    return re.sub(r"\W", "_", name)


def generated(document: Path, package: Path, *, lenient: bool = False) -> Outcome:
    """Generate with no more configuration than there has to be, beside the file `package`."""
    root = package.parent
    (root / document.name).write_bytes(document.read_bytes())
    config = root / f"{package.name}.toml"
    said = "lenient = true\n" if lenient else ""
    config.write_text(f'[[client]]\nspec = "{document.name}"\noutput = "{package.name}"\n{said}')
    began = time.process_time()
    error = ""
    try:
        list(generate_all(load_clients(config), dry_run=False, force=False))
    except UserError as refused:
        error = format_diagnostics(refused.found, 1).replace(os.path.relpath(root) + os.sep, "")
    except Exception as fault:
        error = f"{_INTERNAL}: {type(fault).__name__}: {fault}"
    return Outcome(error=error, seconds=time.process_time() - began)


def lacking(document: Path, package: Path) -> Iterator[str]:
    """What a generated package does not do: modules without import, operations without method,
    answers in JSON without type."""
    command = [sys.executable, "-c", _PROBE, package.name]
    done = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        yield (done.stderr.strip().splitlines() or ["no import"])[-1]
        return
    found = {(method, path): returns for method, path, returns in json.loads(done.stdout)}
    for method, path, operation, data in operations(document):
        returns = found.get((method.upper(), path))
        if returns is None:
            yield f"no method for {method.upper()} {path}"
        elif all("Answer[Any]" in each for each in returns) and _has_type(operation, data):
            yield f"no type for the answer of {method.upper()} {path}"


_PROBE = """
import importlib, inspect, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [each.name for each in pkgutil.walk_packages(package.__path__, sys.argv[1] + ".")]
modules = [importlib.import_module(name) for name in names]
classes = [
    each for module in modules for each in vars(module).values()
    if inspect.isclass(each) and "._runtime" not in each.__module__
]
methods = {}
for each in classes:
    for name, value in vars(each).items():
        if callable(value):
            said = getattr(value, "__annotations__", {}).get("return", "")
            methods.setdefault(name, []).append(str(said))
endpoints = [each for module in modules for each in vars(module).values()
    if type(each).__name__ == "Endpoint"]
called = [(each, each.name.rpartition(".")[2]) for each in endpoints]
print(json.dumps([(e.method, e.path, methods[name]) for e, name in called if name in methods]))
"""


def operations(document: Path) -> Iterator[tuple[str, str, Any, Any]]:
    """Method, path and operation of each under `paths`, as a reader of the file counts them, and
    the document."""
    data: Any = parse_bytes(document.read_bytes(), document.name)[0]
    for path, item in (data.get("paths") or {}).items():
        item = _followed(item, data)
        for method in item if isinstance(item, dict) and not path.startswith("x-") else ():
            if method in _METHODS:
                yield method, path, item[method], data


def _followed(value: Any, data: Any) -> Any:
    for _ in range(100):
        if not isinstance(value, dict) or "$ref" not in value:
            return value
        place = destination(data, value["$ref"])
        value = resolve(data, place) if place else {}
    return {}


_TELLING = frozenset("type properties items allOf anyOf oneOf enum const".split())


def _has_type(operation: Any, data: Any) -> bool:
    """Whether the document says of all answers that mean success what their JSON is."""
    told = [
        _tells(_followed(response, data), data)
        for status, response in (operation.get("responses") or {}).items()
        if status.startswith("2")
    ]
    return bool(told) and all(told)


def _tells(response: Any, data: Any) -> bool:
    content = response.get("content") if isinstance(response, dict) else None
    for media_type, value in (content or {}).items():
        schema = _followed((value or {}).get("schema"), data)
        if re.match(r"[^;]*[/+]json\b", media_type):
            return isinstance(schema, dict) and not _TELLING.isdisjoint(schema)
    return False


def typed_badly(packages: list[Path], cache: Path) -> list[str]:
    """What `mypy --strict` says of packages that lie in one folder."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
    command += ["--cache-dir", str(cache), *(each.name for each in packages)]
    root = packages[0].parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return [*done.stdout.splitlines(), *done.stderr.splitlines()]
