"""Events as a whole: which went, came, were renamed or took another's schema.

An event is its literal. What is found here stands for all that differs below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from ...model.model import Event, Model, ObjectRef, Operation
from ...text.pointers import split_pointer
from ..findings.finding import Side
from ..findings.wirepath import key
from ..pairing.pairs import Pairs, everything
from ..pairing.place import Place
from ..pairing.roots import Roots, event_owner
from ..rules.registry import RULES, rule_for
from ..schemas.types import compare_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An event as an operation takes it."""

    event: Event
    ref: ObjectRef
    operation: Operation
    side: Side

    @property
    def literal(self) -> str:
        return self.event.literal


class Events:
    """Told which events of which operations stand for each other; says what that means."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs
        self.old = _by_key(pairs.old)
        self.new = _by_key(pairs.new)
        self._found: list[tuple[Use, Use]] = []
        self.gone: list[Use] = []
        """Uses of the old document that the same body of the new one does not have."""
        self.come: list[Use] = []

    def pair(self, old: Use, new: Use) -> None:
        """The same literal in the same body."""
        self._found.append((old, new))

    def report(self, roots: Roots) -> None:
        """Add a root for each event."""
        self._moved(roots)
        self._renamed(roots)
        reassigned = self._reassigned()
        for old, new in self._found:
            place = _place(roots, new)
            other = reassigned.get(old.literal)
            if other is None:
                compare_types(place, old.ref, new.ref)
            else:
                phrase = f"now has the schema that was that of {other}"
                said = (old.literal, other)
                place.report("EVENT_SCHEMA_REASSIGNED", phrase, old.ref, new.ref, values=said)
        for use in self.gone:
            _place(roots, use).report(
                "EVENT_REMOVED", "is no longer accepted", use.ref, use.operation,
                values=(use.literal, None),
            )  # fmt: skip
        for use in self.come:
            _place(roots, use).report(
                "EVENT_ADDED", "is new", use.operation, use.ref, values=(None, use.literal)
            )

    def _moved(self, roots: Roots) -> None:
        """Events that another operation takes than did, or one more."""
        there = {use.literal: use for use in (*(new for _, new in self._found), *self.come)}
        before = {old.literal for old, _ in self._found} | {use.literal for use in self.gone}
        for use in [use for use in self.gone if use.literal in there]:
            self.gone.remove(use)
            now = there[use.literal].operation
            phrase = f"is no longer accepted by {use.operation.path}, but by {now.path}"
            said = (use.operation.id, now.id)
            _place(roots, use).report("EVENT_REMOVED", phrase, use.ref, now, values=said)
        found = {old.literal for old, _ in self._found}
        for use in [use for use in self.come if use.literal in before]:
            self.come.remove(use)
            if use.literal in found:
                phrase = f"is accepted by {use.operation.path} as well"
                said_new = (None, use.operation.id)
                _place(roots, use).report(
                    "EVENT_ADDED", phrase, use.operation, use.ref, values=said_new
                )

    def _renamed(self, roots: Roots) -> None:
        """Pairs of one that went and one that came, of the same shape."""
        for old, new in list(self._candidates()):
            if old not in self.gone or new not in self.come:
                continue
            differ = list(self._differences(old, new))
            if not differ:  # only what tells events apart is another key
                self.pair(old, new)
            elif all(path == key(old.event.tag) for path in differ):
                phrase = f"is called {new.literal} now"
                place = roots.place(event_owner(old.literal, new.operation), new.side)
                said = (old.literal, new.literal)
                place.report("EVENT_NAME_CHANGED", phrase, old.ref, new.ref, values=said)
            else:
                continue
            # The same event in another media type or operation is the same finding.
            self.gone = [use for use in self.gone if use.literal != old.literal]
            self.come = [use for use in self.come if use.literal != new.literal]

    def _candidates(self) -> Iterator[tuple[Use, Use]]:
        """The most alike by name first: several events may have one shape."""
        signatures = self._pairs.signatures
        olds = [(signatures[0].without(u.ref, u.event.tag), u) for u in self.gone]
        news = [(signatures[1].without(u.ref, u.event.tag), u) for u in self.come]
        retagged = [
            (signatures[0].of(old.ref), old, new)
            for old in self.gone
            for new in self.come
            if signatures[0].of(old.ref) == signatures[1].of(new.ref)
        ]
        yield from ((old, new) for _, old, new in retagged)
        pairs = [(old, new) for one, old in olds for two, new in news if one == two]
        yield from sorted(pairs, key=lambda pair: -_likeness(*pair))

    def _differences(self, old: Use, new: Use) -> Iterator[str]:
        """The paths of what differs on the wire."""
        node = self._pairs.node((old.side, True, old.ref.key, new.ref.key))
        self._pairs.settle()
        for path, change in everything(node):
            rule = RULES[rule_for(old.side, change.rule)]
            if rule.severity != "docs" and rule.id != "SOURCE_NAME_CHANGED":
                yield path + change.path

    def _reassigned(self) -> dict[str, str]:
        """Literal -> the literal whose old schema it has now, where events traded schemas."""
        before = {o.literal: self._pairs.signatures[0].without(o.ref, o.event.tag)
                  for o, _ in self._found}  # fmt: skip
        after = {o.literal: self._pairs.signatures[1].without(n.ref, n.event.tag)
                 for o, n in self._found}  # fmt: skip
        traded = {literal for literal in before if before[literal] != after[literal]}
        while True:
            olds, news = ({which[each] for each in traded} for which in (before, after))
            kept = {each for each in traded if after[each] in olds and before[each] in news}
            if kept == traded:
                break
            traded = kept
        origin = {before[literal]: literal for literal in before if literal in traded}
        return {literal: origin[after[literal]] for literal in traded}


def _by_key(model: Model) -> Mapping[str, Event]:
    """Those that one text tells. Others are compared as any arm of a union is."""
    return {event.key: event for event in model.events if _is_told_by_text(event)}


def _is_told_by_text(event: Event) -> bool:
    return len(event.literals) < 2 and all(isinstance(each, str) for each in event.literals)


def _place(roots: Roots, use: Use) -> Place:
    return roots.place(event_owner(use.literal, use.operation), use.side, emits=True)


def _likeness(old: Use, new: Use) -> float:
    same = split_pointer(old.ref.key)[-1:] == split_pointer(new.ref.key)[-1:]
    return same + SequenceMatcher(None, old.literal, new.literal).ratio()
