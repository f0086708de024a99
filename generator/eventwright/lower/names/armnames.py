"""What the arms of a union are called that are written out in it.

A name says what an arm has, whatever stands beside it, so that adding an arm renames none. Arms
that would have one name all keep a class, the later ones with what they have beside the first.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from ...diagnostics.remarks import Remark
from ...python.naming import nested_name
from ...schema.parse import Parser
from ...schema.schema import Flat, Part, Schema
from ...text.pointers import Pointer
from .events import Tag
from .names import component_name
from .nonevents import is_null

_KEYS = 3
"""How many required keys of an arm its name tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm, the keywords beside the union merged in. `inline`: written out in the union."""

    flat: Flat
    inline: bool
    key: str
    """Of the arm alone."""
    part: Part
    """As the union has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Two arms of one union whose names met: `given` is what the later one is called."""

    name: str
    given: str
    first: Pointer
    later: Pointer


class ArmNames:
    """Names the arms of one union after another; remembers whose names met."""

    def __init__(self, parser: Parser, configured: Container[Pointer]) -> None:
        """`configured`: where arms stand whose names the configuration gives."""
        self._parser = parser
        self._configured = configured
        self._met: dict[Met, None] = {}

    def paths(
        self,
        arms: Sequence[Arm],
        tags: Sequence[Tag | None],
        path: str,
        called: Sequence[bool],
    ) -> list[str]:
        """The class name for each arm, "" for none; `path`: the union's, which has no class.

        `called`: the arms that are events, and called after their literals.
        """
        # An arm that is alone, but for null, needs nothing to set it apart.
        if sum(not is_null(arm.flat) for arm in arms) == 1 and not any(tags):
            return [path for _ in arms]
        taken: dict[str, Arm] = {}
        named: list[str] = []
        for arm, tag, has_name in zip(arms, tags, called, strict=True):
            name = path
            if path:
                name = _own_name(arm, tag, path) if arm.inline else component_name(arm.key) or path
            if arm.inline and not has_name and arm.part.at not in self._configured:
                name = self._beside(arm, taken, name) if name in taken else name
                if name:
                    taken[name] = taken.get(name, arm)
            named.append(name)
        return named

    def remarks(self) -> Iterator[Remark]:
        """Both of each pair are told."""
        for met in self._met:
            is_called = f"is called {met.given}" if met.given else "has no class and is a mapping"
            yield Remark(
                code="N104",
                message=f"this arm would be called {met.name}, as the one at {met.first}, so it "
                f"{is_called}",
                at=met.later,
                help=f'choose a name in [client.names]: "{met.later}" = "…"; or give it a `title`',
            )

    def _beside(self, arm: Arm, taken: dict[str, Arm], name: str) -> str:
        """A name that nothing has yet, from what an arm has and the first of that name has not."""
        first = taken[name]
        if arm.part.data == first.part.data:
            return name  # one class serves both
        given = next((n for n in self._names(arm.flat, first.flat, name) if n not in taken), "")
        met = Met(name=name, given=given, first=first.part.at, later=arm.part.at)
        self._met[met] = None
        return given

    def _names(self, arm: Flat, first: Flat, name: str) -> Iterator[str]:
        for own, others in (
            (arm.required, first.required),
            (arm.properties, first.properties),
        ):
            for key in sorted(set(own) - set(others)):
                yield nested_name(name, key)
        for key in sorted(set(arm.properties) & set(first.properties)):
            ours, theirs = (self._types(each.properties[key]) for each in (arm, first))
            if ours != theirs:
                yield nested_name(name, f"{key} {' or '.join(sorted(ours))}")

    def _types(self, schema: Schema) -> frozenset[str]:
        return self._parser.flatten(schema).types or frozenset()


def _own_name(arm: Arm, tag: Tag | None, path: str) -> str:
    """What an arm alone would be called: after its literal, its title, or what it requires."""
    # Sorted: another order of the keys is no reason for another name.
    keys = sorted(arm.flat.required)[:_KEYS] or sorted(arm.flat.properties)[:1]
    title = arm.flat.notes.get("title")
    text = tag.words if tag else title if isinstance(title, str) else " ".join(keys)
    return nested_name(path, text) if text else ""
