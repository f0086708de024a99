"""Tables as events: which columns are sent where, and what their cells stand for."""

from __future__ import annotations

import csv
import io
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from support import event, event_document, generate_from, load_module, write_package

PLACE = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "zip": {"type": "integer"},
        "kind": {"const": "home"},
    },
}
KINDS: dict[str, Any] = {
    "text": {"type": "string"},
    "count": {"type": "integer"},
    "price": {"type": "number", "minimum": 0},
    "paid": {"type": "boolean"},
    "at": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "level": {"enum": [1, 2, "high"]},
    "maybe": {"type": ["integer", "null"]},
    "tags": {"type": "array", "items": {"type": "string"}},
    "any": {},
    "either": {"anyOf": [{"type": "integer"}, {"type": "boolean"}]},
    "words": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    "place": PLACE,
    "free": {"type": "object"},
    "maps": {"type": "object", "additionalProperties": {"type": "integer"}},
    "deep": {
        "type": "object",
        "properties": {"inner": {"type": ["object", "null"], "properties": {"place": PLACE}}},
    },
    "arms": {
        "anyOf": [
            {"type": "object", "properties": {"one": {"type": "string"}}},
            {"type": "object", "properties": {"two": {"type": "string"}}},
        ]
    },
    "a.b": {"type": "string"},
}
DOCUMENT = event_document(
    {
        "oneOf": [
            event("Thing Bought", KINDS),
            event(
                "Thing Sold",
                {"text": {"type": "string"}, "version": {"const": 3}},
                required=["version"],
            ),
            event("Closed", {"text": {"type": "string"}}, additionalProperties=False),
            event(
                "Needy",
                {
                    "place": PLACE,
                    "need": {
                        "type": "object",
                        "properties": {"id": {"type": "string"}, "more": {"type": "string"}},
                        "required": ["id"],
                    },
                },
                required=["need"],
            ),
        ]
    }
)


@pytest.fixture(scope="session")
def events(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the command line knows of the events of the document."""
    folder = tmp_path_factory.mktemp("columns") / "things"
    write_package(generate_from(DOCUMENT, features=["send"]).files, folder)
    load_module(folder)
    return import_module("things.__main__").PACKAGE.events


def reader(events: Any, name: str) -> Any:
    """A module of the reading that belongs to these events."""
    return import_module(f"things._runtime.bulk.reading.{name}")


def read(events: Any, text: str, event: str | None = "Thing Bought", **mapped: Any) -> list[Any]:
    """What each row becomes: the JSON of an event, or what is wrong."""
    found = reader(events, "inputs").Input(
        reader(events, "source").Source(io.BytesIO(text.encode())),
        events,
        name="a.csv",
        event=event,
        format=None,
        delimiter=None,
        mapped=reader(events, "columns").Mapped(**mapped),
    )
    return [
        each.event.to_dict() if hasattr(each, "event") else list(each.messages)
        for each in found.read()
    ]


def refused(events: Any, text: str, **options: Any) -> str:
    errors = import_module("things._runtime.bulk.errors")
    with pytest.raises((reader(events, "source").InputError, errors.CommandError)) as caught:
        read(events, text, **options)
    return str(caught.value)


def table(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def cell(events: Any, column: str, text: str) -> Any:
    """What one cell becomes, or what is wrong with it."""
    (found,) = read(events, table([column], [text]))
    for key in (
        () if isinstance(found, list) else [column] if column == "a.b" else column.split(".")
    ):
        found = found[key]
    return found


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("text", "5", "5"),
        ("text", " true ", " true "),
        ("count", "5", 5),
        ("count", " 5 ", 5),
        ("count", "5.0", 5),
        ("count", "-3", -3),
        ("price", "1.50", 1.5),
        ("price", "1e3", 1000),
        ("paid", "true", True),
        ("paid", "FALSE", False),
        ("paid", "t", True),
        ("paid", "no", False),
        ("paid", "1", True),
        ("paid", "0", False),
        ("at", "2026-11-24T09:30:00Z", "2026-11-24T09:30:00Z"),
        ("at", "2026-11-24 09:30:00+00", "2026-11-24T09:30:00+00:00"),
        ("at", "2026-11-24 09:30:00.25 UTC", "2026-11-24T09:30:00.25Z"),
        ("at", "2026-11-24 09:30+0130", "2026-11-24T09:30:00+01:30"),
        ("at", "2026-11-24t09:30:00.5-05:00", "2026-11-24t09:30:00.5-05:00"),
        ("day", "2026-11-24", "2026-11-24"),
        ("level", "2", 2),
        ("level", "high", "high"),
        ("maybe", "7", 7),
        ("maybe", "null", None),
        ("tags", '["a", "b"]', ["a", "b"]),
        ("any", "5", "5"),
        ("either", "1", 1),
        ("either", "true", True),
        ("words", "5", "5"),
        ("place", '{"city": "Bonn", "kind": "home"}', {"city": "Bonn", "kind": "home"}),
        ("place.city", "5", "5"),
        ("place.zip", "53111", 53111),
        ("free.anything", "5", "5"),
        ("free", '{"a": 1.50}', {"a": 1.5}),
        ("maps.x", "5", 5),
        ("a.b", "x", "x"),
    ],
)
def test_cells_become_what_their_place_takes(
    events: Any, column: str, text: str, expected: Any
) -> None:
    found = cell(events, column, text)
    assert found == expected
    assert type(found) is type(expected) or isinstance(expected, int | float)


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("count", "5.5", "$.count: expected an integer, got '5.5'"),
        ("count", "007", "$.count: expected an integer, got '007'"),
        ("count", "1,000", "$.count: expected an integer, got '1,000'"),
        ("price", "-1", "$.price: expected a number, got '-1'"),
        ("paid", "maybe", "$.paid: expected true or false, got 'maybe'"),
        ("at", "2026-11-24 09:30:00", "$.at: expected a date-time of RFC 3339, as in "),
        ("at", "1700000000", "$.at: expected a date-time of RFC 3339, as in "),
        ("level", "3", "$.level: expected one of 1, 2, 'high', got '3'"),
        ("tags", "a", "$.tags: expected a list, got 'a'"),
        ("tags", "[1]", "$.tags: expected a list, got '[1]'"),
        ("place.zip", "x", "$.place.zip: expected an integer, got 'x'"),
        ("maps.x", "x", "$.maps.x: expected an integer, got 'x'"),
    ],
)
def test_cells_that_no_value_is_made_of(events: Any, column: str, text: str, problem: str) -> None:
    (said,) = cell(events, column, text)
    assert said.startswith(problem)


def test_empty_cells_are_absent(events: Any) -> None:
    (found,) = read(events, "text,count,place.city,free.a\nx,,,\n")
    assert found == {"event": "Thing Bought", "text": "x"}


def test_columns_are_mapped_by_name(events: Any) -> None:
    text = "Name,Stadt,PLZ,x.y\nn,Bonn,53111,z\n"
    paths = {"Name": "text", "Stadt": "place.city", "PLZ": "place.zip", "x.y": r"a\.b"}
    (found,) = read(events, text, paths=paths)
    assert found == {
        "event": "Thing Bought",
        "text": "n",
        "place": {"city": "Bonn", "zip": 53111},
        "a.b": "z",
    }


def test_the_column_is_named_where_the_path_does_not_say_it(events: Any) -> None:
    assert read(events, "Anzahl,count2\nx,1\n", paths={"Anzahl": "count"}, ignored=["count2"]) == [
        ["$.count: expected an integer, got 'x' (column 'Anzahl')"]
    ]


def test_columns_that_go_nowhere_are_told_all_at_once(events: Any) -> None:
    said = refused(events, "text,Cuont,xyzzy\n", event="Thing Bought")
    columns = "'Cuont' (did you mean 'count'?), 'xyzzy'"
    assert said.startswith(f"there are columns that are no key of Thing Bought: {columns}\n")
    assert "--map COLUMN=KEY" in said
    assert "--ignore COLUMN" in said
    assert "--extra" in said
    assert "the keys are event, text, count" in said


def test_they_are_left_out_or_sent_where_that_is_said(events: Any) -> None:
    text = "text,note\nx,5\n"
    assert read(events, text, ignored=["note"]) == [{"event": "Thing Bought", "text": "x"}]
    assert read(events, text, extra=True) == [{"event": "Thing Bought", "text": "x", "note": "5"}]
    ((said,),) = read(events, text, "Closed", extra=True)
    assert said == "$.note: expected no such key, got '5'"


def test_cells_that_are_json_where_that_is_said(events: Any) -> None:
    text = 'any,free.n\n5,"[1, {""a"": null}]"\n'
    assert read(events, text, json=["any", "free.n"]) == [
        {"event": "Thing Bought", "any": 5, "free": {"n": [1, {"a": None}]}}
    ]
    ((said,),) = read(events, "any\n{\n", json=["any"])
    assert said.startswith("column 'any': not JSON: ")


def test_a_delimiter_at_the_end_of_each_line(events: Any) -> None:
    assert read(events, "text;\nx;\n") == [{"event": "Thing Bought", "text": "x"}]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("text\n", {"paths": {"id": "text"}}, "there is no column 'id', which --map names"),
        ("text\n", {"ignored": ["txet"]}, "'txet', which --ignore names (did you mean 'text'?)"),
        ("text\n", {"json": ["x"]}, "'x', which --json names"),
        ("id,text\n", {"paths": {"id": "text"}}, "'id' and 'text' would both be text"),
        ("place.city,place\n", {}, "'place.city' would be place.city, within 'place'"),
        (
            "id\n",
            {"paths": {"id": "txet"}},
            "column 'id' would be txet, and Thing Bought has no key 'txet' (did you mean 'text'?); "
            "it has event, text, count",
        ),
        (
            "text\n",
            {"event": None},
            "which event each row is must be said with --event NAME, as no column is called "
            "'event'; there are 'Thing Bought', 'Thing Sold', 'Closed', 'Needy'",
        ),
        (
            "text,count,text,count,any\n",
            {},
            "the header has several columns of one name: 'text', 'count'. Name them apart, or",
        ),
        (
            "text\n",
            {"paths": {"text": "any"}, "ignored": ["text"]},
            "--map and --ignore both name the column 'text'",
        ),
        ("any\n", {"json": ["any"], "ignored": ["any"]}, "--json and --ignore both name"),
        ("text\n", {"event": "thing bougth"}, "there is no event 'thing bougth' (did you mean 'Th"),
    ],
)
def test_what_cannot_be_meant(events: Any, text: str, options: Any, said: str) -> None:
    assert said in refused(events, text, **options)


def test_an_event_is_named_by_its_class_too(events: Any) -> None:
    assert read(events, "text\nx\n", "ThingSold") == read(events, "text\nx\n", "Thing Sold")


def test_a_class_that_is_several_events(tmp_path: Path) -> None:
    changed = event("opened")
    changed["properties"]["event"] = {"enum": ["opened", "reopened"]}
    document = event_document({"oneOf": [changed, event("Closed")]})
    folder = tmp_path / "several_things"
    write_package(generate_from(document, features=["send"]).files, folder)
    load_module(folder)
    made = import_module("several_things.__main__").PACKAGE.events
    (name,) = made.literals["event"]["reopened"]
    with pytest.raises(Exception, match=r"several events: --event takes one of 'opened', 'reop"):
        made.chosen(name)
    assert made.chosen("reopened").constants == {"event": "reopened"}


def test_constants_are_filled_in(events: Any) -> None:
    assert read(events, "text\nx\n", "Thing Sold") == [
        {"event": "Thing Sold", "version": 3, "text": "x"}
    ]
    assert read(events, "text,version,event\nx,3,Thing Sold\n", "Thing Sold") == [
        {"event": "Thing Sold", "version": 3, "text": "x"}
    ]
    ((said,),) = read(events, "text,version\nx,4\n", "Thing Sold")
    assert said == "$.version: expected 3, as --event says, got '4'"
    ((said,),) = read(events, "text,event\nx,Closed\n", "Thing Sold")
    assert said == "$.event: expected 'Thing Sold', as --event says, got 'Closed'"


def test_rows_may_name_their_events(events: Any) -> None:
    text = "event,text,version,count\nThing Sold,a,,\nThing Bought,b,,7\nClosed,c,,\nClosd,d,,\n"
    *found, (unknown,) = read(events, text, None)
    assert found == [
        {"event": "Thing Sold", "version": 3, "text": "a"},
        {"event": "Thing Bought", "text": "b", "count": 7},
        {"event": "Closed", "text": "c"},
    ]
    assert unknown == "unknown event 'Closd'; did you mean 'Closed'?"


def test_a_cell_that_is_no_key_of_the_event_of_its_row(events: Any) -> None:
    text = "event,text,count\nThing Sold,a,7\n"
    assert read(events, text, None) == [
        ["column 'count': Thing Sold has no key 'count'; --extra sends it all the same"]
    ]
    (found,) = read(events, text, None, extra=True)
    assert found["count"] == "7"


def json_events(events: Any, text: str, event: str | None) -> list[Any]:
    found = reader(events, "inputs").Input(
        reader(events, "source").Source(io.BytesIO(text.encode())),
        events,
        name="a.jsonl",
        event=event,
        format=None,
        delimiter=None,
        mapped=reader(events, "columns").Mapped(),
    )
    return [
        each.event.to_dict() if hasattr(each, "event") else list(each.messages)
        for each in found.read()
    ]


def test_json_need_not_say_what_is_said_already(events: Any) -> None:
    text = '{"text": "x"}\n{"event": "Thing Sold", "version": 3}\n{"event": "Closed"}\n'
    assert json_events(events, text, "Thing Sold") == [
        {"event": "Thing Sold", "version": 3, "text": "x"},
        {"event": "Thing Sold", "version": 3},
        ["$.event: expected 'Thing Sold', as --event says, got 'Closed'"],
    ]
    assert json_events(events, '{"text": "x"}\n', None) == [
        [
            "$.event: expected the name of an event, got nothing (it is required); --event NAME "
            "says it for all rows"
        ]
    ]


def test_json_is_filled_in_as_tables_are(events: Any) -> None:
    """What an event always holds need not be said, whether rows name it or `--event` does."""
    sold = {"event": "Thing Sold", "version": 3, "text": "x"}
    rows = ['{"event": "Thing Sold", "text": "x"}', json.dumps(sold)]
    for text in rows:
        assert json_events(events, text, None) == [sold]
        assert json_events(events, text, "Thing Sold") == [sold]
    assert json_events(events, '{"text": "x"}', "Thing Sold") == [sold]
    assert read(events, "event,text\nThing Sold,x\n", None) == [sold]
    wrong = '{"event": "Thing Sold", "version": 4}'
    assert json_events(events, wrong, None) == [["$.version: expected 3, got 4 (int)"]]
    for odd in ("[]", "{}", "null", "true", '"Nothing"'):
        ((said,),) = json_events(events, f'{{"event": {odd}}}', None)
        assert "event" in said


@pytest.mark.parametrize(
    ("column", "path", "said"),
    [
        (
            "t",
            "place.ctiy",
            "place has no key 'ctiy' (did you mean 'city'?); it has city, zip",
        ),
        (
            "place.ctiy",
            None,
            "column 'place.ctiy' would be place.ctiy, and place has no",
        ),
        ("t", "deep.inner.plac.city", "deep.inner has no key 'plac' (did you mean 'place'?)"),
        ("t", "deep.inner.place.town", "deep.inner.place has no key 'town'; it has city, zip"),
        ("t", "arms.neither", "arms has no key 'neither'; it has one, two"),
    ],
)
def test_a_typo_within_a_path_is_told_before_anything_is_read(
    events: Any, column: str, path: str | None, said: str
) -> None:
    """Those objects take any keys: nothing would be wrong with the rows."""
    paths = {} if path is None else {column: path}
    told = refused(events, f"{column}\nx\n", paths=paths)
    assert said in told
    assert told.endswith("--extra sends what has no key all the same")
    (found,) = read(events, f"{column}\nx\n", paths=paths, extra=True)
    for key in (path or column).split("."):
        found = found[key]
    assert found == "x"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("text.x", "$.text: expected a string, got {'x': 'x'} (dict)"),
        ("tags.0", "$.tags: expected a list, got {'0': 'x'} (dict)"),
        ("event.x", "column 't': nothing can be within: 'event' is 'Thing Bought'"),
        ("place.kind.x", "$.place.kind: expected 'home', got {'x': 'x'} (dict)"),
    ],
)
def test_a_path_into_what_is_no_object(events: Any, path: str, problem: str) -> None:
    inner = path.rpartition(".")[0]
    assert refused(events, "t\nx\n", paths={"t": path}) == (
        f"column 't' would be {path}, and {inner} is no object"
    )
    assert read(events, "t\nx\n", paths={"t": path}, extra=True) == [[problem]]


@pytest.mark.parametrize(
    "path", ["free.any.thing", "maps.x", "any.x", "arms.one", "arms.two", "deep.inner.place.city"]
)
def test_paths_that_are_declared_or_lead_into_what_is_open(events: Any, path: str) -> None:
    (found,) = read(events, "t\n5\n", paths={"t": path})
    assert not isinstance(found, list)


def test_duplicate_columns_that_are_left_out(events: Any) -> None:
    (found,) = read(events, "text,x,x\na,b,c\n", ignored=["x"])
    assert found == {"event": "Thing Bought", "text": "a"}


def test_data_without_a_column_of_a_name_is_not_dropped(events: Any) -> None:
    text = "text,,count\na,,1\nb, ,1\nc,x,1\n"
    first, second, (said,) = read(events, text)
    assert first == {"event": "Thing Bought", "text": "a", "count": 1}
    assert second["text"] == "b"
    assert said == (
        "column 2 has no name, and here 'x': name it in the header, or leave it out with "
        "--ignore ''"
    )
    assert read(events, text, ignored=[""])[2]["text"] == "c"


def test_rows_of_other_lengths(events: Any) -> None:
    assert read(events, "text,count\nx\na,1,2\n") == [
        ["1 cell, where the header has 2"],
        ["3 cells, where the header has 2; a cell that holds the delimiter is put in quotes"],
    ]


def test_what_is_missing_is_told_with_the_columns_that_might_bring_it(events: Any) -> None:
    assert read(events, "place.city,need.id\nx,\n", "Needy") == [
        ["$.need: expected an object, got nothing (it is required) (all empty: 'need.id')"]
    ]
    assert read(events, "place.city\nx\n", "Needy") == [
        [
            "$.need: expected an object, got nothing (it is required) (no column goes there: "
            "--map COLUMN=need.KEY)"
        ]
    ]
    assert read(events, "need.more\nx\n", "Needy") == [
        [
            "$.need.id: expected a string, got nothing (it is required) (no column goes there: "
            "--map COLUMN=need.id)"
        ]
    ]


def test_numbers_keep_their_digits(events: Any) -> None:
    digits = "0.1000000000000000055511151231257827"
    made = reader(events, "cells").value_of(
        digits, events.find("ThingBought").__shape__.members[2].kind
    )
    assert made.text == digits


def test_literals_that_events_share(tmp_path: Path) -> None:
    """Each cell becomes what one of the events takes; the event is the one that fits."""
    document = event_document(
        {
            "oneOf": [
                event("Moved", {"count": {"type": "integer"}}, required=["count"]),
                event("Moved", {"name": {"type": "string"}}, required=["name"]),
            ]
        }
    )
    folder = tmp_path / "shared_things"
    write_package(generate_from(document, features=["send"]).files, folder)
    load_module(folder)
    made = import_module("shared_things.__main__").PACKAGE.events
    reading = import_module("shared_things._runtime.bulk.reading.inputs")
    columns = import_module("shared_things._runtime.bulk.reading.columns")
    sources = import_module("shared_things._runtime.bulk.reading.source")
    found = reading.Input(
        sources.Source(io.BytesIO(b"count,name\n5,\n,x\n")),
        made,
        name="a.csv",
        event="Moved",
        format=None,
        delimiter=None,
        mapped=columns.Mapped(),
    )
    assert [each.event.to_dict() for each in found.read()] == [
        {"event": "Moved", "count": 5},
        {"event": "Moved", "name": "x"},
    ]
