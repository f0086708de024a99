"""Which operations have a header for a key that tells one call from another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic
from ..model.model import Model, Operation, Parameter
from ..model.supported import OUR_HEADERS
from ..runtime.checkable import checkable
from ..runtime.verdicts import Verdicts
from .names.faults import Faults

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document

_DECLARED = ("idempotency-key", "x-idempotency-key")
"""As draft-ietf-httpapi-idempotency-key-header has it, and as it was before RFC 6648."""
_MEANT_OTHERWISE = frozenset({"accept", "authorization", "content-type", "cookie"})
_KEY = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
"""Such as the clients make."""


def with_idempotency(model: Model, client: ClientConfig) -> Model:
    """The model whose operations know their header: configured, or declared by a usual name."""
    keys = _Keys(model)
    operations = tuple(
        replace(each, idempotency=keys.header(each, _configured(client, each)))
        for each in model.operations
    )
    if not any(each.idempotency for each in operations):
        return model
    return replace(model, operations=operations)


def faulty(document: Document, client: ClientConfig, model: Model) -> Iterator[Diagnostic]:
    """One diagnostic for each configured header that cannot have a key."""
    keys = _Keys(model)
    for operation in model.operations:
        name = _configured(client, operation)
        problem = keys.problem(operation, name) if name else ""
        if problem:
            yield Faults(document, client).of(
                "E320",
                f"the header {name} of {operation.id} cannot have a new key: {problem}",
                ("operations", operation.id, "idempotency"),
                operation.at,
                "name the header that the server takes a UUID in, or remove the line",
            )


def _configured(client: ClientConfig, operation: Operation) -> str | None:
    said = client.operations.get(operation.id)
    return said.idempotency if said else None


class _Keys:
    """Whether headers take keys."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._verdicts: Verdicts | None = None

    def header(self, operation: Operation, configured: str | None) -> str:
        """The header of an operation, spelt as the document does; "" for none."""
        names = _DECLARED if configured is None else (configured,)
        declared = {each.wire.lower(): each for each in _headers(operation)}
        for name in filter(None, names):
            found = declared.get(name.lower())
            if found is not None and not self.problem(operation, name):
                return found.wire
            if found is None and configured:
                return configured
        return ""

    def problem(self, operation: Operation, name: str) -> str:
        """Why a header cannot have a key; "" if it can."""
        if name.lower() in OUR_HEADERS | _MEANT_OTHERWISE:
            return "the client sets it itself"
        found = next((p for p in _headers(operation) if p.wire.lower() == name.lower()), None)
        if found is None:
            return ""
        if found.style != "simple":
            return "the document has it as JSON"
        if self._verdicts is None:
            self._verdicts = Verdicts(checkable(self._model))
        return self._verdicts.problem(found.type, _KEY)


def _headers(operation: Operation) -> Iterator[Parameter]:
    return (each for each in operation.parameters if each.location == "header")
