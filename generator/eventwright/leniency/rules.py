"""The list: which complaints are mended, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..validation.complaints import Complaint
from . import documentation, keys, operations, parameters, schemas, values
from .edits import Edits

Rule: TypeAlias = Callable[[Complaint, Edits], str]
"""Mends one complaint; what was found and what is taken instead, "" where it is not for it."""

RULES: tuple[tuple[str, Rule], ...] = (
    ("N411", parameters.undeclared),
    ("N412", parameters.not_in_path),
    ("N413", parameters.repeated),
    ("N414", parameters.not_required),
    ("N415", parameters.without_schema),
    ("N421", schemas.type_names),
    ("N422", schemas.exclusive_bounds),
    ("N423", schemas.required),
    ("N424", schemas.empty_lists),
    ("N425", schemas.discriminators),
    ("N426", schemas.lists_of_items),
    ("N402", values.nulls),
    ("N403", values.spelled),
    ("N404", values.texts),
    ("N431", operations.statuses),
    ("N432", operations.responses),
    ("N433", operations.descriptions),
    ("N434", operations.paths),
    ("N435", operations.servers),
    ("N436", operations.flows),
    ("N437", operations.bodies),
    ("N438", operations.schemas),
    ("N405", keys.missing),
    ("N406", keys.repeated),
    ("N407", keys.names),
    ("N401", keys.unknown),
    ("N408", documentation.both_examples),
    ("N409", documentation.malformed),
)
"""Code of the note → what mends it."""
