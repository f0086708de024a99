"""How a field becomes JSON text: source of expressions, fast where the type allows it."""

from __future__ import annotations

from ...model.model import (
    AnyType,
    BooleanType,
    EnumType,
    Field,
    Model,
    NullableType,
    NumberType,
    ObjectRef,
    ObjectType,
    StringType,
)
from ...python.quoting import Piece, json_text


class Encoding:
    """Writes expressions; `used` collects the runtime names in them."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.used: set[str] = set()

    def member(self, field: Field, shape: str, index: int, lead: str) -> Piece:
        """Comma or brace, key, value. `index`: of the member in its Shape."""
        before, expression, after = self._value(field, shape, index)
        return f"{lead}{json_text(field.wire)}:{before}", expression, after

    def extra(self, item: ObjectType, shape: str) -> str:
        """An expression for all undeclared keys, each led by a comma."""
        self.used.add("members")
        plain = isinstance(item.extra, AnyType) and not item.patterns
        return "members(_extra)" if plain else f"members({shape}.dump_extra(_extra))"

    def use(self, name: str) -> str:
        """A runtime name, remembered."""
        self.used.add(name)
        return name

    def _value(self, field: Field, shape: str, index: int) -> Piece:
        attribute = f"_{field.name}"
        match field.type:
            case StringType(format="date-time", min_length=None, max_length=None, pattern=""):
                return '"', f"{self.use('format_datetime')}({attribute})", '"'
            case StringType(format="date", min_length=None, max_length=None, pattern=""):
                return '"', f"{attribute}.isoformat()", '"'
            case StringType():
                return "", f"{self.use('quote')}({attribute})", ""
            case EnumType() as enum if all(isinstance(value, str) for value in enum.values):
                return "", f"{self.use('quote')}({attribute})", ""
            case BooleanType():
                return "", f'"true" if {attribute} else "false"', ""
            case NumberType(integral=True):
                return "", attribute, ""
            case NumberType():
                return "", f"{self.use('dumps')}({attribute})", ""
            case ObjectRef(key=key) if self._model.objects[key].name:
                return "", f"{attribute}.to_json_text()", ""
            case ObjectRef(key=key) if _free(self._model.objects[key]):
                return "", f"{self.use('dumps')}({attribute})", ""
            case AnyType():
                return "", f"{self.use('dumps')}({attribute})", ""
            case NullableType(inner=StringType(format="")):
                quoted = f"{self.use('quote')}({attribute})"
                return "", f'"null" if {attribute} is None else {quoted}', ""
            case _:
                return "", f"{shape}.text({index}, {attribute})", ""


def _free(item: ObjectType) -> bool:
    return isinstance(item.extra, AnyType) and not item.patterns and not item.fields
