"""The view of an operation's parameters: arguments of its method, and what they become."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...model.model import ArrayType, EnumType, Model, NullableType, Parameter, Type, UnionType
from ...python.quoting import literal
from ...runtime.kinds import Kinds
from ..declarations.annotations import argument
from ..declarations.fields import words

_MADE = "None: a new UUID, the same for all attempts of the call."


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """An argument of a method that becomes part of the request."""

    name: str
    wire: str
    in_path: bool
    """Whether it is part of the path, so that it may be given by its place."""
    annotation: str
    default: str
    """Source of what goes out when a call does not give it; "" where every call has to."""
    expression: str
    """Source of the runtime's Parameter."""
    doc: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchView:
    """A header that is on or off, for the whole client or one call."""

    name: str
    wire: str
    value: str
    """Of the header, while it is on."""
    doc: str
    pointer: str


class Parameters:
    """Makes the views. Objects in parameters are plain mappings: no class is made for them."""

    def __init__(self, model: Model, within: str) -> None:
        """`within`: what stands in front of the names of enums."""
        self._model = model
        self._kinds = Kinds(model, (), within=within)

    @property
    def shared(self) -> dict[str, str]:
        """Variable -> expression, for recursive schemas."""
        return self._kinds.shared

    @property
    def values(self) -> set[str]:
        """The constants with the values of enums that expressions name."""
        return self._kinds.values

    def view(self, item: Parameter, idempotency: str) -> ParameterView:
        """`idempotency`: the header of its operation that has a key of its own by default."""
        made = item.location == "header" and item.wire == idempotency
        item = replace(item, required=False) if made else item
        view = self._view(item)
        return replace(view, doc=f"{view.doc}\n{_MADE}") if made else view

    def _view(self, item: Parameter) -> ParameterView:
        return ParameterView(
            name=item.name,
            wire=item.wire,
            in_path=item.location == "path",
            annotation=argument(
                self._model,
                item.type,
                "" if item.required else "None",
                within=self._kinds.within,
                classes=False,
            ),
            default=_default(item),
            expression=self._expression(item),
            doc=words(
                item.description or f"the {item.location} parameter `{item.wire}`.",
                deprecated=item.deprecated,
            ),
            pointer=item.at,
        )

    def _expression(self, item: Parameter) -> str:
        given = [literal(item.location), literal(item.wire), self._kinds.kind(_any_arm(item.type))]
        given.append(literal(item.style))
        named = {"explode": item.explode, "required": item.required}
        named["reserved"] = item.allow_reserved
        given += [f"{name}=True" for name, on in named.items() if on]
        return f"p.Parameter({', '.join(given)})"


def _default(item: Parameter) -> str:
    """None is left out; what may have one value only has that."""
    if not item.required:
        return "None"
    values = item.type.values if isinstance(item.type, EnumType) else ()
    plain = len(values) == 1 and isinstance(values[0], (str, int)) and item.location != "path"
    return literal(values[0]) if plain else ""


def _any_arm(node: Type) -> Type:
    """With `anyOf` for `oneOf`: an id or a name is a text, whichever it was meant as.

    What a request has of a parameter does not tell arms apart, and documents have many that
    overlap: `oneOf` of a UUID and any text takes no UUID, of two texts nothing.
    """
    match node:
        case UnionType():
            return replace(node, exclusive=False)
        case NullableType():
            return replace(node, inner=_any_arm(node.inner))
        case ArrayType():
            return replace(node, items=_any_arm(node.items))
    return node


def switch_view(item: Parameter) -> SwitchView:
    """A parameter that has a `switch`."""
    said = item.description or f"sends the header `{item.wire}: {item.switch}`."
    doc = words(said, deprecated=item.deprecated)
    return SwitchView(name=item.name, wire=item.wire, value=item.switch, doc=doc, pointer=item.at)
