"""Hostile texts, and the places of a document to put them."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from typing import Any

EVIL = "__import__('os').system('x')"
HOSTILE = (
    '"',
    "'''",
    '"""',
    f'"""\n{EVIL}\n"""',
    f"'''+{EVIL}+'''",
    f'")\n{EVIL}\n("',
    "\\",
    'ends with \\"',
    'quote at the end"',
    "\\N{BULLET} \\x41 \\u0041 \\",
    f"a\n    {EVIL}\n",
    f"a\r{EVIL}",
    f"a\x0c\x1c\x85\u2028{EVIL}\u2029",
    "{{ 7*7 }} {% raw %} {# #}",
    "{{ self.__init__.__globals__ }}",
    "{% include 'header.jinja' %}",
    "{x!r:>{y}} {",
    "}",
    f"{{{EVIL}}}",
    f"# {EVIL}",
    "]]></script><!-- -->",
    "class",
    "None",
    "__init__",
    "__class__",
    "__shape__",
    "mro",
    "self",
    "Builder",
    "t",
    "Event",
    "Any",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\windows\\x.py",
    "a/b~c%2e",
    "\x00",
    "\x1b[31mred\x07",
    "\u202eevil\u2066\u2069",
    "\uff49\uff4d\uff50\uff4f\uff52\uff54\u3000\uff4f\uff53",
    "\ufb01eld \xaa\xba \xb5 \u017f \u212a \u0130 \u0131 \u0345",
    "\u0430b\u0441",
    "名前 ñandú \U0001d41a\U0001f600",
    "\u0301combining",
    "1e999 0x_ 2fa",
    "",
    " ",
    "_",
    "-",
    "\ufeff",
    "\ud800",
    "x" * 3000,
    "- a\n  - b\n\n    code\n\n| a | b |\n",
    "true",
    "$ref",
)


def places_in(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Every string, and every key (True)."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key), True
            yield from places_in(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places_in(item, (*at, index))
    elif isinstance(value, str):
        yield at, False


def put_at(document: Any, at: tuple[Any, ...], is_key: bool, text: str) -> Any:
    changed = copy.deepcopy(document)
    holder = functools.reduce(lambda value, step: value[step], at[:-1], changed)
    if not is_key:
        holder[at[-1]] = text
        return changed
    items = [(text if key == at[-1] else key, item) for key, item in holder.items()]
    holder.clear()
    holder.update(items)
    return _renamed(changed, at[-1], text) if at[:-1] == ("components", "schemas") else changed


def _renamed(value: Any, old: str, new: str) -> Any:
    """References follow a component that is called something else."""
    if isinstance(value, dict):
        return {key: _renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    escaped = new.replace("~", "~0").replace("/", "~1").replace("%", "%25")
    return f"#/components/schemas/{escaped}" if value == f"#/components/schemas/{old}" else value
