"""The constants of operations, as the module has them and as methods call them."""

from __future__ import annotations

from dataclasses import dataclass

from ...python.naming import Distinct


@dataclass(frozen=True, slots=True)
class Variable:
    """The constant of an operation's body."""

    constants: Distinct
    operation: str
    endpoint: str
    in_front: str

    def of(self, kind: str, suffix: str) -> str:
        """Its name."""
        return self.constants.of((self.operation, kind), f"{self.endpoint}_{suffix}")

    def seen(self, name: str) -> str:
        """As methods refer to it."""
        return f"{self.in_front}{name}"
