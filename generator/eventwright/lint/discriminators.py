"""Discriminators that their own schemas contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics.diagnostic import did_you_mean
from ..diagnostics.remarks import Remark
from ..text.pointers import Pointer, Tokens, join_pointer, target
from ..validation.schemaerrors import show
from .schemas import Found, Schemas

_NAME = re.compile(r"[A-Za-z0-9_-]+")
"""A component's, for certain: `pets.json` may be a file's."""


def unfit_discriminators(at: Tokens, schema: Found, schemas: Schemas) -> Iterator[Remark]:
    """A key that arms do not have; a mapping that leads nowhere near them, or against a `const`."""
    said = schema.get("discriminator")
    if not isinstance(said, dict) or (schemas.legacy and "$ref" in schema):
        return
    wire = said.get("propertyName")
    if isinstance(wire, str):
        place = (*at, "discriminator")
        yield from _key((*place, "propertyName"), wire, schema, schemas)
        mapping = said.get("mapping")
        if isinstance(mapping, dict):
            yield from _mapping((*place, "mapping"), wire, mapping, schema, schemas)


def _arms(schema: Found) -> list[Any]:
    return [arm for keyword in ("oneOf", "anyOf") for arm in schema.get(keyword) or ()]


def _key(at: Tokens, wire: str, schema: Found, schemas: Schemas) -> Iterator[Remark]:
    arms = [arm for arm in _arms(schema) if not _is_null(schemas.followed(arm))]
    own = schemas.declared(schema) if not arms else set(schema.get("properties", ()))
    lacking = [arm for arm in arms if wire not in own and wire not in schemas.declared(arm)]
    if wire in own or (arms and not lacking):
        return
    known = own.union(*(schemas.declared(arm) for arm in arms))
    message = f"no schema here has the key '{wire}'{did_you_mean(wire, known)}"
    if len(lacking) < len(arms):
        names = ", ".join(arm["$ref"] for arm in lacking if isinstance(arm, dict) and "$ref" in arm)
        message = f"'{wire}' is to tell the schemas apart, and not all have it: {names or 'some'}"
        message += " do not" if not names or len(lacking) > 1 else " does not"
    help = f"declare '{wire}' in each of the schemas, or correct `propertyName`"
    yield Remark(code="N115", message=message, at=join_pointer(at), help=help)


def _is_null(arm: Any) -> bool:
    return isinstance(arm, dict) and (arm.get("type") == "null" or arm.get("enum") == [None])


def _mapping(
    at: Tokens, wire: str, mapping: Mapping[str, Any], schema: Found, schemas: Schemas
) -> Iterator[Remark]:
    arms = {id(schemas.followed(arm)) for arm in _arms(schema)}
    for literal, name in mapping.items():
        arm = _named(name, schemas)
        if arm is None:
            if isinstance(name, str) and (name.startswith("#") or _NAME.fullmatch(name)):
                yield _nowhere(join_pointer((*at, literal)), literal, name, schemas)
            continue
        if arms and id(arm) not in arms:
            message = f"'{literal}' leads to {name}, which is none of the schemas here"
            help = "add it to them, or remove the entry"
        else:
            constants = _constants(schemas.property(arm, wire))
            if constants is None or literal in constants:
                continue
            other = " or ".join(map(show, constants))
            message = f"'{literal}' leads to {name}, whose '{wire}' is {other}"
            help = "make the two agree"
        pointer = join_pointer((*at, literal))
        yield Remark(code="N116", message=message, at=pointer, help=help)


def _nowhere(at: Pointer, literal: str, name: str, schemas: Schemas) -> Remark:
    message = f"'{literal}' leads to {name}, which is no schema"
    near = did_you_mean(name, schemas.at("/components/schemas") or ())
    help = "name one of /components/schemas, or refer to one"
    return Remark(code="N116", message=message + near, at=at, help=help)


def _named(name: Any, schemas: Schemas) -> Any:
    """What an entry of the mapping leads to: a reference, or the name of a component."""
    if not isinstance(name, str):
        return None
    for pointer in (target(name),) if name.startswith("#") else (f"/components/schemas/{name}",):
        found = schemas.at(pointer)
        if found is not None:
            return schemas.followed(found)
    return None


def _constants(schemas: list[Found]) -> list[Any] | None:
    """The values that one key may have; None where nothing lists them."""
    for schema in schemas:
        if "const" in schema:
            return [schema["const"]]
        if isinstance(schema.get("enum"), list):
            return list(schema["enum"])
    return None
