"""What templates are given, in words: the tables of docs/templates.md.

`python -m eventwright.emit.reference` prints them.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

import jinja2
from jinja2 import nodes

from .catalogue import TEMPLATES
from .declarations.events import EventModuleView, EventsView
from .flavours.pydantic import ModuleView
from .templates import built_in, built_in_text
from .views.client import ClientView, PartView
from .views.delivery import DeliveryView
from .views.errors import ErrorsView
from .views.public import PublicView

VIEWS: Mapping[str, type] = MappingProxyType(
    {
        "events": EventsView,
        "client": ClientView,
        "errors": ErrorsView,
        "delivery": DeliveryView,
        "public": PublicView,
        "declared": EventModuleView,
        "part": PartView,
        "module": ModuleView,
    }
)
"""The variables that hold a view; the last three are there for the module they describe alone."""

_COMMON = {
    "abstract": "What is imported from `collections.abc`.",
    "annotation": "Source of its annotation.",
    "standard": "What is imported of the standard library, for annotations.",
    "doc": "The document's words.",
    "exported": "The names of `__all__`.",
    "name": "What it is called in Python.",
    "names": "What is imported.",
    "pointer": "Where the document has it, as a JSON pointer.",
    "typing": "What is imported from `typing`.",
    "wire": "What it is called in JSON or HTTP.",
}
"""What fields of these names hold in whichever view, unless it says more."""


def reference() -> str:
    """Every template, and every view with its fields, in Markdown."""
    return "\n\n".join([_templates(), _macros(), *map(_view, _views())])


def _templates() -> str:
    rows = ["| template | what it does | looks at | blocks |", "|---|---|---|---|"]
    for name, template in TEMPLATES.items():
        views = " ".join(f"`{view}`" for view in template.views)
        blocks = " ".join(f"`{block}`" for block in _blocks(name))
        rows.append(f"| `{name}` | {template.purpose} | {views} | {blocks} |")
    return "\n".join(rows)


def _macros() -> str:
    rows = ["| macro | of | writes |", "|---|---|---|"]
    for name, template in TEMPLATES.items():
        for macro in _tree(name).find_all(nodes.Macro):
            rows.append(f"| `{_signature(macro)}` | `{name}` | {template.macros[macro.name]} |")
    return "\n".join(rows)


def _signature(macro: nodes.Macro) -> str:
    needed = len(macro.args) - len(macro.defaults)
    arguments = [each.name for each in macro.args[:needed]]
    for each, default in zip(macro.args[needed:], macro.defaults, strict=True):
        value = default.as_const() if isinstance(default, nodes.Const) else "…"
        arguments.append(f'{each.name}="{value}"')
    return f"{macro.name}({', '.join(arguments)})"


def _blocks(name: str) -> list[str]:
    return [block.name for block in _tree(name).find_all(nodes.Block)]


def _tree(name: str) -> nodes.Template:
    environment: jinja2.Environment = built_in()
    return environment.parse(built_in_text(name))


def _views() -> list[type]:
    """Those of the variables, then those that are in them, as they are met."""
    found: dict[type, None] = {}
    waiting = list(VIEWS.values())
    while waiting:
        view = waiting.pop(0)
        found[view] = None
        waiting += [each for each in _inside(view) if each not in found and each not in waiting]
    return list(found)


def _inside(view: type) -> Iterator[type]:
    """The views that a view has among its fields."""
    hints: list[Any] = [hint for name, hint in get_type_hints(view).items() if name[0] != "_"]
    while hints:
        hint = hints.pop(0)
        hints[:0] = get_args(hint)
        if is_dataclass(hint):
            yield hint  # type: ignore[misc]  # a class, not an instance of one


def _view(view: type) -> str:
    held = next((f": the variable `{name}`" for name, each in VIEWS.items() if each is view), "")
    words = _words(view)
    rows = ["| field | type | |", "|---|---|---|"]
    for field in fields(view):
        said = words.get(field.name) or _COMMON.get(field.name, "")
        rows.append(f"| `{field.name}` | `{_type(field.type)}` | {said} |")
    for name, member in vars(view).items():
        if isinstance(member, property):
            returned = inspect.signature(member.fget).return_annotation if member.fget else ""
            rows.append(f"| `{name}` | `{_type(returned)}` | {inspect.getdoc(member)} |")
    said = (inspect.getdoc(view) or "").replace("\n", " ")
    return "\n".join([f"### `{view.__name__}`{held}", "", said, "", *rows])


def _type(annotation: Any) -> str:
    return str(annotation).replace("|", "\\|")


def _words(view: type) -> dict[str, str]:
    """Field → what is said of it below its declaration, or where it is inherited from."""
    found: dict[str, str] = {}
    for each in reversed(view.__mro__[:-1]):
        found |= _own_words(each)
    return found


def _own_words(view: type) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    (declared,) = tree.body
    assert isinstance(declared, ast.ClassDef)
    found: dict[str, str] = {}
    name = ""
    for each in declared.body:
        match each:
            case ast.AnnAssign(target=ast.Name(id=name)):
                pass
            case ast.Expr(value=ast.Constant(value=str(text))) if name:
                found[name] = " ".join(text.split())
                name = ""
            case _:
                name = ""
    return found


if __name__ == "__main__":
    print(reference())
