"""Runs datamodel-code-generator in memory and takes its answer apart.

Nothing of its text reaches the result as it is: the answer is parsed, and the annotations are
written anew from the few forms that are expected. Whatever else is in there is an error.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from ...diagnostics.errors import CommandError

_ALIAS = "TypeAliasType"


def run(document: dict[str, Any]) -> str:
    """Pydantic v2 classes for the definitions of a JSON Schema document, unformatted."""
    # Imported here: it costs more than all the rest of a generation.
    from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.enums import StrictTypes

    answer = generate(
        document,
        input_file_type=InputFileType.JsonSchema,
        target_python_version=PythonVersion.PY_310,
        disable_timestamp=True,
        formatters=[],
        skip_root_model=True,
        enum_field_as_literal=LiteralType.All,
        field_constraints=True,
        use_annotated=True,
        use_union_operator=True,
        use_standard_collections=True,
        strict_types=[StrictTypes.str, StrictTypes.int, StrictTypes.float, StrictTypes.bool],
        allow_remote_refs=False,
    )
    if not isinstance(answer, str):
        raise unexpected("several modules, or none")
    return answer


def fields_by_class(text: str) -> Mapping[str, Mapping[str, ast.expr]]:
    """Class -> field -> annotation, for every class in generated text, helpers included.

    Raises:
        CommandError: the text is more than classes with annotated fields.
    """
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise unexpected("text that is not Python") from error
    found: dict[str, dict[str, ast.expr]] = {}
    for statement in module.body:
        match statement:
            case ast.ClassDef():
                found[statement.name] = _fields(statement)
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(
                    func=ast.Name(id=called), args=[ast.Constant(), aliased], keywords=[]
                ),
            ) if called == _ALIAS:
                found[name] = {"root": aliased}
            case ast.ImportFrom() | ast.Expr(value=ast.Call(func=ast.Attribute(), args=[])):
                pass  # neither is kept: imports are our own, model_rebuild() is not needed
            case _:
                raise unexpected(ast.unparse(statement))
    return found


def unexpected(what: str) -> CommandError:
    """The error for an answer that is not trusted."""
    return CommandError(
        f"datamodel-code-generator answered with something unexpected: {what[:200]!a}",
        help='leave "pydantic" out of `flavours`, and report this with the document',
    )


def _fields(statement: ast.ClassDef) -> dict[str, ast.expr]:
    if statement.decorator_list or statement.keywords:
        raise unexpected(ast.unparse(statement))
    fields: dict[str, ast.expr] = {}
    for part in statement.body:
        match part:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=None):
                fields[name] = annotation
            case ast.Assign(targets=[ast.Name(id="model_config")]) | ast.Pass():
                pass
            case _:
                raise unexpected(ast.unparse(part))
    return fields
