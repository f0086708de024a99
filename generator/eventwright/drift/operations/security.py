"""Credentials: do those that were sent until now still suffice?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ...model.model import Model, Operation, Requirement, SecurityScheme
from ...text.jsonvalues import Json
from ..pairing.place import Located, Place
from ..schemas.notes import words
from ..values.signature import canonical

Needs: TypeAlias = Mapping[str, frozenset[str]]
"""Scheme (by its key in the new document where it has one) -> scopes."""


def compare_schemes(place: Place, old: Model, new: Model) -> None:
    """The schemes themselves, where something uses them. Their keys are names only."""
    after = {scheme.key: scheme for scheme in new.security_schemes}
    used = {key for operation in _all(old) for need in operation.security for key, _ in need}
    renamed = _renamed(old, new)
    for one in old.security_schemes:
        two = after.get(renamed.get(one.key, one.key))
        if two is not None:
            _compare(place, one, two, used=one.key in used)
        elif one.key not in used:
            _unused(place, one, one, "gone")
    known = {renamed.get(one.key, one.key) for one in old.security_schemes}
    users = {key for operation in _all(new) for need in operation.security for key, _ in need}
    for two in new.security_schemes:
        if two.key not in known and two.key not in users:
            _unused(place, two, two, "new")


def _all(model: Model) -> tuple[Operation, ...]:
    return model.operations + model.webhooks


def _renamed(old: Model, new: Model) -> dict[str, str]:
    """Schemes that only have another key."""
    kept = {s.key for s in old.security_schemes} & {s.key for s in new.security_schemes}
    free = {_content(s): s.key for s in new.security_schemes if s.key not in kept}
    return {
        s.key: free[_content(s)]
        for s in old.security_schemes
        if s.key not in kept and _content(s) in free
    }


def _content(scheme: SecurityScheme) -> tuple[str, ...]:
    plain = (scheme.kind, scheme.scheme, scheme.location, scheme.wire.lower())
    return (*plain, canonical(dict(scheme.other)))


def _unused(place: Place, old: Located, new: Located, step: str) -> None:
    phrase = f"a security scheme that nothing uses is {step}"
    place.report("DOCS_INFO_CHANGED", phrase, old, new, values=(old.at, step))


def _compare(place: Place, old: SecurityScheme, new: SecurityScheme, *, used: bool) -> None:
    what = f"security scheme {old.key}"
    words(place, f"description of {what}", old.description, new.description, old, new)
    if old.basic_argument != new.basic_argument:
        said: tuple[Json, Json] = (old.basic_argument, new.basic_argument)
        phrase = f"the argument for {what} is {said[1]} instead of {said[0]}"
        place.report("SOURCE_NAME_CHANGED", phrase, old, new, values=said)
    if _content(old) == _content(new):
        return
    told = (_describe(old), _describe(new))
    values: tuple[Json, Json] = (told[0], told[1])
    if not used:
        place.report("DOCS_INFO_CHANGED", f"{what}, unused, changed", old, new, values=values)
    elif told[0] != told[1]:
        phrase = f"{what} is {told[1]} instead of {told[0]}"
        place.report("SECURITY_SCHEME_CHANGED", phrase, old, new, values=values)
    else:
        _details(place, old, new, what)


def _describe(scheme: SecurityScheme) -> str:
    parts = (scheme.kind, scheme.scheme, scheme.location, scheme.wire)
    return " ".join(part for part in parts if part)


def _details(place: Place, old: SecurityScheme, new: SecurityScheme, what: str) -> None:
    """Of OAuth and the like: URLs count, new scopes do no harm, descriptions are words."""
    before, after = dict(old.other), dict(new.other)
    values: tuple[Json, Json] = (before, after)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    one, two = _flows(before), _flows(after)
    if changed <= {"bearerFormat"}:
        place.report("DOCS_INFO_CHANGED", f"{what}: bearerFormat changed", old, new, values=values)
    elif changed == {"flows"} and one == two:
        phrase = f"{what}: scopes were reworded"
        place.report("DOCS_DESCRIPTION_CHANGED", phrase, old, new, values=values)
    elif changed == {"flows"} and one.items() <= two.items():
        phrase = f"{what} knows more flows or scopes"
        place.report("SECURITY_RELAXED", phrase, old, new, values=values)
    else:
        phrase = f"{what} works otherwise"
        place.report("SECURITY_SCHEME_CHANGED", phrase, old, new, values=values)


def _flows(other: Mapping[str, Any]) -> dict[tuple[str, ...], Json]:
    """What callers rely on, as path -> value."""
    found: dict[tuple[str, ...], Json] = {}
    for name, flow in (other.get("flows") or {}).items():
        for key, value in flow.items():
            if key == "scopes":
                found.update({(name, key, scope): True for scope in value})
            else:
                found[name, key] = value
    return found


def compare_requirements(place: Place, old: Operation, new: Operation) -> None:
    """What one operation asks for. A new alternative does no harm, nor does asking for less."""
    renamed = _renamed(place.pairs.old, place.pairs.new)
    before = [_needs(need, renamed) for need in old.security] or [{}]
    after = [_needs(need, {}) for need in new.security] or [{}]
    values: tuple[Json, Json] = (_plain(before), _plain(after))
    if canonical(values[0]) == canonical(values[1]):
        return
    if all(any(_suffices(one, two) for two in after) for one in before):
        phrase = "also takes other credentials, or fewer"
        place.report("SECURITY_RELAXED", phrase, old, new, values=values)
    else:
        phrase = "no longer takes the credentials it took"
        place.report("SECURITY_SCHEME_CHANGED", phrase, old, new, values=values)


def _needs(need: Requirement, renamed: Mapping[str, str]) -> Needs:
    return {renamed.get(key, key): frozenset(scopes) for key, scopes in need}


def _suffices(sent: Needs, asked: Needs) -> bool:
    return all(key in sent and scopes <= sent[key] for key, scopes in asked.items())


def _plain(needs: Sequence[Needs]) -> Json:
    listed: list[dict[str, Json]] = [
        {key: [*sorted(scopes)] for key, scopes in need.items()} for need in needs
    ]
    return [{**each} for each in sorted(listed, key=canonical)]
