"""Bodies that are forms: `application/x-www-form-urlencoded`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..calls.requests import Payload
from ..http.servers import quoted
from ..kinds.base import ANY, MISSING, Kind
from ..values.frozen import EMPTY
from ..values.problems import Problem, ValidationError, shown
from .fields import Field, texts

_RESERVED = b":/?@!$'()*,;"
"""What `allowReserved` leaves as it is, without what would end the value."""
Pairs = list[tuple[Field, Any]]


class Form:
    """What the document says of a form.

    Args:
        fields: those it declares, in the order of their values.
        fixed: what every form has, by name.
        extra: the kind of what is not declared; None: nothing else is allowed.
        whole: what the whole must be beside that.
        needed: whether a form without any value is sent too, rather than none.
    """

    media_type = "application/x-www-form-urlencoded"

    def __init__(
        self,
        *fields: Field,
        fixed: Mapping[str, Any] = EMPTY,
        extra: Kind | None = ANY,
        whole: Kind | None = None,
        needed: bool = True,
    ) -> None:
        self._fields = fields
        self._by_name = {field.name: field for field in fields}
        self._fixed = fixed
        self._extra = extra
        self._whole = whole
        self._needed = needed

    def of(
        self, *values: object, extra: Mapping[str, Any] | None = None
    ) -> Payload | None:
        """The form with the values of its fields; None leaves a field out.

        Raises:
            ValidationError: not what the document allows; lists every problem.
        """
        if not self._needed and not extra and all(value is None for value in values):
            return None
        given = list(zip(self._fields, values, strict=True))
        return self._made(given, {**self._fixed, **(extra or EMPTY)})

    def of_mapping(self, value: object) -> Payload:
        """The form with the members of a mapping, or of a builder.

        Raises:
            TypeError: neither of them.
            ValidationError: not what the document allows; lists every problem.
        """
        to_dict: Any = getattr(value, "to_dict", None)
        members: object = to_dict() if callable(to_dict) else value
        if not isinstance(members, Mapping):
            raise TypeError(f"expected a mapping, got {type(value).__name__}")
        rest: dict[str, Any] = dict(cast("Mapping[str, Any]", members))
        given = [(field, rest.pop(field.name, None)) for field in self._fields]
        return self._made(given, {**self._fixed, **rest})

    def _made(self, given: Pairs, rest: Mapping[str, Any]) -> Payload:
        problems: list[Problem] = []
        fields = [(Field(name, ANY), each) for name, each in self._fixed.items()]
        fields += [pair for pair in given if pair[1] is not None or pair[0].required]
        for name, each in rest.items():
            if name in self._by_name:
                said = "a field without an argument of its own"
                problems.append(Problem((name,), said, shown(each)))
            elif name not in self._fixed:
                fields.append((self._undeclared(name), each))
            elif each != self._fixed[name]:
                problems.append(Problem((name,), repr(self._fixed[name]), shown(each)))
        kept = [(field, self._checked(field, each, problems)) for field, each in fields]
        if self._whole is not None and not problems:
            self._whole.check({f.name: v for f, v in kept}, (), problems, True)
        if problems:
            raise ValidationError("body", problems)
        payload = self._payload(kept, problems)
        if problems:
            raise ValidationError("body", problems)
        return payload

    def _undeclared(self, name: str) -> Field:
        return Field(name, self._extra)

    def _checked(self, field: Field, value: Any, problems: list[Problem]) -> Any:
        """A value as JSON."""
        path = (field.name,)
        if field.kind is None:
            problems.append(Problem(path, "no such field", shown(value)))
            return None
        before = len(problems)
        given = MISSING if value is None else value
        kept = field.kind.check(given, path, problems, False)
        return field.kind.dump(kept) if len(problems) == before else None

    def _payload(self, kept: Pairs, problems: list[Problem]) -> Payload:
        pairs = [
            pair for field, value in kept for pair in _encoded(field, value, problems)
        ]
        text = "&".join(f"{name}={value}" for name, value in pairs)
        return Payload(self.media_type, text.encode("ascii"))


def _encoded(
    field: Field, value: Any, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    def text(given: str) -> str:
        encoded = quoted(given, _RESERVED if field.reserved else b"")
        # A space as forms have it, unless the field is written as parameters are.
        return encoded if field.style else encoded.replace("%20", "+")

    try:
        yield from texts(field, value, text)
    except (TypeError, ValueError) as error:  # a lone surrogate, say
        problems.append(Problem((field.name,), "a value with a text", str(error)))
