"""Which of the modules that are the same everywhere a package contains: those that it reaches.

They are real Python in `templates/static/`, copied as they are. From the package's own modules
every import is followed, also one within a function or for type checkers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from ..quick.fingerprint import templates_folder

_IMPORT = re.compile(
    r"^ *from (?P<dots>\.+)(?P<module>[\w.]*) import (?:\((?P<block>[^)]*)\)|(?P<line>.*))$", re.M
)
_ALWAYS = ("py.typed",)


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


def imported(path: str, text: str) -> Iterator[str]:
    """The paths of the modules that a module may mean by its relative imports, in any order."""
    for match in _IMPORT.finditer(text):
        folder = PurePosixPath(path)
        for _ in match["dots"]:
            folder = folder.parent
        module = folder.joinpath(*filter(None, match["module"].split(".")))
        yield from _with_packages(f"{module}.py")
        names = (match["block"] or match["line"] or "").replace("\n", " ").split(",")
        for name in names:
            if name.strip():  # it may be a module of that package
                yield from _with_packages(f"{module / name.split()[0]}.py")


def _with_packages(path: str) -> Iterator[str]:
    """A module, and what is executed before it: the packages that it is in."""
    yield path
    folders = [PurePosixPath(path.removesuffix(".py")), *PurePosixPath(path).parents]
    for folder in folders:
        yield str(folder / "__init__.py")


@cache
def _modules() -> frozenset[str]:
    root = _root()
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*.py"))


@cache
def _text(path: str) -> str:
    return (_root() / path).read_text("utf-8")


def _root() -> Path:
    return Path(templates_folder(), "static")
