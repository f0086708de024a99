"""What a check says against a document: a fault, its place, and the rule that is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..diagnostics.diagnostic import Found
from ..text.pointers import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """`place`: what is at fault; for a key that is not allowed, the key.

    `keyword`, `wanted` and `value`: of OpenAPI's own JSON Schema, the keyword that `value` breaks
    and what it says; "" and None where that schema was not asked.
    """

    place: Tokens
    found: Found
    keyword: str = ""
    wanted: Any = None
    value: Any = None
