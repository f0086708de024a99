"""Two models -> findings: the composition of everything else here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..model import Model
from .documents import compare_documents
from .events import Events
from .finding import Change, Finding, finding
from .objects import compare_pair
from .operations import compare_operations
from .pairs import Pairs, collect
from .roots import DOCUMENT, Root, Roots
from .rules import RULES


def compare(old: Model, new: Model) -> tuple[Finding, ...]:
    """Everything that moved between two models, each thing once.

    By event, then by operation, then what is said of the document; in the order of the documents.
    """
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
    return tuple(_findings(_common(roots, {each.id for each in old.operations})))


def _findings(roots: list[Root]) -> Iterator[Finding]:
    seen: set[str] = set()
    named: set[tuple[Any, Any]] = set()
    for root in roots:
        for path, change in collect(root.node) if root.node.dirty else ():
            rule = RULES[change.rule]
            axes = rule.axes if change.axes is None else change.axes
            met = replace(change, path=path + change.path)
            made = finding(met, root.owner, rule.severity, axes)
            again = change.once and (change.old, change.new) in named
            if made.fingerprint not in seen and not again:
                seen.add(made.fingerprint)
                if change.once:
                    named.add((change.old, change.new))
                yield made


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
