"""Each fault on the list is refused, and where the configuration allows read as it is meant."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

import pytest

from eventwright.diagnostics.codes import CODES
from eventwright.diagnostics.diagnostic import DocumentError
from eventwright.document.load import load_bytes
from eventwright.leniency.reading import validated
from eventwright.leniency.rules import RULES
from eventwright.lower.document import lower
from eventwright.text.pointers import resolve, split_pointer
from support import ROOT, client_config
from unit.leniency.faults import CASES, DOCUMENT, GONE, Case


def faulty(case: Case) -> dict[str, Any]:
    """The document with its fault."""
    document = deepcopy(DOCUMENT) | {"openapi": case.version}
    *holder, key = split_pointer(case.at)
    owner = resolve(document, tuple(holder))
    if isinstance(owner, list):
        owner[int(key)] = case.value
    elif case.value is GONE:
        del owner[key]
    else:
        owner[key] = case.value
    return document


def found(data: Any, pointer: str) -> Any:
    """What is at a pointer, or GONE."""
    try:
        return resolve(data, split_pointer(pointer))
    except LookupError:
        return GONE


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.at}")
def test_each_fault_is_refused_and_read_as_it_is_meant(case: Case) -> None:
    raw = json.dumps(faulty(case), indent=1).encode()
    with pytest.raises(DocumentError) as refused:
        validated(load_bytes(raw, "api.json"))
    assert "--lenient" in refused.value.advice

    before = load_bytes(raw, "api.json")
    read = validated(before, lenient=True)

    assert case.code in [note.code for note in read.notes]
    assert found(read.data, case.where) == case.becomes
    assert before.data == faulty(case), "the document itself is as it was"
    model = lower(read, client_config())
    assert {note.code for note in read.notes} <= {remark.code for remark in model.remarks}


def test_every_rule_has_a_case_and_every_code_its_words() -> None:
    codes = {code for code, _ in RULES}
    assert codes == {case.code for case in CASES}
    assert codes == {code for code in CODES if code.startswith("N4")}
    documented = (ROOT / "docs" / "documents.md").read_text("utf-8")
    assert codes == set(re.findall(r"^\| (N4\d\d) \|", documented, re.MULTILINE))


@pytest.mark.parametrize(
    "schema",
    [{"type": ["string", "null"]}, {"type": "null"}, {"type": "text"}, {"minLength": "5"}],
    ids=str,
)
@pytest.mark.parametrize("keyword", ["additionalProperties", "items", "not"])
def test_a_schema_is_mended_wherever_it_stands(keyword: str, schema: Any) -> None:
    document = deepcopy(DOCUMENT) | {"openapi": "3.0.3"}
    outer = {"type": "array" if keyword == "items" else "object", keyword: schema}
    document["components"] = {"schemas": {"Outer": outer}}
    document["paths"] = {}
    assert validated(load_bytes(json.dumps(document).encode(), "api.json"), lenient=True).notes
