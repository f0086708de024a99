"""Where a run reads and writes."""

from __future__ import annotations

import os

from .command.options import STDIN, SendOptions
from .errors import CommandError
from .state import FILES


def check_places(options: SendOptions) -> None:
    """Whether input, state and rejects are files of their own.

    Raises:
        CommandError: two of them are one.
    """
    state = {os.path.realpath(options.state + suffix) for suffix in FILES}
    rejects = os.path.realpath(options.rejects)
    if options.file != STDIN:
        file = os.path.realpath(options.file)
        if file in state:
            raise CommandError(
                f"--state {options.state} is the input itself: name another place"
            )
        if file == rejects:
            raise CommandError(
                f"--rejects {options.rejects} is the input itself: name another place"
            )
    if rejects in state:
        raise CommandError(
            f"--rejects {options.rejects} is the state of the run: name another place"
        )


def check_folders(options: SendOptions) -> None:
    """Whether state and rejects can be written. Raises CommandError."""
    folders = {
        "--state": (options.state, _why_not(options.state)),
        "--rejects": (options.rejects, _why_not(options.rejects)),
    }
    faults = {option: found for option, found in folders.items() if found[1]}
    if faults:
        said = "; ".join(
            f"{path} cannot be written: {why}" for path, why in faults.values()
        )
        raise CommandError(f"{said}. Name another place with {' and '.join(faults)}")


def _why_not(path: str) -> str:
    """Why no file can be made in the folder of a path; "": one can."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        return "there is no such folder"
    return "" if os.access(folder, os.W_OK) else "the folder is read-only"
