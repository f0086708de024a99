"""Which of the modules that are the same everywhere a package contains: those that it reaches.

They are real Python in `templates/static/`, copied as they are. From the package's own modules
every import is followed, also one within a function or for type checkers alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath

from ..quick.fingerprint import templates_folder

_IMPORT = re.compile(
    r"^ *from (?P<dots>\.+)(?P<module>[\w.]*) import (?:\((?P<block>[^)]*)\)|(?P<line>.*))$", re.M
)
_BLOCK = re.compile(r"(?:^ *from \.[^()\n]*\n)+", re.M)
"""Imports from the package itself, one after the other."""
_ALWAYS = ("py.typed",)
_RUNTIME = "_runtime"


def vendored(own: Mapping[str, str], *, beside: Iterable[str] = ()) -> dict[str, str]:
    """The static modules that a package contains: path -> text.

    Args:
        own: the modules made for the package: path -> text.
        beside: static modules that are asked for, imported or not.
    """
    found = {path: _text(path) for path in _ALWAYS}
    waiting = [name for path, text in own.items() for name in imported(path, text)]
    waiting += [part for path in beside for part in _with_packages(path)]
    while waiting:
        path = waiting.pop()
        if path not in found and path in _modules():
            found[path] = _text(path)
            waiting += imported(path, found[path])
    return found


def asked_of_shared(output: str, files: Mapping[str, str], runtime: str) -> set[str]:
    """The static modules of the runtime that the modules of a package in `output` import."""
    found = (name for path, text in files.items() for name in imported(f"{output}/{path}", text))
    lead = f"{runtime}/"
    return {f"{_RUNTIME}/{name.removeprefix(lead)}" for name in found if name.startswith(lead)}


def shared_runtime(asked: Iterable[str]) -> dict[str, str]:
    """The files of a runtime that packages share: path in its folder -> text."""
    found = vendored({}, beside=asked)
    return {path.removeprefix(f"{_RUNTIME}/"): text for path, text in sorted(found.items())}


def imports_shared(output: str, runtime: str) -> str:
    """How the modules of a package name the runtime that it shares: `.._eventwright`.

    Args:
        output: the package's folder.
        runtime: the runtime's, elsewhere in the same outermost package.
    """
    parts = posixpath.relpath(runtime, output).split("/")
    up = parts.count("..")
    return "." * (up + 1) + ".".join(parts[up:])


def with_shared(path: str, text: str, shared: str) -> str:
    """A module, not formatted yet, with the imports of its runtime leading to the shared one.

    Args:
        path: of the module in the package.
        text: each import of it in one line, unless it is a static one.
        shared: see `imports_shared`.
    """
    depth = len(PurePosixPath(path).parent.parts)
    within = "." * (depth + 1) + _RUNTIME
    placed = re.sub(
        rf"^( *from ){re.escape(within)}\b", rf"\g<1>{'.' * depth}{shared}", text, flags=re.M
    )
    placed = placed.replace('": "._runtime.', f'": "{shared}.') if not depth else placed
    return _BLOCK.sub(lambda block: "".join(_furthest_first(block[0])), placed)


def _furthest_first(block: str) -> list[str]:
    lines = block.splitlines(keepends=True)
    return sorted(lines, key=lambda line: -len(line.split()[1]) + len(line.split()[1].lstrip(".")))


def imported(path: str, text: str) -> Iterator[str]:
    """The paths of the modules that a module may mean by its relative imports, in any order."""
    folder = posixpath.dirname(path)
    for match in _IMPORT.finditer(text):
        names = match["block"] or match["line"] or ""
        yield from _meant(folder, len(match["dots"]), match["module"], names)


@lru_cache(maxsize=1024)  # the modules of a large package import the same
def _meant(folder: str, dots: int, module: str, names: str) -> tuple[str, ...]:
    """What `from ..module import names` may mean in a module of that folder."""
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    base = posixpath.join(folder, *filter(None, module.split(".")))
    found = [*_with_packages(f"{base}.py")]
    for name in names.replace("\n", " ").split(","):
        if name.strip():  # it may be a module of that package
            found += _with_packages(f"{posixpath.join(base, name.split()[0])}.py")
    return tuple(found)


def _with_packages(path: str) -> Iterator[str]:
    """A module, and what is executed before it: the packages that it is in."""
    yield path
    folder = path.removesuffix(".py")
    while folder:
        yield f"{folder}/__init__.py"
        folder = posixpath.dirname(folder)
    yield "__init__.py"


@cache
def _modules() -> frozenset[str]:
    root = _root()
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*.py"))


@cache
def _text(path: str) -> str:
    return (_root() / path).read_text("utf-8")


def _root() -> Path:
    return Path(templates_folder(), "static")
