"""The command `eventwright`, and `python -m eventwright`."""

from __future__ import annotations

import os
import sys

_COLLECTED_AFTER = 1_000_000
"""New objects. By itself Python looks for garbage far more often, and finds next to none."""

_BROKEN_PIPE = 141


def main() -> int:
    """Run the command line of this process; the exit code."""
    _open_streams()
    try:
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:  # while importing: what runs later has its own answer
        return 130
    except OSError:  # what went wrong cannot be told either
        code = 2
    if code == _BROKEN_PIPE:
        # What is still in the buffer would be written once more at the end, with a word about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _ended(code)


def _open_streams() -> None:
    """A process may be started without them: what it says then goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))


def _run(arguments: list[str]) -> int:
    if arguments[:1] in (["check"], ["generate"]):
        from .quick.answers import answer

        text = answer(arguments)
        if text is not None:
            return _print(text)
    import gc

    gc.set_threshold(_COLLECTED_AFTER)
    from .cli.main import run

    return run(arguments)


def _print(text: str) -> int:
    """The quick answer, plain ASCII. A reader that has gone away is told apart as by cli.run."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        return _BROKEN_PIPE
    except OSError as error:
        sys.stderr.write(f"error: {error.strerror}\n")
        return 2
    return 0


def _ended(code: int) -> int:
    """End the process. Nothing is open and nobody waits for the end: Python's tidying up, a quarter
    of what the quick answer takes, is left out where nobody looks on, as a measurement of coverage
    does. What cannot be printed was told already, if it could be: Python would exit with 120."""
    if sys.gettrace() is None and sys.getprofile() is None:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            code = code or 2
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
