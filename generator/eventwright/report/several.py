"""What `check` and `pull` say, of several clients or documents, in the formats of `diff`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from .. import __version__
from ..diagnostics.diagnostic import Location, escape
from .formats import sarif
from .formats.ci import ANNOTATIONS, annotation
from .formats.markdown import code, render_markdown
from .formats.parts import Part, Trouble
from .render import FORMATS


def render_parts(format: str, command: str, parts: Sequence[Part]) -> str:
    """The parts in one text; `command`: `eventwright check`, where a format names its maker."""
    return _FORMATS[format](command, parts)


def _github(_: str, parts: Sequence[Part]) -> str:
    lines = [line for part in parts for line in _annotations(part)]
    kept: list[str] = []
    for command in ("error", "warning", "notice"):
        same = [line for line in lines if line.startswith(f"::{command} ")]
        cut = len(same) > ANNOTATIONS
        kept += same[: ANNOTATIONS - 1] if cut else same
        if cut:
            more = f"{len(same) - ANNOTATIONS + 1} more"
            kept.append(annotation(command, {"title": more}, f"not shown as annotations: {more}"))
    return "".join(f"{line}\n" for line in kept)


def _annotations(part: Part) -> Iterator[str]:
    for each in part.troubles:
        yield annotation("error", {"file": each.path, "line": 1, "title": each.kind}, each.text)
    if part.note:
        yield annotation("notice", {"title": part.name}, part.note)
    if part.report:
        yield from FORMATS["github"](part.report).splitlines()


def _gitlab(_: str, parts: Sequence[Part]) -> str:
    issues = [issue for part in parts for issue in _issues(part)]
    return json.dumps(issues, indent=2) + "\n"


def _issues(part: Part) -> Iterator[dict[str, Any]]:
    for each in part.troubles:
        yield {
            "description": escape(each.text),
            "check_name": each.kind,
            "fingerprint": each.fingerprint,
            "severity": "critical",
            "location": {"path": each.path, "lines": {"begin": 1}},
        }
    if part.report:
        yield from json.loads(FORMATS["gitlab"](part.report))


def _sarif(command: str, parts: Sequence[Part]) -> str:
    """A run of what is out of order, and one for each document that moved."""
    troubles = [each for part in parts for each in part.troubles]
    rules = sorted({each.kind for each in troubles})
    driver = {
        "name": command,
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": rule}} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules.index(each.kind)) for each in troubles],
    }
    moved = [
        run
        for part in parts
        if part.report
        for run in json.loads(FORMATS["sarif"](part.report))["runs"]
    ]
    return sarif.dumped(run, *moved)


def _result(trouble: Trouble, index: int) -> dict[str, Any]:
    place = Location(path=trouble.path, line=1, column=1, pointer="")
    return {
        "ruleId": trouble.kind,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": sarif.message(trouble.text)},
        "locations": [sarif.location(place)],
        "partialFingerprints": {"eventwright/v1": trouble.fingerprint},
    }


def _junit(command: str, parts: Sequence[Part]) -> str:
    suites = ElementTree.Element("testsuites")
    for part in parts:
        suites.append(_suite(command, part))
    for count in ("tests", "failures"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, "unicode")}\n'


def _suite(command: str, part: Part) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=f"{command} {escape(part.name)}")
    for each in part.troubles:
        name = escape(f"{each.kind} {each.path}")
        case = ElementTree.SubElement(suite, "testcase", classname=escape(part.name), name=name)
        failure = {"message": escape(each.message), "type": each.kind}
        ElementTree.SubElement(case, "failure", failure).text = escape(each.text)
    if part.report:
        suite.extend(ElementTree.fromstring(FORMATS["junit"](part.report)).iter("testcase"))
    if not len(suite):
        ElementTree.SubElement(
            suite, "testcase", classname=escape(part.name), name=escape(part.said)
        )
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    return suite


def _markdown(_: str, parts: Sequence[Part]) -> str:
    return "\n".join(_section(part) for part in parts)


def _section(part: Part) -> str:
    lines = [f"# {code(part.name)}: {escape(part.said)}", ""]
    for each in part.troubles:
        lines.append(f"- **{each.kind}** {code(each.path)}: {code(each.message)}")
        lines += [f"  to mend it: {code(each.fix)}"] if each.fix else []
    lines += [""] if part.troubles else []
    lines += [f"{code(part.note)}", ""] if part.note else []
    return "\n".join(lines) + (f"\n{render_markdown(part.report)}" if part.report else "")


def _html(command: str, parts: Sequence[Part]) -> str:
    # Templates are loaded for those who ask for a page.
    from .html.several import render_several

    return render_several(command, parts)


_FORMATS: Mapping[str, Callable[[str, Sequence[Part]], str]] = {
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "junit": _junit,
    "markdown": _markdown,
    "html": _html,
}
