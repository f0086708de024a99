"""Kinds that are one of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..values.frozen import freeze_mapping, is_list, is_mapping, thaw
from ..values.problems import Path, Problem
from .base import ANSWER, JSON, MISSING, Kind, accepts, wrong


class Union(Kind):
    """A value of one of several kinds; with `exclusive` of exactly one (`oneOf`).

    `tag` is the key whose constant tells the arms apart, so that a problem can be told of the arm
    that was meant: `tagged` maps each constant to the arm's index.
    """

    def __init__(
        self,
        *arms: Kind,
        exclusive: bool = False,
        tag: str = "",
        tagged: Mapping[str, int] | None = None,
    ) -> None:
        self._arms = arms
        self._exclusive = exclusive
        self._tag = tag
        self._tagged = tagged or {}

    def check(self, value: Any, path: Path, problems: list[Problem], wire: int) -> Any:
        meant = self._meant(value)
        if meant is not None:
            return meant.check(value, path, problems, wire)
        if wire == ANSWER:
            # An arm that takes it as it is comes before one that would put up with it.
            exact = next((arm for arm in self._arms if accepts(arm, value)), None)
            if exact is not None:
                return exact.check(value, path, problems, wire)
            if self._is_new(value):
                return freeze_mapping(value, path, problems)
        attempts: list[list[Problem]] = []
        accepted: list[tuple[Kind, Any]] = []
        for arm in self._arms:
            attempts.append([])
            kept = arm.check(value, path, attempts[-1], wire)
            if not attempts[-1]:
                accepted.append((arm, kept))
                if not self._exclusive or wire == ANSWER:
                    break
        if not accepted:
            problems.extend(self._closest(value, path, attempts))
            return None
        arm, kept = accepted[0]
        if wire == ANSWER or not self._exclusive:
            return kept
        if len(accepted) > 1 or self._others(arm, kept, wire):
            wrong(
                "a value that only one of the alternatives takes", value, path, problems
            )
        return kept

    def _is_new(self, value: Any) -> bool:
        """Whether a mapping is told by a constant that the document does not have."""
        return is_mapping(value) and isinstance(value.get(self._tag), str)

    def _meant(self, value: Any) -> Kind | None:
        """The arm whose constant a mapping or a builder has as its tag."""
        tag = None
        if self._tag and is_mapping(value):
            tag = value.get(self._tag)
        elif self._tag:
            constants = getattr(getattr(value, "__shape__", None), "constants", ())
            tag = next((c.value for c in constants if c.wire == self._tag), None)
        if isinstance(tag, str) and tag in self._tagged:
            return self._arms[self._tagged[tag]]
        return None

    def _others(self, arm: Kind, kept: Any, wire: int) -> bool:
        """Whether other arms take what is written. What was read has been put to them as it is."""
        if wire and (is_mapping(kept) or is_list(kept)):
            return False
        written = arm.dump(kept)
        return any(accepts(other, written) for other in self._arms if other is not arm)

    def _closest(
        self, value: Any, path: Path, attempts: list[list[Problem]]
    ) -> list[Problem]:
        """The problems of the arm that came nearest, if one looked inside the value at all."""
        inside = [found for found in attempts if any(p.keys != path for p in found)]
        if self._tag and is_mapping(value):
            problems: list[Problem] = []
            expected = "one of " + ", ".join(map(repr, self._tagged))
            tag = value.get(self._tag, MISSING)
            wrong(expected, tag, (*path, self._tag), problems, tuple(self._tagged))
            return problems
        if inside:
            return min(inside, key=len)
        expected = " or ".join(dict.fromkeys(found[0].expected for found in attempts))
        return [Problem(path, expected, attempts[0][0].got)]

    def dump(self, value: Any) -> Any:
        meant = self._meant(value)
        if meant is not None:
            return meant.dump(value)
        for wire in (JSON, ANSWER):
            for arm in self._arms:
                problems: list[Problem] = []
                # As if it were read, nested alternatives need no writing to be told apart.
                kept = arm.check(value, (), problems, wire)
                if not problems:
                    return arm.dump(kept)
        return thaw(value)

    def objects(self) -> tuple[type[Any] | None, ...]:
        return tuple(each for arm in self._arms for each in arm.objects())
