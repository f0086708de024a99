"""What generated modules are made of, as shapes of their syntax trees."""

from __future__ import annotations

import ast
import keyword
import unicodedata
from collections.abc import Iterator

from eventwright.model.model import Model
from eventwright.model.reachable import emitted
from eventwright.project.pipeline import Generated
from eventwright.python.naming import constant_name

Shape = tuple[str, str]
"""What a node says: as it is, and with the document's own identifiers as ID."""


class Reader(ast.NodeVisitor):
    """Collects the shapes of a module's tree."""

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self.shapes: set[Shape] = set()

    def generic_visit(self, node: ast.AST) -> None:
        kind = type(node).__name__
        said = [kind, *self._identifiers(node)]
        if isinstance(node, ast.Call):
            said.append(f"call {self._path(node.func)}")
        if isinstance(node, ast.Attribute):
            said.append(self._path(node))
        if isinstance(node, ast.ImportFrom):
            said.append(f"from {'.' * node.level}{node.module}")
        self.shapes.update((each, self._normal(each)) for each in said)
        super().generic_visit(node)

    def _identifiers(self, node: ast.AST) -> Iterator[str]:
        for name in ("id", "attr", "arg", "name", "asname"):
            if isinstance(getattr(node, name, None), str):
                yield f"{type(node).__name__}.{name} {getattr(node, name)}"

    def _path(self, node: ast.AST) -> str:
        if isinstance(node, ast.Attribute):
            return f"{self._path(node.value)} . {node.attr}"
        return node.id if isinstance(node, ast.Name) else type(node).__name__

    def _normal(self, said: str) -> str:
        return " ".join("ID" if word in self._names else word for word in said.split(" "))


def _document_names(model: Model) -> set[str]:
    """The identifiers that come from a document, with what the generated code puts before them."""
    objects = [model.objects[key] for key in emitted(model)]
    operations = (*model.operations, *model.webhooks)
    plain = {item.name for item in objects}
    plain |= {alias.name for alias in model.enums.values()}
    plain |= {field.name for item in objects for field in item.fields}
    plain |= {operation.name for operation in operations}
    plain |= {p.name for operation in operations for p in operation.parameters}
    plain |= {server.name for server in model.servers}
    assert all(_is_plain(name) for name in plain - {""}), plain
    return plain


def _is_plain(name: str) -> bool:
    folded = unicodedata.normalize("NFKC", name)
    private = name.startswith("_") or keyword.iskeyword(name)
    return name.isidentifier() and folded == name and not private


def varying_files(generated: Generated) -> dict[str, str]:
    return {
        path: text
        for path, text in generated.files.items()
        if path.endswith(".py") and not path.startswith(("_runtime/", "sinks/", "transports/"))
    }


def shapes_of(generated: Generated) -> dict[str, set[Shape]]:
    shapes: dict[str, set[Shape]] = {}
    names = _document_names(generated.model)
    for path, text in varying_files(generated).items():
        tree = ast.parse(text)
        reader = Reader({name for name in _identifiers(tree) if _derives(name, names)})
        reader.visit(tree)
        shapes[path] = reader.shapes
    return shapes


def _identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for name in ("id", "attr", "arg", "name", "asname"):
            if isinstance(getattr(node, name, None), str):
                yield getattr(node, name)


def _derives(name: str, names: set[str]) -> bool:
    """Whether an identifier is one of the document's, or made of one: `_DEVICE`, `_token`."""
    if (
        name in names
        or name.removeprefix("_switch_") in names
        or (name[:1] == "_" and name[1:] in names)
    ):
        return True
    parts = name.removeprefix("_SHARED_")
    for suffix in ("_BODY", "_BODIES", "_PARAMETERS", "_VALUES"):
        parts = parts.removesuffix(suffix)
    return name.isupper() and (parts != name or _folded(parts) in map(_folded, names))


def _folded(name: str) -> str:
    # Through the capitals: dotless i, for one, has the capital of i.
    return constant_name(name).replace("_", "").casefold()
