"""Each format by its RFC: what has it, and what only looks like it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventwright.runtime.formats import checked_formats

FORMATS: dict[str, Any] = {name: found for name, (_, found) in checked_formats().items()}

CASES: dict[str, tuple[list[str], list[str]]] = {
    "date-time": (
        ["2026-11-24T09:30:00Z", "2026-11-24t09:30:00.123456789-05:30", "2016-12-31T23:59:60Z"],
        [
            "2026-11-24 09:30:00Z",
            "2026-11-24T09:30:00",
            "2026-02-29T00:00:00Z",
            "2026-11-24T24:00:00Z",
        ],
    ),
    "date": (["2024-02-29"], ["2023-02-29", "20240229", "2024-W09-4", "2024-02-29\n", "2024-2-9"]),
    "time": (
        ["09:30:00Z", "09:30:00.5+23:59", "23:59:60Z", "00:29:60+00:30"],
        ["09:30:00", "9:30:00Z", "24:00:00Z", "09:30:60Z", "09:30:00+24:00", "09:30:00Z\n"],
    ),
    "duration": (
        ["P1Y2M3DT4H5M6S", "P1D", "PT5M", "P2W", "P1MT1S", "P1YT1M"],
        [
            "P1Y2D",
            "PT1H2S",
            "P",
            "PT",
            "P1",
            "P1DT",
            "P1W2D",
            "PT1.5S",
            "-P1D",
            "P1D\n",
            "P\u0661D",
        ],
    ),
    "uuid": (
        ["00000000-0000-0000-0000-000000000000", "2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
        ["00000000000000000000000000000000", "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", ""],
    ),
    "email": (
        ["a@b", "a.b+c@x.example", '"a b"@x.example', '"a@b"@c', "a@[127.0.0.1]", "a@[IPv6:::1]"],
        [
            "a",
            "@b",
            "a@",
            "a@b@c",
            ".a@b",
            "a..b@c",
            "a@[256.0.0.1]",
            "a@[]",
            "ä@b",
            "a@b\n",
            '"@b',
        ],
    ),
    "idn-email": (["ä@ö.example", '"ä b"@c', "a@b"], ["ä", "ä@", "@ö", "ä@-ö"]),
    "hostname": (
        ["a", "a-b.example", "1.2", "xn--bcher-kva", "XN--BCHER-KVA.example", "a" * 63],
        [
            "",
            ".",
            "a.",
            "-a",
            "a-",
            "a_b",
            "a" * 64,
            "a b",
            "ä",
            "a\n",
            "ab--c",
            ".".join(["a"] * 128),
            "xn--",
            "xn--X",
            "xn--a",
            "xn--bcher-kv",
            "xn--zzzzzzzzz99999",
            "xn---",
            "xn--a-ecp.ru-",
        ],
    ),
    "idn-hostname": (
        ["bücher.example", "例え.テスト", "\u03c2", "l·l", "\u05d0\u05f3", "a-b"],
        ["", "-ä", "ä-", "\u0301a", "Ä", "a·b", "\u0375a", "\u30fb", "ab--ä", "ä" * 64, "\ud800"],
    ),
    "ipv4": (["127.0.0.1"], ["127.0.0.01", "1.2.3", "1.2.3.256", "1.2.3.4\n", "\u0661.2.3.4"]),
    "ipv6": (
        ["::1", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8"],
        ["::1%eth0", "1::2::3", "12345::", ":", "::1\n"],
    ),
    "uri": (
        [
            "http://a:80/",
            "http://a:/",
            "urn:x:y",
            "mailto:a@b",
            "http://[::1]:8/?a#b",
            "a://u:p@h/%41",
            "http://[v1.x]/",
            "file:///a",
        ],
        [
            "http://a:abc/",
            "/a",
            "a",
            "//a",
            "http://a b/",
            "http://[::g]/",
            "http://[::1",
            "a:b[",
            ":a",
            "1a:b",
            "http://a/%4",
            "http://a/#b#c",
            "http://u@h@x/",
            "http://ä/",
            "http://a/\\",
            "a:\n",
        ],
    ),
    "uri-reference": (
        ["", "/a", "a?b#c", "//h:1/p", "a/b:c", "http://a"],
        ["1a:b", "\\", "a b", "//h:x"],
    ),
    "uri-template": (
        ["", "/a/{b}{?c,d*,e:3}", "{+a}", "{a.b}", "{%41}", "ä"],
        ["{", "}", "{}", "{a", "{a b}", "{a:0}", "{a:10000}", "{-a}", "{.}", "a b", "%4"],
    ),
    "iri": (["http://ä.example/ö?\ue000", "http://a"], ["ä", "http://a/\ue000", "http://ä:x"]),
    "iri-reference": (["ä", "//ä/ö"], ["ä b", "\\ä"]),
    "json-pointer": (["", "/", "/a~0b~1c/0", "/\n"], ["a", "#/a", "/~", "/~2"]),
    "relative-json-pointer": (
        ["0", "1/a", "0#", "2+1", "1-2/a"],
        ["", "/a", "01", "-1", "0##", "+1"],
    ),
    "byte": (
        ["", "YQ==", "YWI=", "YWJj", "+/+/"],
        ["YQ", "YQ=", "=", "====", "Y", "YQ==YQ==", "YW Jj", "YQ-_"],
    ),
}


def test_each_format_that_is_checked_is_here() -> None:
    assert CASES.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", CASES)
def test_a_format(name: str) -> None:
    good, bad = CASES[name]
    words, check = FORMATS[name]
    assert words
    assert [text for text in good if not check(text)] == []
    assert [text for text in bad if check(text)] == []


@pytest.mark.parametrize("name", CASES)
def test_no_text_makes_a_check_fail_or_take_long(name: str) -> None:
    check = FORMATS[name][1]
    began = time.process_time()
    for piece in (
        "a.",
        "1",
        "[",
        "a@",
        "%41",
        ":",
        "//",
        "{a,",
        "é",
        "xn--",
        "-",
        "P1",
        "'\"",
        "\u0660",
        "~0/",
    ):
        for text in (piece * 20_000, f'"{piece * 20_000}', f"P{piece * 20_000}\0"):
            check(text)
    assert time.process_time() - began < 20  # a second is usual

    @given(st.text(st.characters(codec=None), max_size=12))
    def total(text: str) -> None:
        assert check(text) in (True, False)

    total()
