"""Which place of which template wrote a piece of text, found out by writing it once more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import GeneratorType
from typing import Any

import jinja2
import jinja2.sandbox
from jinja2 import nodes
from jinja2.debug import get_template_locals

_MARK = re.compile("\ue000(.*?):([0-9]+)\ue001(.*?)\ue002", re.DOTALL)
"""A template, a line of it, and the text that begins there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A template, a line of it, and a JSON pointer to what it stood at; "" and 1: not known."""

    template: str = ""
    line: int = 1
    pointer: str = ""


class TracingEnvironment(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """Puts in front of each piece of a template's own text where it stands."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.TemplateData):
            node.data = f"\ue000{name}:{node.lineno}\ue001{node.data}\ue002"
        return tree


def traced(template: jinja2.Template, context: Mapping[str, Any], line: int, column: int) -> Traced:
    """What wrote a line and column of the text. `template`: of a `TracingEnvironment`."""
    stream: Any = template.root_render_func(template.new_context(dict(context)))
    written = ""
    for chunk in stream:
        written += chunk
        if _MARK.sub(r"\3", written).count("\n") >= line:
            break
    while isinstance(getattr(stream, "gi_yieldfrom", None), GeneratorType):
        stream = stream.gi_yieldfrom
    frame = getattr(stream, "gi_frame", None)
    pointer = pointer_of(get_template_locals(frame.f_locals)) if frame else ""
    name, at = _marked(written, line, column)
    return Traced(template=name, line=at, pointer=pointer)


def _marked(written: str, line: int, column: int) -> tuple[str, int]:
    """The template and line that the text before a place comes from, "" and 1 if from none."""
    found, row, start, end = ("", 1), 1, 1, 0
    for mark in _MARK.finditer(written):
        between = written[end : mark.start()]
        row, start = _moved(between, row, start)
        if (row, start) > (line, column):
            break
        name, first, own = mark.groups()
        last = _moved(own, row, start)
        found = name, int(first) + min(line, last[0]) - row
        (row, start), end = last, mark.end()
    return found


def _moved(text: str, row: int, column: int) -> tuple[int, int]:
    """Where a text ends that begins there."""
    lines = text.count("\n")
    return row + lines, len(text) - text.rfind("\n") if lines else column + len(text)


def pointer_of(variables: Mapping[str, Any]) -> str:
    """To what is being rendered: the deepest place of the document that a variable stands for."""
    known = [value for value in variables.values() if not isinstance(value, jinja2.Undefined)]
    pointers = [getattr(value, "pointer", "") for value in known]
    return max((each for each in pointers if isinstance(each, str)), key=len, default="")
