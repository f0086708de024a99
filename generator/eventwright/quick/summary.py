"""What a run did, in words. Light enough for the quick answers."""

from __future__ import annotations


def summary(
    output: str,
    events: int | None,
    *,
    writes: int = 0,
    unchanged: int = 0,
    removals: int = 0,
    seconds: float,
    verbs: tuple[str, str] = ("written", "removed"),
) -> str:
    """`generated/acme: 8 events, 3 files written, 38 unchanged, 1 removed, 0.84 s`.

    `events`: None for the runtime that clients share; 0 is no news of a document without any.
    """
    what = "the shared runtime, " if events is None else f"{plural(events, 'event')}, "
    return (
        f"{output}: {what if events != 0 else ''}{plural(writes, 'file')} {verbs[0]}, "
        f"{unchanged} unchanged, {removals} {verbs[1]}, {seconds:.2f} s"
    )


def plural(count: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {word}{'s' * (count != 1)}"
