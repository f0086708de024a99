"""An operation of the document as the client needs it, and what a call of one returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..http.messages import Headers


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
        json_statuses: the successes among them whose body is JSON and nothing else.
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
    json_statuses: tuple[str, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    error_keys: Mapping[int, tuple[str, ...]] = field(
        default_factory=dict[int, "tuple[str, ...]"]
    )

    def entry(self, status: int) -> str:
        """The entry of `statuses` for a status, the most particular that fits; "" for none."""
        exact = str(status)
        if exact in self.statuses:
            return exact
        fitting = {spelt.upper(): spelt for spelt in self.statuses}
        return fitting.get(f"{status // 100}XX") or fitting.get("DEFAULT", "")


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The server has accepted the request. Its repr shows neither headers nor body.

    Attributes:
        status: the HTTP status code.
        headers: the answer's headers.
        body: the body, uncompressed.
        data: the parsed JSON; None where none came.
        problem: what is wrong with the answer, in a line; empty where it is as documented. The
            request was accepted all the same: sending it again would have it handled twice.
    """

    status: int
    headers: Headers
    body: bytes
    data: Any = None
    problem: str = ""

    @property
    def text(self) -> str:
        """The body as text, in the charset that the Content-Type names, or else UTF-8.

        What does not fit the charset is replaced.
        """
        charset = "utf-8"
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip(" \t").lower() == "charset":
                charset = value.strip(' \t"')
        try:
            return self.body.decode(charset, "replace")
        except (
            LookupError,
            ValueError,
        ):  # none that Python knows, or no charset at all
            return self.body.decode("utf-8", "replace")

    def __repr__(self) -> str:
        problem = f", {self.problem}" if self.problem else ""
        return f"<Answer {self.status}, {len(self.body)} bytes{problem}>"
