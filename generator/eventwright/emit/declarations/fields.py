"""What a field is in Python: needed or not, and what it holds when absent."""

from __future__ import annotations

from ...model.model import (
    AliasRef,
    AnyType,
    BooleanType,
    EnumType,
    Field,
    NullableType,
    NullType,
    NumberType,
    ObjectType,
    StringType,
    Type,
    UnionType,
)
from ...python.quoting import literal
from ...text.exactnumbers import has_exact
from ...text.jsonvalues import Json


def words(said: str, *, deprecated: bool) -> str:
    """What is said of something, and whether it is deprecated."""
    return "\n\n".join(filter(None, [said, "Deprecated." if deprecated else ""]))


def class_words(item: ObjectType) -> str:
    """What is said of a class; "" where that is no more than its name."""
    title = item.notes.title
    said = item.notes.description.strip() or ("" if title.strip() == item.name else title)
    return words(said, deprecated=item.notes.deprecated)


_SIMPLE = (BooleanType, NumberType, StringType, EnumType)


def is_needed(field: Field) -> bool:
    """Whether the key is in every request: a readOnly one is for answers."""
    return field.required and not bare(field.type).notes.read_only


def bare(node: Type) -> Type:
    """The type without null."""
    return node.inner if isinstance(node, NullableType) else node


def default(field: Field) -> tuple[Json, ...]:
    """The document's default when Python can hold it as it is: one value, or none."""
    node = bare(field.type)
    given = field.type.notes.default or node.notes.default
    if has_exact(given) or not given or not isinstance(node, _SIMPLE) or not _fits(node, given[0]):
        return ()
    return given


def is_defaulting(field: Field) -> bool:
    """Whether the key may be left out of the JSON and then counts as its default."""
    return bool(default(field)) and not is_needed(field)


def has_null(node: Type) -> bool:
    """Whether null is a value, so that absence needs one of its own."""
    if isinstance(node, UnionType):
        return any(map(has_null, node.arms))
    return isinstance(node, (NullableType, NullType, AnyType, AliasRef))


def absent(field: Field) -> str:
    """Source of what the attribute holds while the key is not there."""
    given = default(field)
    if given:
        return literal(given[0])
    return "UNSET" if has_null(field.type) else "None"


def _fits(node: Type, value: Json) -> bool:
    match node:
        case StringType():
            dated = node.format in ("date-time", "date")
            return isinstance(value, str) and not dated and not node.native
        case BooleanType():
            return isinstance(value, bool)
        case NumberType():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            return number and (isinstance(value, int) or not node.integral)
        case EnumType():
            return value in node.values and not isinstance(value, (list, dict))
        case _:
            return False
