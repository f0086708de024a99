"""`oneOf` means exactly one: do two arms take now what one took?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from ...model.model import NullableType, ObjectRef, Type, UnionType
from ...text.jsonvalues import Json
from ..findings.describe import describe
from ..findings.wirepath import show
from ..pairing.place import Place
from ..values.disjoint import Disjoint
from ..values.inclusion import Accepts
from ..values.membership import Takes
from ..values.samples import cut
from ..values.signature import canonical

_ARMS = 30
"""Of a union of which more is not looked into: pairs of arms are many."""
_VALUES = 400
"""How many values are tried."""


def compare_exclusive(place: Place, old: Type, new: Type) -> None:
    """Report where a value that was sent meets several arms of a new `oneOf`.

    Certain only of a value made of what the old one declares; where none is found although the
    arms may have values in common, whether that matters is up to what is sent.
    """
    bare = new.inner if isinstance(new, NullableType) else new
    if place.side != "request" or not isinstance(bare, UnionType) or not bare.exclusive:
        return
    values = (describe(old), describe(new))
    found = next(_refused(place, old, bare), None)
    if found is not None:
        phrase = f"must meet exactly one arm, and {show(found[0])}, which was taken, meets several"
        place.report("REQ_UNION_OVERLAPS", phrase, old, new, values=values)
    elif _may_overlap(place, old, bare):
        phrase = "must meet exactly one arm, and what was taken may meet several"
        place.report("REQ_UNION_MAY_OVERLAP", phrase, old, new, values=values)


def _refused(place: Place, old: Type, new: UnionType) -> Iterator[tuple[Json]]:
    """Values that the old type takes and that two arms of the new one take."""
    was, now = Takes(place.pairs.old), Takes(place.pairs.new)
    once = {canonical(value): value for value in islice(_candidates(place, old, new), _VALUES)}
    for value in once.values():
        takers = (arm for arm in new.arms if now(arm, value) is True)
        if len(list(islice(takers, 2))) > 1 and was(old, value) is True:
            yield (value,)


def _candidates(place: Place, old: Type, new: UnionType) -> Iterator[Json]:
    """What the old type declares, and what the new one does as far as the old one declares it."""
    given = place.pairs.samples[0](old)
    yield from given
    if not _is_exclusive(old):  # what meets one arm may meet another as well
        objects = [value for value in given if isinstance(value, dict)]
        yield from ({**one, **two} for one, two in combinations(objects[:_ARMS], 2))
    samples = place.pairs.samples[1]
    known = [place.pairs.old.objects[arm.key] for arm in arms(old) if isinstance(arm, ObjectRef)]
    for arm in _changed(place, old, new):
        for value in samples(arm):
            yield from (cut(value, item) for item in known) if isinstance(value, dict) else (value,)


def _changed(place: Place, old: Type, new: UnionType) -> list[Type]:
    """The arms of the new union, those first that the old one did not have."""
    first, second = place.pairs.signatures
    known = {first.of(arm) for arm in arms(old)}
    return sorted(new.arms, key=lambda arm: second.of(arm) in known)[:_ARMS]


def _is_exclusive(node: Type) -> bool:
    bare = node.inner if isinstance(node, NullableType) else node
    return isinstance(bare, UnionType) and bare.exclusive


def arms(node: Type) -> Sequence[Type]:
    """Those of a union, or the type itself, null aside."""
    bare = node.inner if isinstance(node, NullableType) else node
    return bare.arms if isinstance(bare, UnionType) else (bare,)


def _may_overlap(place: Place, old: Type, new: UnionType) -> bool:
    """Whether two arms may take a value that the old type took, and did not stand so before."""
    alone, across = Disjoint(place.pairs.new), Disjoint(place.pairs.old, place.pairs.new)
    olds = arms(old)
    for pair in combinations(_changed(place, old, new), 2):
        met = (not any(across(was, arm) for arm in pair) for was in olds)
        if not alone(*pair) and any(met) and not (_is_exclusive(old) and _stood(place, olds, pair)):
            return True
    return False


def _stood(place: Place, olds: Sequence[Type], pair: tuple[Type, Type]) -> bool:
    """Whether the two are, or are narrower than, two different arms of the old union."""
    accepts = Accepts(place.pairs.old, place.pairs.new)
    first, second = place.pairs.signatures
    found = [
        {
            index
            for index, arm in enumerate(olds)
            if first.of(arm) == second.of(one) or accepts(arm, one)
        }
        for one in pair
    ]
    return any(i != j for i in found[0] for j in found[1])
