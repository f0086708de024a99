"""Verdicts are JSON Schema's: schemas at random by `jsonschema`, and the runner for its suite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.__main__ import main
from conformance.dialect import DIALECTS
from conformance.judging import outcomes
from conformance.packages import Packages
from conformance.suite import Group, Test
from random_schemas import Schemas

FEW, MANY = range(60), range(1000, 3000)

# Two drafts with a case of each kind of outcome.
SUITES: dict[str, Any] = {
    "draft4": [
        {"description": "a length", "schema": {"minLength": 2}, "tests": [("ab", True), (1, True)]},
        {"description": "of old", "schema": {"dependencies": {}}, "tests": [(1, True)]},
        {
            "description": "a definition",
            "schema": {"$ref": "#/definitions/a b", "definitions": {"a b": {"type": "integer"}}},
            "tests": [(1, True), ("a", False)],
        },
    ],
    "draft2020-12": [
        {"description": "keys", "schema": {"properties": {"a": {}}}, "tests": [(1, True)]},
        {"description": "elsewhere", "schema": {"$ref": "https://a.b/c"}, "tests": [(1, True)]},
        {"description": "refused", "schema": {"$ref": "#/nothing"}, "tests": [(1, True)]},
        {"description": "wrong by intent", "schema": {"const": 1}, "tests": [(1, False)]},
        {"description": "a constant", "schema": {"const": 1}, "tests": [(1.0, True), (2, False)]},
        {"description": "itself", "schema": {"items": {"$ref": "#"}}, "tests": [([[1]], True)]},
    ],
}
REPORT = [
    "draft4 as 3.0.3: 100.0% (4 passed, 0 missed, 0 object, 0 format, 0 refused, 1 inexpressible)",
    "draft2020-12 as 3.1.0: 75.0% "
    "(3 passed, 1 missed, 1 object, 0 format, 1 refused, 1 inexpressible)",
]


def test_the_runner_tells_outcomes_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for draft, groups in SUITES.items():
        for group in groups:
            group = {**group, "tests": [_test(*each) for each in group["tests"]]}
            file = tmp_path / draft / f"{group['description']}.json"
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps([group]))
    monkeypatch.setattr("sys.argv", ["conformance", str(tmp_path), "--list"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if " as 3" in line] == REPORT
    assert "missed        wrong by intent: wrong by intent: 1 (takes it)" in lines


def _test(value: Any, valid: bool) -> dict[str, Any]:
    return {"description": str(value), "data": value, "valid": valid}


@pytest.mark.parametrize("seeds", [FEW, pytest.param(MANY, marks=pytest.mark.heavy)])
def test_random_schemas_have_the_verdicts_of_jsonschema(seeds: range, tmp_path: Path) -> None:
    packages = Packages(tmp_path, DIALECTS[1])
    found = [
        (each.kind, each.why, each.group.schema, each.test.instance)
        for seed in seeds
        for each in outcomes(_group(seed), packages)
    ]
    assert [each for each in found if each[0] == "missed"] == []
    kinds = [each[0] for each in found]
    assert kinds.count("passed") > 0.9 * len(kinds)


def _group(seed: int) -> Group:
    made = Schemas(seed)
    schema = made.whole()
    oracle = Draft202012Validator(schema)
    values = [made.value() for _ in range(12)]
    tests = [Test(description="", instance=each, valid=oracle.is_valid(each)) for each in values]
    return Group(file=str(seed), description="", schema=schema, tests=tuple(tests))
