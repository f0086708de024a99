"""What `pull` prints: text for people, Markdown for a pull request, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from ...diagnostics.diagnostic import escape, format_diagnostics
from ...pull.updates import Update
from ...report.formats.parts import Part, Trouble
from ...report.several import render_parts
from .console import has_colour, paint

_SAID = {"current": "nothing new", "moved": "moved", "first": "there was none here"}


def rendered(format: str, updates: Sequence[Update]) -> str:
    """The updates in one of the formats, whole lines."""
    own = {"text": as_text, "markdown": as_markdown, "json": as_json}
    if format in own:
        return own[format](updates).rstrip("\n") + "\n"
    return render_parts(format, "eventwright pull", [_part(update) for update in updates])


def _part(update: Update) -> Part:
    return Part(
        name=update.source.spec,
        said=_SAID[update.status],
        troubles=tuple(
            Trouble(
                kind=each.code,
                path=each.location.path if each.location else update.source.spec,
                message=each.message,
                fix=each.help,
            )
            for each in update.complaints
        ),
        report=update.movement.report() if update.movement else None,
    )


def as_text(updates: Sequence[Update]) -> str:
    """One line for each document, then what moved in it."""
    return "\n".join(line for update in updates for line in _text(update))


def _text(update: Update) -> Iterator[str]:
    source = update.source
    size = "" if update.status == "current" else f", {len(update.body):,} bytes"
    name = paint(escape(source.spec), "bold")
    yield f"{name}: {_SAID[update.status]} at {escape(source.shown)}{size}"
    if update.movement:
        yield ""
        yield update.movement.render("text", colour=has_colour(sys.stdout)).rstrip("\n")
    elif update.status == "moved":
        yield "  the document here is not valid, so there is nothing to compare with"
    if update.complaints:
        yield ""
        yield "the configuration does not fit the new document:"
        yield format_diagnostics(update.complaints)


def as_markdown(updates: Sequence[Update]) -> str:
    """One section for each document that moved."""
    moved = [update for update in updates if update.status != "current"]
    if not moved:
        return "Nothing new upstream.\n"
    return "\n".join(line for update in moved for line in _markdown(update))


def _markdown(update: Update) -> Iterator[str]:
    source = update.source
    yield f"# {_code(source.spec)} moved upstream"
    yield ""
    yield f"Fetched from {_code(source.shown)}, sha256 {_code(update.new_sha256)}."
    yield ""
    if update.movement:
        yield update.movement.render("markdown")
    if update.complaints:
        text = format_diagnostics(update.complaints)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        yield "## The configuration does not fit the new document"
        yield ""
        yield f"{fence}text\n{text}\n{fence}\n"


def _code(text: str) -> str:
    plain = escape(text).replace("`", "'")
    return f"`{plain}`"


def as_json(updates: Sequence[Update]) -> str:
    """`{"pullVersion": 1, "status": …, "documents": […]}`; `report` is that of `diff`, or null."""
    moved = any(update.status != "current" for update in updates)
    data = {
        "pullVersion": 1,
        "status": "moved" if moved else "current",
        "documents": [_data(update) for update in updates],
    }
    return json.dumps(data, indent=2)


def _data(update: Update) -> dict[str, Any]:
    return {
        "spec": update.source.spec,
        "source": update.source.shown,
        "status": update.status,
        "oldSha256": update.old_sha256,
        "newSha256": update.new_sha256,
        "complaints": [{"code": each.code, "message": each.message} for each in update.complaints],
        "report": update.movement.as_data() if update.movement else None,
    }
