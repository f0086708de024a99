"""Patterns of ECMA-262: what they find in a text, which are never run, and why."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.patterns.translate import Checked, Unchecked, examine, matches

FINDS: dict[str, tuple[list[str], list[str]]] = {
    ".": (["a", "\x85", "😀"], ["", "\n", "\r", "\u2028", "\u2029"]),
    "^a$": (["a"], ["a\n", "\na", "ba"]),
    r"^\s$": ([*"\t\n\v\f\r \xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"], [""]),
    r"^\S$": (["a", "\x1c", "\x1f", "\x85", "\u200b", "\u180e"], ["\ufeff", "\xa0"]),
    r"^\d$": (["0", "9"], ["\u0663", "\uff19"]),
    r"^\w$": (["a", "Z", "0", "_"], ["é", "\u017f", "\u212a"]),
    r"\bé": (["aé"], ["é", " é"]),
    r"^\B$": ([""], []),
    r"a\B": (["ab"], ["a", "a b", "aé"]),
    r"^[\D]$": (["a", "٣"], ["1"]),
    r"^[\W_]$": (["é", "_", " "], ["a"]),
    r"^[^\S]$": (["\ufeff", " "], ["a", "\x85"]),
    r"^[\d-z]$": (["5", "-", "z"], ["a"]),
    r"^[\b]$": (["\b"], ["b"]),
    r"\cA\cz": (["\x01\x1a"], ["cA"]),
    r"^\c1$": (["\\c1"], ["\x11"]),
    r"^\u{1F600}$": (["😀"], ["u"]),
    r"^\uD83D\uDE00$": (["😀"], []),
    r"^[\uD83D\uDE00-\uD83D\uDE02]$": (["😁"], ["\ud83d"]),
    r"^\u0041\x41\0$": (["AA\0"], []),
    "^[^]$": (["a", "\n"], [""]),
    "[]": ([], ["", "a"]),
    r"^(?<year>\d{4})-\k<year>$": (["2026-2026"], ["2026-2025"]),
    r"^(a)(?:b)\1$": (["aba"], ["abb"]),
    r"^\A\Z\z$": (["AZz"], [""]),
    r"^\/\-\.$": (["/-."], []),
    "^{a{,2}{$": (["{a{,2}{"], []),
    r"^\07\12\8$": (["\x07\n8"], []),
    "^[[a]&&~~--]$": (["[&&~~--]", "a&&~~--]"], ["[a]"]),
    "^[a&&b||c~~d]$": (["&", "|", "~", "a"], ["-"]),
    "(?<=a|bc)d": (["ad", "bcd"], ["cd"]),
    "(?<!a|bc)d": (["cd", "d"], ["ad", "bcd"]),
    "^(?!.*b)a+$": (["aa"], ["aab"]),
    "^a{2,3}?$": (["aa", "aaa"], ["a", "aaaa"]),
    "^(?:(?=a))*b": (["b"], ["c"]),
    "": (["", "a"], []),
}


@pytest.mark.parametrize("pattern", FINDS)
def test_a_pattern_finds_what_it_does_in_ecma(pattern: str) -> None:
    good, bad = FINDS[pattern]
    assert [text for text in good if not matches(pattern, text)] == []
    assert [text for text in bad if matches(pattern, text)] == []


UNCHECKED = {
    r"\p{L}": ("inexpressible", r"Python has no \p{L}"),
    r"[\P{Script=Greek}]": ("inexpressible", r"Python has no \P{Script=Greek}"),
    r"\pL": ("inexpressible", r"Python has no \pL"),
    "(?<=a*)b": ("inexpressible", "Python looks behind for texts of one length only"),
    r"(a)|\1": ("inexpressible", r"the group that \1 refers to may hold nothing"),
    r"\k<a>(?<a>b)": ("inexpressible", r"the group that \1 refers to may hold nothing"),
    r"(?:(a)|b)*\1": ("inexpressible", r"the group that \1 refers to may hold nothing"),
    "(?i:a)": ("inexpressible", "(?i: has flags of its own"),
    "a{5000000000}": ("inexpressible", "it counts further than Python does"),
    "(" * 51 + ")" * 51: ("inexpressible", "its groups are nested more than 50 deep"),
    "(a*){1000}": ("exponential", "it is too large to tell whether it can take exponential time"),
    r"^((?:(?:(?=\b)){3,8}){10}){10}$": (
        "exponential",
        "it is too large to tell whether it can take exponential time",
    ),
    "a" * 9999: ("exponential", "it is too large to tell whether it can take exponential time"),
    "(?i)a": ("syntax", "ECMA-262 has no (?i)"),
    "(?P<a>b)": ("syntax", "ECMA-262 has no (?P; it writes (?<name>…)"),
    "(?>a)": ("syntax", "no group begins with (?>"),
    "(?#a)": ("syntax", "no group begins with (?#"),
    "a*+": ("syntax", "the + at 3 repeats nothing"),
    "a**": ("syntax", "the * at 3 repeats nothing"),
    "*": ("syntax", "the * at 1 repeats nothing"),
    "^*": ("syntax", "a quantifier follows what cannot be repeated"),
    "a{2,1}": ("syntax", "{2,1} is out of order"),
    "[a-": ("syntax", "a [ is not closed"),
    "[b-a]": ("syntax", "the range b-a is out of order"),
    "(": ("syntax", "a ( is not closed"),
    ")": ("syntax", "a ) closes nothing"),
    "a\\": ("syntax", "it ends with a lone backslash"),
    r"\u{110000}": ("syntax", r"\u{110000} is beyond the last character"),
}


@pytest.mark.parametrize("pattern", UNCHECKED)
def test_a_pattern_that_is_not_run_says_why(pattern: str) -> None:
    found = examine(pattern)
    assert isinstance(found, Unchecked)
    assert (found.fault, found.reason) == UNCHECKED[pattern]
    assert matches(pattern, "a") is None


EXPONENTIAL = [
    "^(a+)+$",
    "(a+)+b",
    "^(a*)*$",
    "(a|a)*",
    "^(a|b|ab)*$",
    "^((ab)*|(a|b)*)*$",
    r"^(\w+\s?)*$",
    r"^([\/\w \.-]*)*\/?$",
    "(x+x+)+y",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*a){20}",
    "^(.*?,){11}P",
    "^(a|a){30}$",
    "(a?){30}a{30}",
    "a?" * 30 + "a" * 30,
    "(?=(a+)+b)c",
    "(?!(a+)+b)c",
    "((a+)+b)?c",
    r"(\s*\s*)*x",
    r"^\s*\s*\s*\s*\s*$",
    r"(?<n>a+)+\k<n>b",
    "[ab]*[ab]*[ab]*[ab]*c",
    # What takes nothing may do so once more:
    "^(?:(?:a?)+b)*c",
    "^(?:(?:(?:aa)?)*b)*c",
    "^(?:(?:(?=b))?b)*c",
    "^(?:(?:a?){0,5}b)*c",
    # No loop, but as often as makes no difference:
    "^(?:a|b|ab){50}c",
    "(?:abcd|a|b|c|d){40}x",
    "^x(?:_?(?:foo|fo|o)){30}$",
    r"(?:(?:\w{10}){1,3}){10}-",
    "(?:x|a?.-a?|b{3,8}){3,8}$",
]


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_what_may_take_exponential_time_is_never_run(pattern: str) -> None:
    found = examine(pattern)
    assert found == Unchecked("exponential", "it can take exponential time")


HARMLESS = [
    r"^\d{3}-\d{4}$",
    r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$",
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
    r"^(\w+\s)*\w+$",
    r"^\+?(\d{1,3}[- ]?){3,5}$",
    r"^(?=.*[A-Z])(?=.*\d)(?=.*[^A-Za-z0-9]).{8,64}$",
    r"^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$",
    r"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$",
    r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    r"^(?:[^,]*,){11}P",
    "^[a-z]+(-[a-z]+)*$",
    "[A-Z]+",
    "^.{1,10000}$",
    r"\.(jpe?g|png|gif)$",
    f"^(?:{'|'.join(f'word{number}' for number in range(300))})$",
]


@pytest.mark.parametrize("pattern", HARMLESS)
def test_what_is_linear_is_run_on_any_text(pattern: str) -> None:
    found = examine(pattern)
    assert isinstance(found, Checked)
    assert found.limit is None


@pytest.mark.parametrize("pattern", [r"^\s*\s*$", r"\s+$", r"^\S+@\S+\.\S+$", ".*a.*b"])
def test_what_is_polynomial_is_run_on_texts_of_a_length(pattern: str) -> None:
    found = examine(pattern)
    assert isinstance(found, Checked)
    assert found.limit is not None
    assert 100 <= found.limit <= 10_000
    assert matches(pattern, "\x00" * found.limit) is False
    assert matches(pattern, "\x00" * (found.limit + 1)) is None
    assert re.search(found.source, "\x00" * (found.limit + 1))  # what is unknown is accepted


_PIECES = st.sampled_from(
    [
        *r"ab0_-{}]./&|~#:, []()()*+?",
        *(f"\\{character}" for character in "dDwWsSbBnt0/-.$[]^"),
        *r"\cA \u{41} [^] [^ (?: (?= (?! (?<= (?<n> {2} {1,3}".split(),
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_what_is_run_compiles_without_a_warning(pattern: str) -> None:
    found = examine(pattern)
    if isinstance(found, Checked):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(found.source)
        # Python 3.10 has neither; both mean something else there, or nothing.
        assert not re.search(r"(?<!\\)[*+?}]\+|\(\?>", re.sub(r"\\.|\[[^]]*\]", "x", found.source))
