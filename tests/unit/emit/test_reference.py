"""docs/templates.md says what templates there are, and what each is given."""

from __future__ import annotations

import re

from jinja2 import nodes

from eventwright.diagnostics.codes import CODES
from eventwright.emit.catalogue import TEMPLATES
from eventwright.emit.reference import VIEWS, reference
from eventwright.emit.templates import FILTERS, built_in, built_in_text
from support import ROOT

DOCS = (ROOT / "docs" / "templates.md").read_text("utf-8")
GIVEN = {"source", "title", *VIEWS}


def test_the_reference_in_the_documentation_is_current() -> None:
    _, _, rest = DOCS.partition("emit.reference` -->\n")
    found = rest.partition("<!-- end of reference -->")[0]
    assert found.strip() == reference(), "python -m eventwright.emit.reference prints it"


def test_every_template_is_in_the_catalogue_with_its_macros() -> None:
    files = {path.name for path in (ROOT / "templates").glob("*") if path.is_file()}
    assert set(TEMPLATES) == files
    for name, template in TEMPLATES.items():
        macros = built_in().parse(built_in_text(name)).find_all(nodes.Macro)
        assert {macro.name for macro in macros} == set(template.macros), name


def test_the_views_that_a_template_looks_at_are_those_that_are_said() -> None:
    for name, template in TEMPLATES.items():
        tree = built_in().parse(built_in_text(name))
        names = [*tree.find_all(nodes.Name)]
        own = {each.name for each in names if each.ctx != "load"}
        looked_at = {each.name for each in names} & VIEWS.keys()
        assert looked_at - own == set(template.views), name


def test_every_field_has_words() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.*)` \| (.*) \|$", reference(), re.MULTILINE)
    assert len(rows) > 60
    assert [row for row in rows if not row[2] and not re.search("View|Import", row[1])] == []


def test_filters_and_codes_are_documented() -> None:
    assert all(f"`{name}`" in DOCS for name in FILTERS)
    assert set(re.findall(r"^\| ([TC]\d+) \|", DOCS, re.MULTILINE)) == {
        "C012",
        *(code for code in CODES if code.startswith("T")),
    }
