"""Why there is no report, in the format that the report would have had."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape as xml

from .. import __version__
from ..diagnostics.diagnostic import Diagnostic, Location, escape, format_diagnostics, in_order
from .formats import ci, junit, sarif

_NOWHERE = Location(path="", line=1, column=1, pointer="")


FOR_PROGRAMS = frozenset({"json", "github", "gitlab", "sarif", "junit"})
"""In the others a person reads: what they need is told on stderr."""


def render_failure(format: str, diagnostics: Sequence[Diagnostic], version_key: str) -> str:
    """ "" in a format that is not for programs."""
    found = in_order(diagnostics)
    match format:
        case "json":
            return _json(found, version_key)
        case "github":
            return "".join(f"{_annotation(each)}\n" for each in found)
        case "gitlab":
            return _dumped([_issue(each) for each in found])
        case "sarif":
            return _sarif(found)
        case "junit":
            return "".join(f"{line}\n" for line in _junit(found))
    return ""


def _json(found: Sequence[Diagnostic], version_key: str) -> str:
    told = [_data(each) for each in found]
    return _dumped({version_key: 1, "status": "error", "diagnostics": told})


def _data(diagnostic: Diagnostic) -> dict[str, Any]:
    """Null where there is none: what is about the command has neither code nor place."""
    place = diagnostic.location
    return {
        "code": diagnostic.code or None,
        "severity": diagnostic.severity,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "pointer": place.pointer if place else None,
        "message": diagnostic.message,
        "help": diagnostic.help,
    }


def _annotation(diagnostic: Diagnostic) -> str:
    place = diagnostic.location
    where = {"file": place.path, "line": place.line, "col": place.column} if place else {}
    return ci.annotation(
        diagnostic.severity, {**where, "title": _title(diagnostic)}, diagnostic.message
    )


def _issue(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.location or _NOWHERE
    known = "\0".join((diagnostic.code, place.path, place.pointer, diagnostic.message))
    return {
        "description": escape(diagnostic.message),
        "check_name": _title(diagnostic),
        "fingerprint": sha256(known.encode("utf-8", "replace")).hexdigest()[:16],
        "severity": "blocker",
        "location": {"path": place.path, "lines": {"begin": place.line}},
    }


def _sarif(found: Sequence[Diagnostic]) -> str:
    """A run that did not succeed (3.20.14), with notifications instead of results."""
    told = [_notification(each) for each in found]
    invocation = {"executionSuccessful": False, "toolConfigurationNotifications": told}
    driver = {"name": "eventwright", "version": __version__}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [],
    }
    return sarif.dumped(run)


def _notification(diagnostic: Diagnostic) -> dict[str, Any]:
    place = diagnostic.location
    text = "; ".join(filter(None, (diagnostic.message, diagnostic.help)))
    return {
        "level": diagnostic.severity,
        "message": {"text": sarif.message(text)},
        **({"locations": [sarif.location(place)]} if place else {}),
        **({"descriptor": {"id": diagnostic.code}} if diagnostic.code else {}),
    }


def _junit(found: Sequence[Diagnostic]) -> Iterator[str]:
    number = len(found)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites tests="{number}" errors="{number}">'
    yield f'  <testsuite name="eventwright diff" tests="{number}" errors="{number}">'
    for each in found:
        message = junit.attribute(each.message)
        yield f'    <testcase classname="eventwright" name={junit.attribute(_title(each))}>'
        yield f"      <error message={message}>{xml(format_diagnostics([each]))}</error>"
        yield "    </testcase>"
    yield "  </testsuite>"
    yield "</testsuites>"


def _title(diagnostic: Diagnostic) -> str:
    return diagnostic.code or diagnostic.severity


def _dumped(data: Any) -> str:
    return json.dumps(data, indent=2) + "\n"
