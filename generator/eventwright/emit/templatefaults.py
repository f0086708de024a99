"""What is wrong with a template of the project's: where in it, and at what of the document."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError

from ..diagnostics.diagnostic import Diagnostic, Location, did_you_mean
from ..text.positions import Problem, Source, excerpt
from .catalogue import TEMPLATES
from .templates import BUILT_IN, FILTERS, Override
from .tracing import Traced, pointer_of

_WRITTEN_FOR = (3, 10)
"""The oldest Python that generated packages run on."""
_VIEW = re.compile(r"'eventwright\.[\w.]+\.(\w+) object' has no attribute")
"""How Jinja calls a view that lacks what a template asks for."""
_VIEWS = "docs/templates.md says what a template is given"
_BUILT_IN_NAME = f"what it stands in for is called {BUILT_IN}NAME in it"


def malformed(
    environment: jinja2.Environment, overrides: Mapping[str, Override]
) -> Iterator[Diagnostic]:
    """What can be told of templates before any is rendered."""
    for own in overrides.values():
        try:
            tree = environment.parse(own.text, own.name, own.path)
            environment.compile(tree, own.name, own.path)
        except jinja2.TemplateSyntaxError as error:
            yield _syntax(own, error)
        except RecursionError:
            yield _at_line(own, 1, "T003", "this is nested too deeply")
        else:
            yield from _unknown(own, tree)


def _syntax(own: Override, error: jinja2.TemplateSyntaxError) -> Diagnostic:
    message = error.message or "this is not the syntax of Jinja"
    help = ""
    if message.startswith("No filter named"):
        name = message.split("'")[1]
        message = f"no filter is called '{name}'{did_you_mean(name, FILTERS)}"
        help = f"there are {', '.join(FILTERS)}, and those of Jinja"
    return _at_line(own, error.lineno, "T003", message.rstrip("."), help=help)


def _unknown(own: Override, tree: nodes.Template) -> Iterator[Diagnostic]:
    """Templates that it names and that are not there."""
    for node, name in named(tree):
        if name is not None and name.removeprefix(BUILT_IN) not in TEMPLATES:
            message = f"there is no template '{name}'{did_you_mean(name, TEMPLATES)}"
            yield _at_line(own, node.lineno, "T003", message, help=_BUILT_IN_NAME)


def named(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str | None]]:
    """The templates that one extends, includes or imports; None: known when it is rendered."""
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in tree.find_all(kinds):
        match getattr(node, "template", None):
            case nodes.Const(value=str(name)):
                yield node, name
            case nodes.List(items=items) | nodes.Tuple(items=items):
                for item in items:
                    yield node, item.value if isinstance(item, nodes.Const) else None
            case _:
                yield node, None


def failed(error: Exception, reached: Sequence[Override]) -> Diagnostic:
    """A template that could not be rendered: in the innermost of the project's own."""
    frames = [*_frames(error.__traceback__)]
    met = (pointer_of(frame.f_locals) for frame, _ in reversed(frames))
    pointer = next(filter(None, met), "")
    code, message, help = _words(error)
    spoken_of = next((each for each in reached if f"'{each.name}'" in message), reached[0])
    own, line = _innermost(frames, reached) or (spoken_of, 1)
    fault = _at_line(own, line, code, message, pointer, help)
    last = frames[-1][0].f_code.co_filename if frames else own.path
    if last != own.path:
        below = f"it came to light in {BUILT_IN}{Path(last).name}, line {frames[-1][1]}"
        fault = replace(fault, help="\n".join(filter(None, (fault.help, below))))
    return fault


def _words(error: Exception) -> tuple[str, str, str]:
    """Code, message, and what helps."""
    match error:
        case jinja2.UndefinedError():
            return "T004", _VIEW.sub(r"a \1 has no field", str(error.message)), _VIEWS
        case jinja2.TemplateNotFound():
            near = did_you_mean(str(error.name), TEMPLATES)
            return "T005", f"there is no template '{error.name}'{near}", _BUILT_IN_NAME
        case RecursionError():
            return "T005", "templates lead to each other without end", _BUILT_IN_NAME
        case SecurityError():
            return (
                "T005",
                f"{str(error.message).rstrip('.')}: a template may only look, and write text",
                "",
            )
        case MemoryError():
            return "T005", "this takes more memory than there is", ""
    return "T005", f"{type(error).__name__}: {error}", _VIEWS


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """Those of templates, as Jinja rewrites them, with their lines; the innermost last."""
    while traceback is not None:
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _innermost(
    frames: Sequence[tuple[FrameType, int]], reached: Sequence[Override]
) -> tuple[Override, int] | None:
    known = {own.path: own for own in reached}
    for frame, line in reversed(frames):
        own = known.get(frame.f_code.co_filename)
        if own:
            return own, line
    return None


def no_python(
    text: str, module: str, reached: Sequence[Override], where: Callable[[int, int], Traced]
) -> Diagnostic | None:
    """What keeps a module's text from being Python; None: nothing.

    `where`: which place of which template wrote a line and column of it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text, feature_version=_WRITTEN_FOR)
    except SyntaxError as error:
        line, column, what = error.lineno or 1, error.offset or 1, error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        line, column, what = 1, 1, str(error) or "it is nested too deeply"
    else:
        return None
    traced = where(line, column)
    own = next((each for each in reached if each.name == traced.template), reached[0])
    message = f"line {line} of {module} is not Python: {what}"
    fault = _at_line(own, traced.line, "T006", message, traced.pointer)
    lines = text.split("\n")
    written = excerpt(lines[line - 1], 0, line) if line <= len(lines) else ""
    return replace(fault, excerpt="\n".join(filter(None, (fault.excerpt, written))))


def _at_line(
    own: Override, line: int, code: str, message: str, pointer: str = "", help: str = ""
) -> Diagnostic:
    source = Source(own.path, own.text)
    lines = source.lines()
    line = min(max(line, 1), len(lines))
    column = len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1
    offset = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    fault = source.diagnostic(Problem(code, message, offset, (), help))
    place = Location(path=own.path, line=line, column=column, pointer=pointer)
    return replace(fault, location=place)
