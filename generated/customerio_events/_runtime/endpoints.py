"""An operation of the document as the client needs it, and what a call of one returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .http import Headers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint:
    """What the document says of an operation.

    Attributes:
        name: the Python method.
        method: upper case.
        path: with placeholders: `/users/{id}`.
        statuses: the documented ones as the document spells them: "200", "4XX", "default".
        content_type: of the request's body; empty: none is sent.
        accept: what to ask for; empty: nothing in particular.
        json_answer: a success carries JSON.
        security: the ways to be let in, the best first: the keys of the security schemes that
            each takes, all together. Empty: no credential is sent.
        servers: its own, where it has some.
        instead_of: the servers of the document, which its own replace.
        error_keys: for a status, the keys that lead to the error texts in its JSON body.
    """

    name: str
    method: str
    path: str
    statuses: tuple[str, ...] = ()
    content_type: str = ""
    accept: str = ""
    json_answer: bool = False
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    error_keys: Mapping[int, tuple[str, ...]] = field(
        default_factory=dict[int, "tuple[str, ...]"]
    )

    def documents(self, status: int) -> bool:
        """Whether the document foresees this status."""
        kind = f"{status // 100}XX"
        return any(
            spelt.upper() in (str(status), kind, "DEFAULT") for spelt in self.statuses
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A success.

    Attributes:
        status: the HTTP status code.
        headers: the answer's headers.
        body: the body as it came.
        data: the parsed JSON, or None where the document promises none.
    """

    status: int
    headers: Headers
    body: bytes
    data: Any = None
