"""Two models -> findings: the composition of everything else here."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from ..model.model import Model
from .documents import compare_documents
from .findings.finding import Change, Finding, change_hash, finding
from .findings.occurrence import Occurrence, Owner, occurrence
from .operations.events import Events
from .operations.operations import compare_operations
from .pairing.pairs import Pairs, collect
from .pairing.roots import DOCUMENT, Root, Roots
from .rules.registry import RULES
from .schemas.objects import compare_pair
from .spelling.normal import normal


def compare(old: Model, new: Model) -> tuple[Finding, ...]:
    """Everything that moved between two models, each thing once, with all places where it is met.

    By event, then by operation, then what is said of the document; in the order of the documents.
    """
    old, new = normal(old), normal(new)
    pairs = Pairs(old, new, compare_pair)
    operations, events = Roots(pairs), Roots(pairs)
    found = Events(pairs)
    compare_operations(operations, found, webhook=False)
    compare_operations(operations, found, webhook=True)
    found.report(events)
    documents = Roots(pairs)
    compare_documents(documents.place(DOCUMENT), old, new)
    roots = [*events.found, *operations.found, *documents.found]
    pairs.mark([root.node for root in roots])
    return _findings(_common(roots, {each.id for each in old.operations}))


class _Causes:
    """Changes by their cause: what is one change in one place of the documents is one finding."""

    def __init__(self) -> None:
        self._places: dict[Hashable, tuple[Change, list[Occurrence]]] = {}
        self._keys: dict[int, tuple[Hashable, str]] = {}
        self._seen: set[Hashable] = set()

    def add(self, change: Change, owner: Owner, path: str) -> None:
        """A change as met by `owner`; nothing is told of one place twice."""
        cause, values = self._known(change)
        place = occurrence(owner, path + change.path)
        met = values if change.once else (change.rule, values, place.identity)
        if met not in self._seen:
            self._seen.add(met)
            self._places.setdefault(cause, (change, []))[1].append(place)

    def _known(self, change: Change) -> tuple[Hashable, str]:
        # A change of a schema is met again by each operation that uses it: hashed once.
        if id(change) not in self._keys:
            values = change_hash(change.old, change.new)
            at = (change.old_at, change.new_at)
            self._keys[id(change)] = ((change.rule, at, change.phrase, change.axes, values), values)
        return self._keys[id(change)]

    def findings(self) -> Iterator[Finding]:
        """In the order in which they were met first."""
        for change, places in self._places.values():
            rule = RULES[change.rule]
            axes = rule.axes if change.axes is None else change.axes
            yield finding(change, places, rule.severity, axes)


def _findings(roots: list[Root]) -> tuple[Finding, ...]:
    causes = _Causes()
    for root in roots:
        for path, change in collect(root.node) if root.node.dirty else ():
            causes.add(change, root.owner, path)
    return tuple(causes.findings())


def _common(roots: list[Root], identities: set[str]) -> list[Root]:
    """Credentials that every operation asks for otherwise are one finding of the document."""
    asked = [
        (root, change)
        for root in roots
        for change in root.node.changes
        if change.rule in ("SECURITY_SCHEME_CHANGED", "SECURITY_RELAXED")
        and root.owner.operation is not None
    ]
    kinds = {_kind(change) for _, change in asked}
    operations = identities & {r.owner.operation for r in roots if not r.owner.event}
    if len(kinds) != 1 or len(asked) < 2 or len(asked) != len(operations):
        return roots
    first = asked[0][1]
    for root, change in asked:
        root.node.changes.remove(change)
    target = next(root for root in roots if root.owner == DOCUMENT)
    target.node.changes.append(replace(first, phrase=f"every operation {first.phrase}"))
    target.node.dirty = True
    return roots


def _kind(change: Change) -> str:
    return repr((change.rule, change.old, change.new))
