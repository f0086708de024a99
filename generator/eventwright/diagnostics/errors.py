"""The mistakes that are about files and commands rather than about a place in a document."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot go on: one line that says why, what helps, and the exit code."""

    def __init__(self, message: str, *, help: str = "", exit_code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.exit_code = exit_code
