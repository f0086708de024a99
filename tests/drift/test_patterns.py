"""Patterns: what is wider as it stands there relaxes, the rest cannot be told."""

from __future__ import annotations

import pytest

from drift.pairs import STRING, Schema, compared, obj, text, verdicts
from eventwright.drift.values.patterns import apart, contains, lengths, says_nothing

WIDER = ("additive semantic", "semantic additive")
UNKNOWN = ("semantic semantic", "semantic semantic")

PATTERNS: dict[str, tuple[str, str, str, str]] = {
    "nothing": ("", ".*", "none none", "none none"),
    "anything": ("^a$", ".*", "additive semantic", "breaking additive"),
    "anything, anchored": ("^a$", "^.*$", "additive semantic", "breaking additive"),
    "one that appears": ("", "^a", "breaking additive", "additive semantic"),
    "more characters": ("^[a-z]+$", "^[a-z0-9]+$", *WIDER),
    "more of them": ("^[a-z]{1,5}$", "^[a-z]{1,9}$", *WIDER),
    "any number of them": ("^[a-z]{3}$", "^[a-z]*$", *WIDER),
    "an alternative": ("^(a|b)$", "^(a|b|c)$", *WIDER),
    "an alternative of the whole": ("^a$|^b$", "^a$|^b$|^cc$", *WIDER),
    "no end": ("^a$", "^a", *WIDER),
    "no beginning": ("^ab$", "ab", *WIDER),
    "a part that may be missing": ("^\\d{5}$", "^\\d{5}(-\\d{4})?$", *WIDER),
    "other letters": ("^[a-z]+$", "^[A-Z]+$", *UNKNOWN),
    "what overlaps": ("^[a-m]+$", "^[k-z]+$", *UNKNOWN),
    "looking ahead": ("^(?=a)", "^(?=b)", *UNKNOWN),
    "what cannot be read": ("(", "[", *UNKNOWN),
    "what refers to its groups": ("^(a)\\1$", "^(b)\\1$", *UNKNOWN),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns(name: str) -> None:
    before, after, there, back = PATTERNS[name]
    old, new = (text(pattern=each) if each else STRING for each in (before, after))
    assert (verdicts(old, new), verdicts(new, old)) == (there, back)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (obj(a=STRING, b=STRING), obj(a=STRING, b=STRING)),
        ({"type": "object"}, {"type": "object"}),
    ],
)
def test_names_of_keys_have_patterns_too(old: Schema, new: Schema) -> None:
    one, two, wide = ({"propertyNames": {"pattern": each}} for each in ("^a", "^b", "^(a|b)"))
    assert verdicts({**old, **one}, {**new, **two}) == "semantic semantic"
    assert verdicts({**old, **one}, {**new, **wide}) == "additive semantic"


def test_a_pattern_of_which_nothing_is_known_is_no_error() -> None:
    (found,) = compared(text(pattern="^a"), text(pattern="^b"), "request", nested=False)
    assert (found.rule, found.severity) == ("REQ_CONSTRAINT_CHANGED", "warning")
    assert (found.old, found.new) == ("^a", "^b")


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("^a*b?$", "^aab$", True),
        ("^a*b?$", "^aabb$", False),
        ("^(ab|cd)$", "^ab$", True),
        ("^(ab|cd)$", "^(cd|ab)$", True),
        ("^a$", "a", False),
        ("^(?!x)a", "^a", False),
        ("^((a+)b)+$", "^aab$", False),
        ("\\bword\\b", "^\\bword\\b$", True),
        ("^.+$", "^[a-z]+$", True),
    ],
)
def test_containing_is_certain(wide: str, narrow: str, expected: bool) -> None:
    assert contains(wide, narrow) is expected


def test_comparing_two_patterns_ends_soon() -> None:
    long = "^" + "(a?|b?)" * 200 + "$"
    assert contains(long, long.replace("b", "c")) is False


def test_what_a_pattern_says_of_a_text() -> None:
    assert [says_nothing(each) for each in ("^", "(.*)", "a|.*", ".+", "^$")] == [
        True, True, True, False, False]  # fmt: skip
    assert lengths("^(a|bc){2}$") == (2, 4)
    assert lengths("^a+$|b") == (1, None)
    assert apart("^item_a", "^item_b")
    assert not apart("^a*b", "^c")
    assert not apart("a", "b")
