"""What is said of the document as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.model import Model
from .operations.security import compare_schemes
from .operations.servers import compare_servers
from .pairing.place import Place
from .pairing.roots import ROOT, Spot
from .schemas import notes
from .schemas.types import TABLES, Comparer, compare_fields

_DOCS = frozenset({"info", "externalDocs", "tags"})


def compare_documents(place: Place, old: Model, new: Model) -> None:
    """Servers, credentials and information."""
    compare_fields(place, old, new)


def _servers(place: Place, old: Model, new: Model) -> bool:
    compare_servers(place, old.servers, new.servers, Spot(at="/servers"), Spot(at="/servers"))
    return True


def _schemes(place: Place, old: Model, new: Model) -> bool:
    compare_schemes(place, old, new)
    return True


def _info(place: Place, old: Model, new: Model) -> bool:
    for name in ("title", "version", "description"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            at = Spot(at=f"/info/{name}")
            phrase = f"the document's {name} changed"
            place.report("DOCS_INFO_CHANGED", phrase, at, at, values=(before, after))
    return True


def _other(place: Place, old: Model, new: Model) -> bool:
    before, after = dict(old.other), dict(new.other)
    for name in sorted(_DOCS & (before.keys() | after.keys())):
        one, two = before.pop(name, None), after.pop(name, None)
        if one != two:
            phrase = f"the document's {name} changed"
            place.report("DOCS_INFO_CHANGED", phrase, ROOT, ROOT, values=(one, two))
    notes.others(place, before.items(), after.items(), ROOT, ROOT)
    return True


def _elsewhere(place: Place, old: Model, new: Model) -> bool:
    """Compared as operations, events and pairs of objects."""
    return True


_MODEL: Mapping[tuple[str, ...], Comparer] = {
    ("title", "version", "description"): _info,
    ("servers",): _servers,
    ("security_schemes",): _schemes,
    ("operations", "webhooks", "events", "objects", "aliases"): _elsewhere,
    ("other",): _other,
}
TABLES[Model] = _MODEL
