"""The base classes of the Pydantic models: converting both ways, and writing what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import pydantic
import typing_extensions

from .._runtime.builders.base import Builder
from .._runtime.values.frozen import is_mapping
from .values import Json

_B = TypeVar("_B", bound=Builder)


class Model(pydantic.BaseModel, Generic[_B]):
    """What all models share: strict, immutable, with a builder of the same name."""

    model_config = pydantic.ConfigDict(
        allow_inf_nan=False,
        extra="allow",
        frozen=True,
        protected_namespaces=(),
        regex_engine="python-re",
        serialize_by_alias=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=True,
    )
    _constants: ClassVar[tuple[str, ...]] = ()
    if not TYPE_CHECKING:
        __pydantic_extra__: dict[str, Json]

        # Made from attributes it has its constants; what is received must bring them.
        def __init__(self, /, **data: Any) -> None:
            super().__init__(**{**self._absent_constants(data), **data})

        # To Pydantic it is its own, so that what is received does not come through it.
        __init__.__pydantic_base_init__ = True

    @classmethod
    def from_builder(cls, builder: _B) -> typing_extensions.Self:
        """The model that says what a builder says.

        Raises:
            pydantic.ValidationError: the builder is not this model's.
        """
        return cls.model_validate(builder.to_dict(), by_alias=True, by_name=False)

    def to_builder(self) -> _B:
        """The builder that says what this model says.

        Raises:
            ValidationError: of the builders; for a model that was not validated.
        """
        return self._builder().from_dict(self.model_dump(mode="json", by_alias=True))

    @pydantic.model_validator(mode="before")
    @classmethod
    def _has_constants(cls, data: Any) -> Any:
        for alias, value in (
            cls._absent_constants(data).items() if is_mapping(data) else ()
        ):
            raise ValueError(
                f"{alias}: expected {value!r}, got nothing (it is required)"
            )
        return data

    def model_post_init(self, context: Any, /) -> None:
        """Constants count as given, so that they are always written."""
        self.model_fields_set.update(self._constants)

    @classmethod
    def _absent_constants(cls, data: Mapping[Any, Any]) -> dict[str, Any]:
        """The constants that are not in what a model is made from, by wire name."""
        fields = ((name, cls.model_fields[name]) for name in cls._constants)
        return {
            field.alias or name: field.default
            for name, field in fields
            if name not in data and (field.alias or name) not in data
        }

    @classmethod
    def _builder(cls) -> type[_B]:
        bases = (base for base in cls.__mro__ if issubclass(base, pydantic.BaseModel))
        found = (base.__pydantic_generic_metadata__["args"] for base in bases)
        builder: type[_B] = next(arguments[0] for arguments in found if arguments)
        return builder

    @pydantic.model_serializer(mode="wrap")
    def _written(
        self,
        handler: pydantic.SerializerFunctionWrapHandler,
        info: pydantic.SerializationInfo,
    ) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        extra = self.model_extra or {}
        for name, field in type(self).model_fields.items():
            # An undeclared key that is called like an attribute is in the set too.
            unclear = name in extra and getattr(self, name) is field.default
            if name not in self.model_fields_set or unclear:
                alias = name if field.alias is None else field.alias
                data.pop(name if info.by_alias is False else alias, None)
        return data


class Checked(Model[_B]):
    """A model with conditions that only its builder can check."""

    @pydantic.model_validator(mode="after")
    def _check(self) -> typing_extensions.Self:
        self.to_builder()
        return self
