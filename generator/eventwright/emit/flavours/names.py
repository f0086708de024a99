"""Names in `pydantic_models.py`: attributes that BaseModel needs itself, imports that clash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ...model.model import Field
from ...python.order import sorted_names

RESERVED_ATTRIBUTES = frozenset(
    # What annotations refer to, and every public attribute of Pydantic's BaseModel and of ours.
    "list dict from_builder to_builder construct copy from_orm json model_computed_fields "
    "model_config model_construct model_copy model_dump model_dump_json model_extra model_fields "
    "model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild "
    "model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw "
    "schema schema_json update_forward_refs validate".split()
)
IMPORTED = {
    "Annotated": "typing",
    "ClassVar": "typing",
    "Literal": "typing",
    "TYPE_CHECKING": "typing",
    "TypeAlias": "typing",
    "Field": "pydantic",
    "StrictBool": "pydantic",
    "Checked": "_pydantic.models",
    "Model": "_pydantic.models",
    **dict.fromkeys(
        "Date DateTime Exact Integer Json JsonObject Number Omittable Text".split(),
        "_pydantic.values",
    ),
}
"""Name -> the module it comes from."""


def spellings(classes: Collection[str]) -> dict[str, str]:
    """Name -> how it is spelled in a module with these classes: `Field`, or else `_Field`."""
    return {name: f"_{name}" if name in classes else name for name in IMPORTED}


def imports(used: Collection[str], spelled: Mapping[str, str], module: str) -> tuple[str, ...]:
    """What the import statements of a module name, as import sorters want them.

    One statement for all plain names, and one each for `Field as _Field`.
    """
    wanted = sorted_names(name for name in used if IMPORTED.get(name) == module)
    plain = [name for name in wanted if spelled[name] == name]
    lines = {name: f"{name} as {spelled[name]}" for name in wanted if name not in plain}
    lines.update({plain[0]: ", ".join(plain)} if plain else {})
    return tuple(lines[name] for name in wanted if name in lines)


def attribute_names(fields: Iterable[Field]) -> dict[str, str]:
    """Wire name -> attribute: the builder's, unless BaseModel has one of that name itself."""
    fields = tuple(fields)
    taken = {field.name for field in fields}
    names: dict[str, str] = {}
    for field in fields:
        name = field.name
        while name in RESERVED_ATTRIBUTES or (name != field.name and name in taken):
            name += "_"
        taken.add(name)
        names[field.wire] = name
    return names
