"""docs/architecture.md draws the rooms of the generator; the imports are what it draws."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from support import ROOT

PACKAGE = ROOT / "generator" / "eventwright"
DRAWING = ROOT / "docs" / "architecture.md"
DOORS = ("", "__main__")
"""The package itself, which everybody may ask for its version, and what lets people in."""
LARGEST = 12
SMALLEST = 3


@dataclass(frozen=True, slots=True)
class Import:
    """`module` takes something of `target`, in a line of its file."""

    module: str
    target: str
    line: int

    @property
    def text(self) -> str:
        """As it is found."""
        file = _path(self.module).relative_to(ROOT)
        return f"{file}:{self.line} imports {self.target}"


@cache
def modules() -> tuple[str, ...]:
    """Dotted names inside the package; that of a room is its `__init__.py`."""
    files = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return tuple(sorted(_name(path) for path in files))


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix("__init__").rstrip(".")


def _path(module: str) -> Path:
    place = PACKAGE.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def room(module: str) -> str:
    """The folder that a module lies in; "" for the doors."""
    return module if _path(module).name == "__init__.py" else module.rpartition(".")[0]


@cache
def imports() -> tuple[Import, ...]:
    """All of them, those in functions and those for type checkers as well."""
    return tuple(each for module in modules() for each in _imports(module))


def _imports(module: str) -> Iterator[Import]:
    path = _path(module)
    package = [*path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=source, names=names, level=level):
                base = package[: len(package) - level + 1] if level else []
                parts = (source or "").split(".") if source else []
                if not level and parts[:1] != ["eventwright"]:
                    continue
                parts = parts if level else parts[1:]
                for name in names:
                    yield Import(module, _target([*base, *parts], name.name), node.lineno)
            case ast.Import(names=names):
                for name in names:
                    own = name.name.split(".")
                    if own[0] == "eventwright":
                        yield Import(module, ".".join(own[1:]), node.lineno)


def _target(base: list[str], name: str) -> str:
    """The module that a name is in, or is."""
    whole = ".".join([*base, name])
    return whole if whole in modules() else ".".join(base)


@cache
def drawing() -> str:
    """The block of docs/architecture.md that draws the house."""
    found = re.search(r"```text\n(cli .*?)```", DRAWING.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


@cache
def floors() -> Mapping[str, int]:
    """Room -> its floor in the drawing, counted from the top."""
    found: dict[str, int] = {}
    for floor, text in enumerate(re.split(r"\n +↓\n", drawing())):
        for line in text.splitlines():
            name = line.split()[0]
            if line[0] != " ":
                found[name] = floor
    return found


@cache
def inner() -> Mapping[str, Mapping[str, int]]:
    """Room -> the floors inside it: `drift → operations → schemas · policy`."""
    found: dict[str, dict[str, int]] = {}
    for line in drawing().splitlines():
        if line[0] == " " and "→" in line:
            steps = [step.split(" · ") for step in line.strip().split(" → ")]
            (owner,) = steps[0]
            found[owner] = {owner: 0}
            for floor, names in enumerate(steps[1:], 1):
                found[owner] |= {f"{owner}.{name}": floor for name in names}
    return found


def test_the_rooms_are_those_that_are_drawn() -> None:
    there = {room(module) for module in modules()} - set(DOORS)
    drawn = {*floors(), *(name for names in inner().values() for name in names)}
    assert drawn == there, "draw in docs/architecture.md what the folders are"


def test_a_room_imports_only_from_rooms_below_it() -> None:
    upward = [
        f"{each.text}: {there} is not drawn below {here}"
        for each in imports()
        if each.module not in DOORS and each.target not in DOORS
        for here, there in [(room(each.module), room(each.target))]
        if here != there and not _is_below(here, there)
    ]
    advice = "move what is wanted further down, or pass it in; see docs/architecture.md"
    assert not upward, "\n".join([*upward, advice])


def _is_below(here: str, there: str) -> bool:
    house, floor = here.split(".")[0], there.split(".")[0]
    if house == floor:
        return inner()[house][here] < inner()[house][there]
    return floors()[house] < floors()[floor]


def test_no_module_imports_itself_by_way_of_others() -> None:
    below: dict[str, list[Import]] = {}
    for each in imports():
        if each.target not in DOORS:
            below.setdefault(each.module, []).append(each)
    done: set[str] = set()
    for start in below:
        circle = _circle(start, below, done)
        advice = "what both need belongs below both"
        assert not circle, "\n".join([*(each.text for each in circle), advice])


def _circle(start: str, below: Mapping[str, list[Import]], done: set[str]) -> list[Import]:
    """Depth first; the imports that lead from a module back to itself."""
    path: list[Import] = []
    stack = [iter(below.get(start, ()))]
    on = [start]
    while stack:
        each = next(stack[-1], None)
        if each is None:
            stack.pop()
            done.add(on.pop())
            del path[-1:]
        elif each.target in on:
            return [*path, each][on.index(each.target) :]
        elif each.target not in done:
            path.append(each)
            on.append(each.target)
            stack.append(iter(below.get(each.target, ())))
    return []


def test_rooms_are_neither_halls_nor_cupboards() -> None:
    for name in {room(module) for module in modules()} - set(DOORS):
        count = sum(room(module) == name != module for module in modules())
        assert count <= LARGEST, f"{name} has {count} modules: divide it"
        assert count >= SMALLEST or name in inner(), f"{name} has {count} modules: join another"


def test_a_room_says_in_one_sentence_what_it_is() -> None:
    for name in {room(module) for module in modules()} - set(DOORS):
        tree = ast.parse(_path(name).read_text("utf-8"))
        said = ast.get_docstring(tree) or ""
        assert len(tree.body) == 1, f"{name}/__init__.py: nothing but its docstring"
        assert re.fullmatch(r"[^\n]+[^.]\.", said), f"{name}/__init__.py: one sentence"
        assert ". " not in said, f"{name}/__init__.py: one sentence"
        if name in floors():
            (line,) = (line for line in drawing().splitlines() if line.startswith(f"{name} "))
            assert line.split(maxsplit=1)[1] == said, f"docs/architecture.md: {name} says otherwise"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from ..cli import main", ["cli.main"]),
        ("def f():\n    from ..cli.main import run", ["cli.main"]),
        ("from eventwright.report import render", ["report.render"]),
        ("import eventwright.report.render", ["report.render"]),
        ("from . import pipeline, project", ["project.pipeline", "project.project"]),
        ("from .. import __version__", [""]),
        ("from typing import Any\nimport json", []),
    ],
)
def test_every_way_to_import_is_seen(
    statement: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: statement)
    assert [each.target for each in _imports("project.check")] == expected


def test_floors_have_all_gone_down() -> None:
    """A drawing with one room to a line and nothing to compare would let everything pass."""
    assert len(set(floors().values())) > 8
    assert all(a <= b for a, b in pairwise(floors().values()))
