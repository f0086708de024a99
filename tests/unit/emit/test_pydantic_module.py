"""The Pydantic module as text: names, clashes, determinism, and what is refused on the way."""

from __future__ import annotations

import ast
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pydantic
import pytest

from eventwright.diagnostics.errors import CommandError
from eventwright.emit.flavours import codegen
from eventwright.emit.flavours.names import IMPORTED, RESERVED_ATTRIBUTES
from eventwright.emit.flavours.writing import Writer
from support import ROOT, event, event_document, flagship_document, generate_from

EVIL = "__import__('os').system('x')"
HOSTILE = [
    f"'+{EVIL}+'",
    f'"""\n{EVIL}\n"""',
    f"a\r\n    {EVIL}  # \\",
    f"{{{{ {EVIL} }}}}{{% raw %}}",
    f'\\N{{BULLET}}\\"]\u2028{EVIL}',
    f"')]\n{EVIL}\nx = [('",
    "\x00\x1b[31m\ufeff",
]


def module(document: dict[str, Any]) -> str:
    return generate_from(document, flavours=["pydantic"]).files["pydantic_models.py"]


def attribute_annotations(text: str, name: str) -> dict[str, str]:
    classes = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    body = next(node for node in classes if node.name == name).body
    return {
        ast.unparse(part.target): ast.unparse(part.annotation)
        for part in body
        if isinstance(part, ast.AnnAssign)
    }


def vocabulary(text: str) -> set[str]:
    """Every name, attribute and keyword of the code; never the text of its strings."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(f".{node.attr}")
        elif isinstance(node, ast.alias):
            found.add(f"import {node.name}")
    return found


def with_text(text: str) -> dict[str, Any]:
    """A document with `text` in every place that reaches the module."""
    properties = {
        "value": {"type": "string", "enum": ["a", text], "description": text, "default": text},
        "number": {"type": "integer", "title": text, "examples": [text]},
        "list": {"type": "array", "items": {"enum": [text, "b"]}, "x-python-type": text},
        "map": {"type": "object", "additionalProperties": {"const": text}, "$comment": text},
        "either": {"anyOf": [{"enum": [text]}, {"type": "integer"}], "format": text},
        "pattern": {"type": "string", "pattern": re.escape(text), "customTypePath": text},
    }
    return event_document(event("Tried", properties, title=text, description=text))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_data_wherever_it_stands(text: str) -> None:
    honest, hostile = module(with_text("honest")), module(with_text(text))
    assert vocabulary(hostile) == vocabulary(honest)
    assert text in {n.value for n in ast.walk(ast.parse(hostile)) if isinstance(n, ast.Constant)}


@pytest.mark.parametrize("text", HOSTILE)
def test_keys_are_data(text: str) -> None:
    hostile = module(event_document(event("Tried", {text: {"type": "string"}})))
    honest = module(event_document(event("Tried", {"x-y": {"type": "string"}})))
    made = vocabulary(hostile) - vocabulary(honest)
    assert made == set(attribute_annotations(hostile, "Tried")) - {"event", "_constants"}
    assert all(name.isidentifier() for name in made)


@pytest.mark.parametrize(
    "answer",
    [
        "import os",
        "class C0(BaseModel):\n    f0: StrictStr = Field(default_factory=print)",
        "class C0(BaseModel):\n    f0: StrictStr\n    def f(self): ...",
        "class C0(BaseModel, metaclass=print()):\n    f0: StrictStr",
        "@print\nclass C0(BaseModel):\n    f0: StrictStr",
        "print('x')",
        "x = 1",
        "class C0(",
        "x = TypeAliasType('x', StrictStr, type_params=print())",
    ],
)
def test_an_answer_with_more_than_classes_is_refused(answer: str) -> None:
    with pytest.raises(CommandError, match="datamodel-code-generator"):
        codegen.fields_by_class(answer)


@pytest.mark.parametrize(
    "annotation",
    [
        "print()",
        "os.system",
        "Unknown",
        "Annotated[StrictStr, Field(default=print())]",
        "Annotated[StrictStr, Field(validation_alias='known')]",
        "Annotated[StrictStr, print(ge=1)]",
        "Annotated[StrictStr, Field(pattern='not what was asked')]",
        "Annotated[StrictStr, Field(**{'ge': 1})]",
        "Literal['not what was asked']",
        "Literal[print]",
        "dict[int, StrictStr]",
        "Callable[[], None]",
        "StrictStr if True else None",
        "[x for x in 'abc']",
    ],
)
def test_an_annotation_of_another_form_is_refused(annotation: str) -> None:
    names = {name: name for name in IMPORTED}
    writer = Writer({"C0": "Device"}, {}, names, frozenset({"known"}), {})
    assert writer.annotation(ast.parse("dict[str, C0 | Literal['known']]", mode="eval").body)
    with pytest.raises(CommandError, match="unexpected"):
        writer.annotation(ast.parse(annotation, mode="eval").body)


def test_every_attribute_of_base_model_is_reserved() -> None:
    public = {name for name in dir(pydantic.BaseModel) if not name.startswith("_")}
    assert public <= RESERVED_ATTRIBUTES


def test_attributes_are_the_builders_where_pydantic_lets_them() -> None:
    keys = {key: {"type": "string"} for key in ("userId", "copy", "model_dump", "list")}
    text = module(event_document(event("Tried", keys)))
    made = [*attribute_annotations(text, "Tried")]
    assert made[2:] == ["user_id", "copy_", "model_dump_", "list_"]


def test_classes_called_like_our_own_names_keep_them() -> None:
    taken = sorted(name for name in IMPORTED if name != "ClassVar")
    reserved = ("Annotated", "Literal", "TypeAlias", "TYPE_CHECKING")
    taken = [name for name in taken if name not in reserved]
    named = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}}
    refs = {f"k{i}": {"$ref": f"#/components/schemas/{name}"} for i, name in enumerate(taken)}
    document = event_document(event("Tried", refs), components=dict.fromkeys(taken, named))
    text = module(document)
    classes = [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    assert set(taken) <= set(classes)
    annotations = attribute_annotations(text, "Tried")
    assert annotations["k0"] == f"_Omittable[{taken[0]}]"


@pytest.mark.heavy
def test_the_same_bytes_everywhere(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.datamodel-codegen]\nsnake-case-field = true\nclass-name = 'Other'\n"
    )
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "from support import *; "
        "made = generate_from(flagship_document(), **FLAGSHIP_CONFIG, flavours=['pydantic']); "
        "sys.stdout.write(made.files['pydantic_models.py'])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code, str(ROOT / "tests")],
            cwd=cwd,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for cwd, seed in itertools.zip_longest((ROOT, tmp_path), ("1", "2"))
    }
    assert len(seen) == 1
    assert str(ROOT).encode() not in seen.pop()


def test_a_document_without_classes_gives_an_empty_module() -> None:
    document = flagship_document()
    del document["paths"]["/track"]["post"]["requestBody"]
    assert not [n for n in ast.parse(module(document)).body if isinstance(n, ast.ClassDef)]


def test_what_the_models_share_comes_with_the_flavour_alone() -> None:
    document = flagship_document()
    plain = generate_from(document).files
    flavoured = generate_from(document, flavours=("pydantic",)).files
    assert [name for name in flavoured if name not in plain] == [
        "_pydantic/__init__.py",
        "_pydantic/models.py",
        "_pydantic/values.py",
        "_runtime/kinds/formats.py",  # of dates
        "pydantic_models.py",
    ]
    assert not [name for name, text in plain.items() if "import pydantic" in text]
