"""Each instance is read from JSON and given to the constructor: do both say what the suite says?"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.runtime.formats import checked_formats

from .dialect import Inexpressible
from .packages import LITERAL, Packages
from .suite import Group, Test


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`kind`: passed, missed, object, format, refused or inexpressible; `why` in words.

    object: the one reading that is eventwright's own. format: one that is checked where the suite
    takes it for an annotation, or the other way round. See docs/conformance.md.
    """

    group: Group
    test: Test
    kind: str
    why: str = ""


def outcomes(group: Group, packages: Packages) -> Iterator[Outcome]:
    """One for each test of a group."""
    try:
        module = packages.events(group.schema)
    except Inexpressible as error:
        kind, why = "inexpressible", str(error)
    except DocumentError as error:
        kind, why = "refused", ", ".join(sorted({each.code for each in error.diagnostics}))
    else:
        for test in group.tests:
            kind, why = _judged(module, group, test)
            yield Outcome(group=group, test=test, kind=kind, why=why)
        return
    for test in group.tests:
        yield Outcome(group=group, test=test, kind=kind, why=why)


def _judged(module: ModuleType, group: Group, test: Test) -> tuple[str, str]:
    data = {"event": LITERAL, "value": test.instance}
    problems = _problems(module, "from_json", json.dumps(data))
    if problems is not None and _only_objects(problems, test):
        return "object", "the keywords of objects imply one"
    if problems is not None and test.valid and group.file == "format":
        return "format", "a format is checked, not only told"
    if problems is None and not test.valid and _unchecked(module, group):
        return "format", "no format that is checked"
    if (problems is None) != test.valid:
        return "missed", "takes it" if problems is None else str(problems[0])
    return _otherwise(module, data, test)


def _otherwise(module: ModuleType, data: dict[str, Any], test: Test) -> tuple[str, str]:
    """What reading from a dict, the constructor and writing say."""
    if (_problems(module, "from_dict", data) is None) != test.valid:
        return "missed", "from_dict does not agree with from_json"
    builder = _builder(module)
    if not test.valid:
        takes = _has_argument(module) and _built(module, test.instance) is not None
        return ("missed", "the constructor takes it") if takes else ("passed", "")
    read = builder.from_dict(data)
    if json.dumps(_plain(read.to_dict()["value"])) != json.dumps(_plain(test.instance)):
        return "missed", f"is written as {read.to_dict()['value']!r}"
    if _built(module, read.value) is None:
        return "missed", "the constructor refuses what was read"
    return "passed", ""


def _unchecked(module: ModuleType, group: Group) -> bool:
    folder, _, name = group.file.rpartition("/")
    return folder == "optional/format" and name not in checked_formats()


def _builder(module: ModuleType) -> Any:
    return next(
        each
        for each in vars(module).values()
        if isinstance(each, type) and getattr(each, "event", None) == LITERAL
    )


def _problems(module: ModuleType, how: str, data: Any) -> list[Any] | None:
    """What is wrong; None for nothing."""
    try:
        getattr(_builder(module), how)(data)
    except ValueError as error:
        return list(error.problems)  # type: ignore[attr-defined]
    return None


def _has_argument(module: ModuleType) -> bool:
    """False where the value is a constant, which is filled in."""
    return "value" in {each.name for each in dataclasses.fields(_builder(module))}


def _built(module: ModuleType, value: Any) -> Any:
    """The event from the constructor; None where that refuses the value."""
    try:
        return _builder(module)(**({"value": value} if _has_argument(module) else {}))
    except ValueError:
        return None


def _only_objects(problems: list[Any], test: Test) -> bool:
    """Whether all that is wrong with a valid instance is that a value is no object."""
    return test.valid and all("an object" in each.expected for each in problems)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(item) for item in value] if isinstance(value, list) else value
