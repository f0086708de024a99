"""Patterns find in a text what node's own regular expressions find. Node is optional."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventwright.patterns.translate import Checked, Unchecked, examine

_NODE = shutil.which("node")
_SCRIPT = """
const told = JSON.parse(require("fs").readFileSync(0, "utf8")).map(([pattern, texts]) => {
  for (const flags of ["u", ""]) {
    try {
      const compiled = new RegExp(pattern, flags);
      return [flags, texts.map((text) => compiled.test(text))];
    } catch (error) {}
  }
  return [null, []];
});
console.log(JSON.stringify(told));
"""
_ESCAPES = [f"\\{sign}" for sign in r"dDwWsSbBntvfr0/-.$[]^(){}|*+?'ZAzea"]
_ESCAPES += r"\cA \cz \c \u0041 \x41 \x4 \u4 \1 \2 \07 \18 \8 \k".split()
_CHARACTERS = [*"abA0_- .^${}]/&|~#\"'", "é", "\u2028", "\ufeff", "{1", "{,2}", "&&", "--", "||"]
_IN_CLASS = [*_ESCAPES, *_CHARACTERS, "a-z", "0-9", r"\d-z", r"a-\d", "[", "(", "é-ü"]
_COUNTS = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "+?"]
_OPENERS = ["(", "(?:", "(?=", "(?!", "(?<=", "(?<!"]


def _class(negative: str, members: list[str]) -> str:
    return f"[{negative}{''.join(members)}]"


_CLASSES = st.builds(
    _class, st.sampled_from(["", "^"]), st.lists(st.sampled_from(_IN_CLASS), max_size=4)
)
_ATOMS = st.sampled_from([*_ESCAPES, *_CHARACTERS]) | _CLASSES


def _patterns(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = st.builds(lambda opener, body: f"{opener}{body})", st.sampled_from(_OPENERS), inner)
    counted = st.builds(str.__add__, inner | grouped, st.sampled_from(_COUNTS))
    return st.lists(counted, max_size=4).map("".join) | st.lists(inner, max_size=2).map("|".join)


PATTERNS = st.recursive(_ATOMS, _patterns, max_leaves=8)
TEXTS = st.lists(
    st.text("abzAZ019_- \n\r\u2028\ufeff\x85\x1c\0\x01\x1a\béü/\\.$^[]{}()&|~", max_size=6)
)


@pytest.mark.heavy
@pytest.mark.skipif(_NODE is None, reason="node is not installed")
@settings(max_examples=10, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.tuples(PATTERNS, TEXTS), min_size=200, max_size=400))
def test_node_finds_the_same(cases: list[tuple[str, list[str]]]) -> None:
    done = subprocess.run(
        [str(_NODE), "-e", _SCRIPT],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    for (pattern, texts), (flags, verdicts) in zip(cases, json.loads(done.stdout), strict=True):
        found = examine(pattern)
        if isinstance(found, Unchecked):
            assert found.fault != "syntax" or flags is None, pattern
            continue
        assert isinstance(found, Checked)
        assert flags is not None, pattern
        compiled = re.compile(found.source)
        for text, verdict in zip(texts, verdicts, strict=True):
            assert (compiled.search(text) is not None) == verdict, (pattern, text)
