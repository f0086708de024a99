"""Forms as source: the runtime's objects that check and write the fields of a body."""

from __future__ import annotations

from dataclasses import dataclass

from ...model.bodies import form_of, is_file
from ...model.model import (
    AnyType,
    ArrayType,
    Content,
    Encoding,
    EnumType,
    Field,
    Model,
    NeverType,
    ObjectType,
    Type,
    UnionType,
)
from ...python.quoting import literal
from ...runtime.kinds import Kinds
from ..declarations.annotations import argument
from ..declarations.fields import bare


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field of a form: an argument of the method."""

    name: str
    annotation: str
    needed: bool
    """Whether every call has to give it."""
    doc: str
    pointer: str
    rest: bool = False
    """Whether it is a mapping of what the document does not declare."""


class Forms:
    """Writes what the runtime is told of forms."""

    def __init__(self, model: Model, kinds: Kinds) -> None:
        self._model = model
        self._kinds = kinds

    def expression(self, content: Content, item: ObjectType | None, needed: bool) -> str:
        """The runtime's Form or Multipart. `item`: where the document declares its fields."""
        multipart = form_of(content) == "multipart"
        encodings = {each.name: each for each in content.encodings}
        arguments = item.fields if item else ()
        given = [
            self._field(field, encodings.get(field.wire), multipart)
            for field in arguments
            if not field.constant
        ]
        fixed = {
            f.wire: f.type.values[0]
            for f in arguments
            if isinstance(f.type, EnumType) and f.constant
        }
        if fixed:
            given.append(f"fixed={literal(dict(fixed))}")
        if item and not has_extra(item):
            given.append("extra=None")
        elif item and not isinstance(item.extra, (AnyType, NeverType)) and not item.patterns:
            given.append(f"extra={self._kinds.kind(item.extra)}")
        if not item and not multipart:
            given += self._whole(content.type)
        if not needed:
            given.append("needed=False")
        return f"{'multipart.Multipart' if multipart else 'forms.Form'}({', '.join(given)})"

    def _whole(self, node: Type) -> list[str]:
        """What the members together must be, as far as that can be said without classes."""
        kinds = Kinds(self._model, ())
        kind = "" if isinstance(node, AnyType) else kinds.kind(node)
        return [f"whole={kind}"] if kind and not kinds.shared and not kinds.values else []

    def _field(self, field: Field, encoding: Encoding | None, multipart: bool) -> str:
        given = [literal(field.wire)]
        files, only, many = _files(field.type) if multipart else (False, False, False)
        files |= bool(multipart and encoding and encoding.headers)
        if not only:
            given.append(self._kinds.kind(field.type))
        named = {"required": field.required, "file": files, "many": many}
        given += [f"{name}=True" for name, on in named.items() if on]
        if encoding and encoding.style:
            given.append(f"style={literal(encoding.style)}")
            given += [] if encoding.explode else ["explode=False"]
            given += ["reserved=True"] if encoding.allow_reserved else []
        elif encoding and encoding.content_type:
            given.append(f"media_type={literal(encoding.content_type)}")
        return f"fields.Field({', '.join(given)})"

    def annotation(self, field: Field, encodings: tuple[Encoding, ...], multipart: bool) -> str:
        """What the argument of a field takes, None aside."""
        within = self._kinds.within
        plain = argument(self._model, field.type, within=within)
        files, only, many = _files(field.type) if multipart else (False, False, False)
        described = any(each.headers for each in encodings if each.name == field.wire)
        if not files:
            return f"{plain} | UploadFile" if multipart and described else plain
        file = "Sequence[FileLike]" if many else "FileLike"
        return file if only else f"{file} | {plain}"


def has_extra(item: ObjectType) -> bool:
    """Whether a form may have fields that are not declared."""
    return bool(item.patterns) or not isinstance(item.extra, NeverType)


def _files(node: Type) -> tuple[bool, bool, bool]:
    """Whether a field takes files, files alone, and several of them."""
    inner = bare(node)
    if isinstance(inner, ArrayType) and not inner.prefix:
        found, only, _ = _files(inner.items)
        return found, only, found
    if isinstance(inner, UnionType):
        arms = [_files(arm) for arm in inner.arms]
        return any(f for f, _, _ in arms), all(o for _, o, _ in arms), any(m for _, _, m in arms)
    return is_file(inner), is_file(inner), False
