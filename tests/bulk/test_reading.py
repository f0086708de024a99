"""Inputs of the command line: which format they have, and what is read of each."""

from __future__ import annotations

import bz2
import csv
import io
import json
import lzma
import os
import signal
import threading
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from bulk.commandline import module

LATIN = "é".encode("latin-1")


class Slowly(io.RawIOBase):
    """A stream that gives so many bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def read(self, size: int = -1) -> bytes:
        return self._data.read(self._step)


def source(data: bytes, step: int = 1 << 16) -> Any:
    return module("bulk.reading.source").Source(Slowly(data, step))


def rows(read: Iterator[Any]) -> list[tuple[int, Any]]:
    """Line and data of rows, line and words of faults."""
    found = []
    for each in read:
        data = getattr(each, "data", None)
        if data is None:
            data = each.cells if hasattr(each, "cells") else each.messages
        found.append((each.line, data))
    return found


def json_lines(data: bytes, step: int = 1 << 16) -> list[tuple[int, Any]]:
    return rows(module("bulk.reading.jsonrows").json_lines(source(data, step)))


def json_array(data: bytes, step: int = 1 << 16) -> list[tuple[int, Any]]:
    return rows(module("bulk.reading.jsonrows").json_array(source(data, step)))


def table(data: bytes, delimiter: str | None = None, step: int = 1 << 16) -> Any:
    return module("bulk.reading.tables").Table(source(data, step), delimiter)


def refusal(act: Any) -> str:
    with pytest.raises(module("bulk.reading.source").InputError) as caught:
        act()
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.csv", b"{", "csv"),
        ("A.CSV", b"", "csv"),
        ("a.tsv", b"[", "csv"),
        ("a.jsonl", b"[", "jsonl"),
        ("a.ndjson", b"", "jsonl"),
        ("a.json", b" \n[", "json"),
        ("a.json", b"{", "jsonl"),
        ("a.json", b"", "jsonl"),
        ("stdin", b"\t{", "jsonl"),
        ("stdin", b"[{", "json"),
        ("stdin", b"id,name", "csv"),
        ("events.txt", b'"id"', "csv"),
        ("stdin", b"", "jsonl"),
        ("stdin", b" \n", "jsonl"),
    ],
)
def test_formats_are_told_by_name_and_content(name: str, head: bytes, expected: str) -> None:
    assert module("bulk.reading.formats").recognised(name, head) == expected


@pytest.mark.parametrize("step", [1, 3, 1 << 16])
def test_json_lines(step: int) -> None:
    data = b'\xef\xbb\xbf{"a": 1}\r\n\n  \t\r\n{"b": "\xc3\xa9"}\n{"c": 1.50}'
    found = json_lines(data, step)
    assert [(line, json.loads(json.dumps(row))) for line, row in found] == [
        (1, {"a": 1}),
        (4, {"b": "é"}),
        (5, {"c": 1.5}),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "not JSON: Expecting property name"),
        (b'{"a": 1,}', "not JSON: "),
        (b"[1]", "$: expected an object, got [1] (list)"),
        (b'"a"', "$: expected an object, got 'a'"),
        (b'{"a": NaN}', "not JSON: NaN is not JSON"),
        (b'{"a": 1, "a": 2}', "not JSON: the key 'a' stands twice"),
        (b'{"a": "' + LATIN + b'"}', "byte 8 of the line, 0xe9, is not UTF-8"),
        (b'{"a": "\x00"}', "not JSON: Invalid control character"),
        (b"[" * 100_000, "not JSON: JSON nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not JSON: "),
    ],
    ids=lambda each: each[:12] if isinstance(each, bytes) else "",
)
def test_a_line_that_is_wrong_does_not_stop_the_others(line: bytes, words: str) -> None:
    first, wrong, last = json_lines(b'{"a": 1}\n' + line + b'\n{"b": 2}\n')
    assert (first, last) == ((1, {"a": 1}), (3, {"b": 2}))
    assert wrong[0] == 2
    assert wrong[1][0].startswith(words)


def test_json_that_is_laid_out_in_lines_is_told_how_to_become_json_lines() -> None:
    assert "`jq -c .` writes it so" in json_lines(b'{\n  "a": 1\n}\n')[0][1][0]


@pytest.mark.parametrize("step", [1, 2, 7, 1 << 16])
def test_an_array(step: int) -> None:
    data = b'\xef\xbb\xbf [\n {"a": [1, {"x": "]}\\""}]},\n{"b":\n "\xc3\xa9"}, {"c": 12345}\n]\n'
    assert json_array(data, step) == [
        (2, {"a": [1, {"x": ']}"'}]}),
        (3, {"b": "é"}),
        (4, {"c": 12345}),
    ]
    assert json_array(b"[]", step) == json_array(b" [ ] \n", step) == []


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b'[{"a": 1}, 5, {"b": 2}]', 1, "$: expected an object, got 5 (int)"),
        (b'[{"a": 1}, {"b": 2, "b": 3}, {"b": 2}]', 1, "not JSON: the key 'b' stands twice"),
    ],
)
@pytest.mark.parametrize("step", [1, 1 << 16])
def test_an_element_that_is_wrong_does_not_stop_the_others(
    data: bytes, line: int, words: str, step: int
) -> None:
    found = json_array(data, step)
    assert [found[0], found[2]] == [(1, {"a": 1}), (1, {"b": 2})]
    assert found[1][0] == line
    assert found[1][1][0].startswith(words)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b'[{"a": 1}\n{"b": 2}]', 2, "not JSON: expected ']', got '{'"),
        (b'[{"a": 1},\n\n{"b": }]', 3, "not JSON: Expecting value"),
        (b'[{"a": 1},\n]', 2, "not JSON: Expecting value"),
        (b'[{"a": 1},\n{"b": "', 2, "not JSON: "),
        (b'[{"a": 1}\n', 2, "not JSON: expected ']', got the end of the file"),
        (b'[{"a": 1}]\n{"b": 2}', 2, "expected the end of the file behind the array"),
        (b'[{"a": 1},\n' + b'{"a":' * 100_000, 2, "not JSON: nested too deeply"),
    ],
)
@pytest.mark.parametrize("step", [5, 1 << 16])
def test_an_array_that_breaks_off(data: bytes, line: int, words: str, step: int) -> None:
    first, (at, said) = json_array(data, step)
    assert first == (1, {"a": 1})
    assert at == line
    assert said[0].startswith(words)
    assert said[0].endswith("; what follows is not read")


def test_an_array_that_is_not_utf_8() -> None:
    assert refusal(lambda: json_array(b'[{"a": 1},\n{"b": "' + LATIN + b'"}]')) == (
        "near line 2: byte 0xe9 is not UTF-8"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("id\n1".encode("utf-16"), "iconv -f utf-16 -t utf-8"),
        ("id\n1\n".encode("utf-16-le"), "iconv -f utf-16le -t utf-8"),
        ("id\n1\n".encode("utf-16-be"), "iconv -f utf-16be -t utf-8"),
        ("id\n1".encode("utf-32"), "iconv -f utf-32 -t utf-8"),
        (b"\x1f\x8b\x08", "compressed"),
        (bz2.compress(b"id\n1\n"), "compressed: pipe it in, as in `bzcat"),
        (lzma.compress(b"id\n1\n"), "compressed: pipe it in, as in `xzcat"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet of an old kind"),
        (b"PAR1\x15", "Parquet"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x28\xb5\x2f\xfd", "compressed"),
        (b"PK\x03\x04", "a spreadsheet: save it as CSV"),
    ],
)
def test_what_is_no_text_by_its_first_bytes(data: bytes, words: str) -> None:
    assert words in refusal(lambda: source(data))


def test_nulls_are_no_text() -> None:
    """Of which some Pythons make cells, and others none."""
    assert cells(b"a,b\n1,x\0y\n2,z\n") == [
        (2, ("character 4 of the line is null",)),
        (3, ["2", "z"]),
    ]
    assert refusal(lambda: table(b"a\0,b\n")) == "line 1: character 2 of the line is null"


def test_a_quote_that_stands_alone_within_quotes() -> None:
    assert cells(b'a,b\n1,"x"y"\n') == [
        (2, ('a quote within a cell in quotes is written twice: ""',))
    ]


def test_an_integer_without_end() -> None:
    said = "not JSON: an integer exceeds the limit (4300 digits)"
    for found in (
        json_lines(b'{"a": ' + b"9" * 5000 + b"}"),
        json_array(b"[" + b"9" * 5000 + b"]"),
    ):
        ((_, (words,)),) = found
        assert words.startswith(said)
        assert "sys." not in words


LONGEST = 16 << 20
TOO_LONG = ("the line has more than 16 MiB",)


def test_an_element_without_end() -> None:
    ((line, words),) = json_array(b'["' + b"x" * (LONGEST + 1))
    assert (line, words[0]) == (1, "an element has more than 16 MiB; what follows is not read")


@pytest.mark.parametrize("step", [1 << 16, LONGEST + 100])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_that_is_too_long_is_a_fault_of_that_one(step: int, end: bytes) -> None:
    longest = b'{"a": "%b"}' % (b"x" * (LONGEST - 9))
    data = b"{}\n%b\n%bx\n{}\n%bx%b" % (longest, longest, longest, end)
    first, second, *others = json_lines(data, step)
    assert (first, second[0], len(second[1]["a"])) == ((1, {}), 2, LONGEST - 9)
    assert others == [(3, TOO_LONG), (4, {}), (5, TOO_LONG)]


def test_a_row_that_is_too_long_is_a_fault_of_that_one() -> None:
    long = b"x" * (LONGEST + 1)
    data = b'a,b\n1,2\n%b\n3,4\n"5,%b\n6,7\n' % (long, long)
    assert cells(data) == [
        (2, ["1", "2"]),
        (3, TOO_LONG),
        (4, ["3", "4"]),
        (5, TOO_LONG),
        (6, ["6", "7"]),
    ]
    assert refusal(lambda: table(long + b"\n1\n")) == f"line 1: {TOO_LONG[0]}"


def test_lines_without_end_take_no_more_memory_than_one_may_have() -> None:
    class Endless(io.RawIOBase):
        left = 4 * LONGEST

        def read(self, size: int = -1) -> bytes:
            self.left -= size
            return b"x" * size if self.left >= 0 else b""

    tracemalloc.start()
    try:
        found = rows(
            module("bulk.reading.jsonrows").json_lines(
                module("bulk.reading.source").Source(Endless())
            )
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == [(1, TOO_LONG)]
    assert peak < 2.5 * LONGEST


def cells(data: bytes, delimiter: str | None = None, step: int = 1 << 16) -> list[tuple[int, Any]]:
    return rows(table(data, delimiter, step).rows())


@pytest.mark.parametrize("step", [1, 1 << 16])
def test_a_table(step: int) -> None:
    data = b'\xef\xbb\xbf id ,"the name"\r\n1,"a, ""b"""\r\n\r\n2,"two\nlines"\n3,\xc3\xa9'
    found = table(data, step=step)
    assert found.header == ("id", "the name")
    assert found.delimiter == ","
    assert rows(found.rows()) == [
        (2, ["1", 'a, "b"']),
        (4, ["2", "two\nlines"]),
        (6, ["3", "é"]),
    ]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        (b"a;b;c", ";"),
        (b"a\tb", "\t"),
        (b"a|b|c", "|"),
        (b'"a;b;c;d",b', ","),
        (b"a", ","),
        (b"sep=;\na,b;c", ";"),
        (b"\n\na;b", ";"),
    ],
)
def test_what_separates_cells_is_told_by_the_header(header: bytes, delimiter: str) -> None:
    assert table(header + b"\n").delimiter == delimiter


def test_it_can_be_said() -> None:
    found = table(b"a;b,c\n1;2,3\n", ",")
    assert found.header == ("a;b", "c")
    assert rows(found.rows()) == [(2, ["1;2", "3"])]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"1", "1 cell, where the header has 2"),
        (b"1,2,3", "3 cells, where the header has 2"),
        (b'1,"a"b', "a quote within a cell in quotes is written twice"),
        (b"1," + LATIN, "byte 3 of the line, 0xe9, is not UTF-8"),
        (b"1,2\r3,4", "a carriage return within a line"),
    ],
)
def test_a_row_that_is_wrong_does_not_stop_the_others(row: bytes, words: str) -> None:
    first, wrong, last = cells(b"a,b\n0,0\n" + row + b"\n9,9\n")
    assert (first, last) == ((2, ["0", "0"]), (4, ["9", "9"]))
    assert wrong[0] == 3
    assert wrong[1][0].startswith(words)


def test_a_quote_that_is_never_closed_is_told_where_it_is() -> None:
    found = cells(b'a,b\n0,0\n1,"x\n2,y\n')
    assert found == [
        (2, ["0", "0"]),
        (3, ("a quote that is opened here is never closed",)),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b'"a,b\n', "the header: a quote"),
        (LATIN + b"\n", "line 1: byte 1 of the line, 0xe9"),
    ],
)
def test_headers_that_are_none(data: bytes, words: str) -> None:
    assert words in refusal(lambda: table(data))


def test_tables_of_the_standard_library_are_read_back() -> None:
    """Whatever `csv` writes: quotes, delimiters and line ends in cells."""
    given = [["1", "a\r\nb"], ["", '"'], [";", ",\n"], ["é", "\t'"]]
    for delimiter in (",", ";", "\t", "|"):
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
            text = io.StringIO(newline="")
            writer = csv.writer(text, delimiter=delimiter, quoting=quoting)
            writer.writerows([["a", "b"], *given])
            found = cells(text.getvalue().encode())
            assert [row for _, row in found] == given


@pytest.mark.parametrize("kind", ["lines", "array", "table"])
def test_memory_is_flat(kind: str) -> None:
    """Of some megabytes, a fraction is in memory at once."""
    row = b'{"type": "track", "event": "User Deleted", "userId": "somebody"}'
    data = {
        "lines": (row + b"\n") * 60_000,
        "array": b"[" + (row + b",\n") * 60_000 + row + b"]",
        "table": b"a,b\n" + b"somebody,somewhere or elsewhere, far away\n" * 90_000,
    }[kind]
    given = source(data)
    read = {
        "lines": module("bulk.reading.jsonrows").json_lines,
        "array": module("bulk.reading.jsonrows").json_array,
        "table": lambda each: module("bulk.reading.tables").Table(each, None).rows(),
    }[kind]
    tracemalloc.start()
    assert sum(1 for _ in read(given)) >= 60_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000 < len(data) / 3


def test_the_hash_is_that_of_all_bytes() -> None:
    from hashlib import sha256

    data = b"\xef\xbb\xbfa,b\n1,2\n" * 10_000
    given = source(data)
    assert given.read_on() == sha256(data).hexdigest()
    given = source(data)
    list(given.lines())
    assert (given.sha256(), given.taken) == (sha256(data).hexdigest(), len(data))


class Told(BaseException):
    """What the handler of a signal raises."""


def _tell(*_: object) -> None:
    raise Told


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no masks on this platform")
def test_a_signal_that_interrupts_no_read_is_heeded() -> None:
    """As one that comes just before: here another thread is interrupted instead."""
    read_end, write_end = os.pipe()
    ended = threading.Event()

    def interrupt() -> None:
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGUSR1)
        if not ended.wait(5):  # else the test would never end
            ended.set()
            os.close(write_end)

    before = signal.signal(signal.SIGUSR1, _tell)
    other = threading.Thread(target=interrupt)
    other.start()
    source_of = module("bulk.reading.source").Source  # loaded before anything can come
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        with open(read_end, "rb") as stream, pytest.raises(Told):
            source_of(stream)
        assert not ended.is_set()
        ended.set()
        other.join()
        os.close(write_end)
    finally:
        ended.set()
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        signal.signal(signal.SIGUSR1, before)
