"""What ends a command before anything is sent."""

from __future__ import annotations


class CommandError(Exception):
    """What was asked for cannot be done, whatever is in the input."""
