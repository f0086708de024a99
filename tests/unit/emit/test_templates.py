"""A project's own templates stand in for built-in ones, and their mistakes are told."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Mapping
from typing import Any

import black
import pytest

from eventwright.diagnostics.diagnostic import Diagnostic, TemplateError
from eventwright.document.load import load_bytes
from eventwright.emit.catalogue import TEMPLATES
from eventwright.emit.declarations import events as events_views
from eventwright.emit.templates import Override, built_in_text
from eventwright.emit.views import client as client_views
from eventwright.project.pipeline import generate
from support import ROOT, client_config, event, event_document

KEY = {"type": "object", "properties": {"size": {"type": "integer"}}}
DOCUMENT = event_document(
    {"oneOf": [{"$ref": "#/components/schemas/made"}, event("Gone")]},
    components={"made": event("Made", {"inner": KEY})},
)
DOCUMENT["servers"] = [{"url": "https://api.example.com"}]
MADE = "/components/schemas/made"


def made(templates: Mapping[str, str], document: Any = DOCUMENT, **config: Any) -> dict[str, str]:
    """The files of a package, with such templates."""
    overrides = {
        name: Override(name=name, text=text, path=f"own/{name}") for name, text in templates.items()
    }
    loaded = load_bytes(json.dumps(document).encode(), "spec.json")
    return dict(generate(loaded, client_config(**config), overrides).files)


def faults(**templates: str) -> list[Diagnostic]:
    with pytest.raises(TemplateError) as caught:
        made({f"{name}.jinja": text for name, text in templates.items()})
    return list(caught.value.diagnostics)


def told(**templates: str) -> str:
    """The one fault: place, code, message, and the pointer."""
    (fault,) = faults(**templates)
    assert fault.location is not None
    at = f" at {fault.location.pointer}" if fault.location.pointer else ""
    return f"{fault.location} {fault.code} {fault.message}{at}"


def changed(name: str, old: str, new: str) -> str:
    """A built-in template with one thing changed."""
    text = built_in_text(name)
    assert old in text
    return text.replace(old, new, 1)


BUILT_IN = made({})


def test_built_in_texts_as_overrides_change_nothing() -> None:
    copies = {name: built_in_text(name) for name in TEMPLATES}
    assert made(copies, flavours=["pydantic"]) == made({}, flavours=["pydantic"])


def test_one_stands_in_wherever_it_is_used() -> None:
    files = made({"header.jinja": "# ours, of {{ source | comment }}\n"})
    written = {name for name in files if f"{name}.jinja" in TEMPLATES}
    for name in written:
        assert files[name].startswith("# ours, of spec/events.json\n")
    rest = {name: text for name, text in files.items() if name not in written}
    assert rest == {name: text for name, text in BUILT_IN.items() if name not in written}


def test_a_built_in_template_is_extended() -> None:
    text = """{% extends "builtin/events.py.jinja" %}
{% from "builder.jinja" import builder %}
{% block imports %}
from collections.abc import Iterator
{% endblock %}
{% block end %}
def names() -> Iterator[str]:
{% for class in events.classes %}
    yield   {{ class.name | literal }}
{% endfor %}
{% endblock %}
"""
    events = made({"events.py.jinja": text})["events.py"]
    first = BUILT_IN["events.py"].partition("__all__")[0].rstrip()
    assert events.startswith(f"{first}\nfrom collections.abc import Iterator\n\n__all__")
    assert events.endswith(
        'def names() -> Iterator[str]:\n    yield "MadeInner"\n    yield "Made"\n    yield "Gone"\n'
    )


def test_a_macro_of_the_built_in_template_is_imported() -> None:
    text = """{% from "builtin/builder.jinja" import builder as built_in %}
{% macro builder(class) %}
# {{ class.pointer | comment }}
{{ built_in(class) }}
{% endmacro %}
"""
    events = made({"builder.jinja": text})["events.py"]
    assert f"# {MADE}\n@dataclass" in events
    lines = [line for line in events.splitlines() if not line.startswith("# /")]
    plain = black.format_str("\n".join(lines), mode=black.Mode(line_length=88))
    assert ast.dump(ast.parse(plain)) == ast.dump(ast.parse(BUILT_IN["events.py"]))


def test_what_comes_out_is_formatted() -> None:
    api = made({"api.py.jinja": "x = {  'a':1}\ndef f( a ) : return a\n"})["api.py"]
    assert api == 'x = {"a": 1}\n\n\ndef f(a):\n    return a\n'


@pytest.mark.parametrize(
    ("name", "module"),
    [
        *((name, name.removesuffix(".jinja")) for name in TEMPLATES if name.endswith(".py.jinja")),
        ("events_init.jinja", "events/__init__.py"),
        ("events_module.jinja", "events/_made.py"),
        ("events_union.jinja", "events/_event.py"),
        ("operations_init.jinja", "operations/__init__.py"),
        ("operations_module.jinja", "operations/_events.py"),
    ],
)
def test_every_module_has_places_to_add_to(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not name.endswith(".py.jinja"):
        monkeypatch.setattr(events_views, "MOST_IN_ONE_MODULE", 0)
        monkeypatch.setattr(client_views, "MOST_IN_ONE_MODULE", 0)
    blocks = f"""{{% extends "builtin/{name}" %}}
{{% block imports %}}
import os  # more
{{% endblock %}}
{{% block end %}}

MORE = os
{{% endblock %}}
"""
    document = copy.deepcopy(DOCUMENT)
    refused = {
        "description": "No.",
        "content": {"application/json": {"schema": {"type": "string"}}},
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"] |= {"400": refused}
    asked = {"flavours": ["pydantic"], "features": ["send", "redis"]}
    text = made({name: blocks}, document, **asked)[module]
    assert "\nimport os  # more\n" in text
    assert text.endswith("\nMORE = os\n")
    assert "\n\n\n" not in text[: text.index("import os")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#\n{% if source }\n", "2:1 T003 unexpected '}'"),
        ("{{ a | coment }}", "1:1 T003 no filter is called 'coment'; did you mean 'comment'?"),
        (
            "\n  {% include 'tuple.jinja' %}",
            "2:3 T003 there is no template 'tuple.jinja'; did you mean 'tuples.jinja'?",
        ),
        ("{% extends '../passwd' %}", "1:1 T003 there is no template '../passwd'"),
        ("{% from 'static/py.typed' import x %}", "1:1 T003 there is no template 'static/"),
        ("{% include ['x'] ignore missing %}", "1:1 T003 there is no template 'x'"),
        ("{% include 'a' ~ title %}", "1:1 T005 there is no template 'aSmall'"),
        ("{% nope %}", "1:1 T003 Encountered unknown tag 'nope'"),
        ("#\r\n{{ sauce }}", "2:1 T004 'sauce' is undefined"),
        ("#\n{{ 1 / 0 }}", "2:1 T005 ZeroDivisionError: division by zero"),
        ("{% include 'header.jinja' %}", "1:1 T005 templates lead to each other without end"),
        ("{% for x in range(10 ** 7) %}{% endfor %}", "1:1 T005 OverflowError: Range too big."),
        ("{{ ().__class__ }}", "1:1 T005 access to attribute '__class__' of 'tuple' object is "),
        ("{% set x = [] %}{{ x.append(1) }}", "1:1 T005 "),
        ("{" + "{" + "(" * 5000 + ")" * 5000 + "}}", "1:1 T003 this is nested too deeply"),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, expected: str) -> None:
    assert told(header=text).startswith(f"own/header.jinja:{expected}")


def test_all_that_can_be_told_at_once_is() -> None:
    found = faults(header="{% if %}", builder="{{ x | y }}")
    assert [fault.code for fault in found] == ["T003", "T003"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{{ class.name }}", "{{ clas.name }}", "4:1 T004 'clas' is undefined at /paths/"),
        ("{% if class.doc %}", "{% if class.dok %}", "5:1 T004 "),
        ("{{ key.name }}", "{{ key.nam }}", "16:5 T004 a KeyView has no field 'nam'"),
        ("{{ key.annotation }}", "{{ key.annotation | docstring(3) }}", "16:5 T005 TypeError: "),
    ],
)
def test_a_mistake_is_told_with_what_was_being_written(old: str, new: str, expected: str) -> None:
    found = told(builder=changed("builder.jinja", old, new))
    assert re.match(rf"own/builder\.jinja:{re.escape(expected.partition(' at ')[0])}", found)
    assert re.search(r" at (/components/schemas/made|/paths/)", found)


def test_the_pointer_is_that_of_the_innermost_thing() -> None:
    text = changed(
        "builder.jinja", "{{ key.name }}", "{{ key.name if key.name != 'size' else key.x }}"
    )
    assert told(builder=text).endswith(f" at {MADE}/properties/inner/properties/size")


def test_a_mistake_of_operations_and_servers_has_its_pointer() -> None:
    text = changed("client.jinja", "{{ operation.doc | docstring(", "{{ operation.dog | docstring(")
    assert told(client=text).endswith(" at /paths/~1events/post")
    text = changed("api.py.jinja", "{{ server.url | literal }}", "{{ server.uri | literal }}")
    assert told(**{"api.py": text}).endswith(" at /servers/0")


def test_a_macro_that_is_called_wrongly_is_told_where_it_is_called() -> None:
    text = changed("events.py.jinja", "{{ builder(class) }}", "{{ builder(class.name) }}")
    (fault,) = faults(**{"events.py": text})
    line = text[: text.index("{{ builder")].count("\n") + 1
    assert str(fault.location) == f"own/events.py.jinja:{line}:1"
    assert "it came to light in builtin/builder.jinja, line " in fault.help


def test_a_macro_that_is_gone_is_told() -> None:
    (fault,) = faults(builder="{% macro build(class) %}{% endmacro %}")
    assert fault.code == "T004"
    assert "does not export the requested name 'builder'" in fault.message
    assert str(fault.location).startswith("own/builder.jinja:1")
    (fault,) = faults(header="# ours\n", builder="{% macro build(class) %}{% endmacro %}")
    assert str(fault.location).startswith("own/builder.jinja:1")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("class {{ class.name }}(", "clas {{ class.name }}(", 4),
        ("    __slots__ = ()", "    __slots__ = )", 14),
        ("{{ key.name }}:", "{{ key.name }}!:", 16),
    ],
)
def test_what_is_no_python_is_told_with_template_line_and_node(
    old: str, new: str, line: int
) -> None:
    (fault,) = faults(builder=changed("builder.jinja", old, new))
    assert fault.code == "T006"
    assert re.match(r"line \d+ of events\.py is not Python: ", fault.message)
    assert fault.location is not None
    assert fault.location.path == "own/builder.jinja"
    assert fault.location.line == line
    assert fault.location.pointer.startswith(("/components/schemas/made", "/paths/"))
    shown = fault.excerpt.splitlines()
    assert [each[:8] for each in shown[::2]] == [
        f"{line:>5} | ",
        f"{fault.message.split()[1]:>5} | ",
    ]


@pytest.mark.parametrize(
    "text", ["x = '\0'", "(" * 500 + ")" * 500, "\ud800", "match x:\n", "type X = int\n"]
)
def test_texts_that_python_cannot_read(text: str) -> None:
    (fault,) = faults(**{"api.py": text})
    assert fault.code == "T006"


def test_a_template_that_looks_at_what_others_wrote() -> None:
    text = (
        "{% from 'tuples.jinja' import inline %}{{ 'x x' if inline([]) | length == 2 else 1 / 0 }}"
    )
    (fault,) = faults(**{"api.py": text, "tuples": built_in_text("tuples.jinja")})
    assert (fault.code, str(fault.location)) == ("T006", "own/api.py.jinja:1:1")


def test_text_of_the_document_is_quoted_by_filters_alone() -> None:
    evil = "'''\"\"\"\n__import__('os').system('x')\\"
    document = event_document(
        {"$ref": "#/components/schemas/made"}, components={"made": event("Made", description=evil)}
    )
    text = """{% for each in events.classes %}
X = {{ each.doc | literal }}
# {{ each.doc | comment }}
def f():
    \"\"\"{{ each.doc | docstring }}\"\"\"
{% endfor %}"""
    tree = ast.parse(made({"api.py.jinja": text}, document)["api.py"])
    assert [type(node) for node in tree.body] == [ast.Assign, ast.FunctionDef]
    assert not any(isinstance(node, ast.Call) for node in ast.walk(tree))


def test_hostile_texts_reach_no_terminal() -> None:
    (fault,) = faults(header="{{ raise('\x1b[31m') }}")
    assert "\x1b" not in str(TemplateError([fault]))


def test_the_examples_of_the_documentation_work() -> None:
    text = (ROOT / "docs" / "templates.md").read_text("utf-8")
    examples = re.findall(r"```jinja\n(\{# templates/(\S+):.*?)```", text, re.DOTALL)
    events = made({name: example for example, name in examples})["events.py"]
    assert len(examples) == 2
    assert events.endswith('    yield "Gone"\n')
    assert events.count("\n@registered\n@dataclass(") == 3
