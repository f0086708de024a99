"""Operations: paired by method and path, then by operationId."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.model import Operation
from ...python.naming import class_name
from ...text.jsonvalues import Json
from ..findings.finding import Axis, Side
from ..findings.occurrence import Owner
from ..pairing.place import Place
from ..pairing.roots import ROOT, Roots, callback_owner, operation_owner
from ..schemas import notes
from ..schemas.types import TABLES, Comparer, compare_fields
from .bodies import compare_bodies, compare_responses
from .contents import Contents
from .events import Events
from .parameters import compare_parameters, template
from .security import compare_requirements
from .servers import compare_servers


def compare_operations(roots: Roots, events: Events, *, webhook: bool) -> None:
    """Those of `paths`, or those of `webhooks`, which others call: their sides are swapped."""
    old, new = roots.models
    olds = list(old.webhooks if webhook else old.operations)
    news = list(new.webhooks if webhook else new.operations)
    _Operations(roots, events, webhook=webhook, within=None).compare(olds, news)


class _Operations:
    """The operations of one place. `within`: the operation whose callbacks they are."""

    def __init__(self, roots: Roots, events: Events, *, webhook: bool, within: Owner | None):
        self.roots = roots
        self.events = events
        self.webhook = webhook
        self.within = within

    def compare(self, olds: list[Operation], news: list[Operation]) -> None:
        for one, two in _paired(olds, news):
            _Pair(self, one, two).compare()
        for one in olds:
            place = self.roots.place(self.owner(one))
            place.report("OPERATION_REMOVED", "is gone", one, ROOT, values=(one.id, None))
        for two in news:
            place = self.roots.place(self.owner(two))
            place.report("OPERATION_ADDED", "is new", ROOT, two, values=(None, two.id))

    def owner(self, operation: Operation) -> Owner:
        if self.within:
            return callback_owner(operation, self.within)
        return operation_owner(operation, webhook=self.webhook)

    def callbacks(self, owner: Owner) -> _Operations:
        """Those of one of these operations: called by the other side."""
        return _Operations(self.roots, self.events, webhook=not self.webhook, within=owner)


def _paired(olds: list[Operation], news: list[Operation]) -> list[tuple[Operation, Operation]]:
    """Takes the pairs out of the two lists."""
    pairs: list[tuple[Operation, Operation]] = []
    for same in (_place, _identity, _tail):
        waiting: dict[object, list[Operation]] = {}
        for two in news:
            waiting.setdefault(same(two), []).append(two)
        found = [
            (one, waiting[same(one)].pop(0))
            for one in olds
            if same(one) is not None and waiting.get(same(one))
        ]
        taken = {id(each) for pair in found for each in pair}
        olds[:] = [each for each in olds if id(each) not in taken]
        news[:] = [each for each in news if id(each) not in taken]
        pairs += found
    return pairs


def _place(operation: Operation) -> object:
    return operation.method, template(operation.path)


def _explicit(operation: Operation) -> bool:
    return operation.id != f"{operation.method.lower()} {operation.path}"


def _identity(operation: Operation) -> object:
    return operation.id if _explicit(operation) else None


def _tail(operation: Operation) -> object:
    """Where there is no operationId: `/v1/track` and `/v2/track` are one operation that moved."""
    if _explicit(operation):
        return None
    named, _, _ = template(operation.path).partition(" ")  # after it: where a callback goes
    return operation.method, named.rpartition("/")[2]


class _Pair:
    """One operation in both documents."""

    def __init__(self, among: _Operations, old: Operation, new: Operation) -> None:
        self._among = among
        self._roots = among.roots
        self._old = old
        self._new = new
        self._owner = among.owner(old)
        self._contents = Contents(among.events, old, new)
        self._sends: Side = "response" if among.webhook else "request"
        self._gets: Side = "request" if among.webhook else "response"

    def compare(self) -> None:
        compare_fields(self._place(self._sends), self._old, self._new)
        compare_parameters(self._place(self._sends), self._old, self._new)
        names = (
            class_name(self._old.id, "Operation"),
            class_name(self._new.id, "Operation"),
        )
        emits = self._among.within is None  # no classes are made of what callbacks carry
        body = self._roots.place(self._owner, self._sends, path=".body", emits=emits, names=names)
        compare_bodies(body, self._old, self._new, self._contents)
        compare_responses(self._place(self._gets), self._old, self._new, self._contents)
        inner = self._among.callbacks(self._owner)
        inner.compare(list(self._old.callbacks), list(self._new.callbacks))

    def _place(self, side: Side) -> Place:
        return self._roots.place(self._owner, side)


def _path(place: Place, old: Operation, new: Operation) -> bool:
    before, after = (f"{o.method} {o.path}" for o in (old, new))
    if (old.method, template(old.path)) != (new.method, template(new.path)):
        phrase = f"is {after} now"
        # Without an operationId the method is called after the path.
        axes: tuple[Axis, ...] | None = None if _named(old, new) else ("WIRE", "SOURCE")
        place.report("PATH_CHANGED", phrase, old, new, values=(before, after), axes=axes)
    return True  # else variables have other names, which parameters say


def _id(place: Place, old: Operation, new: Operation) -> bool:
    moved = (old.method, template(old.path)) != (new.method, template(new.path))
    if moved and not _named(old, new):
        return True  # PATH_CHANGED says it
    if old.name != new.name:
        same = old.id == new.id
        kind = "SOURCE_NAME_CHANGED" if same else "SOURCE_OPERATION_ID_CHANGED"
        values = (old.name, new.name) if same else (old.id, new.id)
        phrase = f"is the method {new.name} instead of {old.name}"
        place.report(kind, phrase, old, new, values=values)
    elif old.id != new.id and _named(old, new):
        phrase = "has another operationId, but the same method"
        place.report("DOCS_INFO_CHANGED", phrase, old, new, values=(old.id, new.id))
    return True


def _named(old: Operation, new: Operation) -> bool:
    return _explicit(old) and _explicit(new)


def _words(place: Place, old: Operation, new: Operation) -> bool:
    notes.words(place, "summary", old.summary, new.summary, old, new)
    notes.words(place, "description", old.description, new.description, old, new)
    pairs = (
        ("summary", old.path_summary, new.path_summary),
        ("description", old.path_description, new.path_description),
    )
    for what, before, after in pairs:
        notes.words(place, f"{what} of the path", before, after, old, new)
    return True


def _deprecated(place: Place, old: Operation, new: Operation) -> bool:
    notes.deprecation(place, old.deprecated, new.deprecated, old, new)
    return True


def _tags(place: Place, old: Operation, new: Operation) -> bool:
    before, after = sorted(old.tags), sorted(new.tags)
    if before != after:
        values: tuple[Json, Json] = ([*before], [*after])
        place.report("DOCS_INFO_CHANGED", "has other tags", old, new, values=values)
    return True


def _security(place: Place, old: Operation, new: Operation) -> bool:
    compare_requirements(place, old, new)
    return True


def _servers(place: Place, old: Operation, new: Operation) -> bool:
    """Its own; where only one of the two has any, the others are those of the whole model."""
    if old.servers or new.servers:
        before = old.servers or place.pairs.old.servers
        after = new.servers or place.pairs.new.servers
        compare_servers(place, before, after, old, new)
    return True


def _other(place: Place, old: Operation, new: Operation) -> bool:
    notes.others(place, old.other, new.other, old, new)
    return True


def _elsewhere(place: Place, old: Operation, new: Operation) -> bool:
    """Compared by `_Pair`."""
    return True


_OPERATION: Mapping[tuple[str, ...], Comparer] = {
    ("path", "method"): _path,
    ("id", "name"): _id,
    ("summary", "description", "path_summary", "path_description"): _words,
    ("deprecated",): _deprecated,
    ("tags",): _tags,
    ("security",): _security,
    ("servers",): _servers,
    ("parameters", "body", "responses", "callbacks"): _elsewhere,
    ("other",): _other,
}
TABLES[Operation] = _OPERATION
