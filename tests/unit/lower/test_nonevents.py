"""What looks like an event and is none is told, never lost in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from support import event, event_document, generate_from

Captured = pytest.CaptureFixture[str]
STRING = {"type": "string"}
PLACED = event("Order Placed")
CONFIG = '[[client]]\nspec = "shop.json"\noutput = "pkg"\n'


def kind_of(wire: str, literal: str | int, **more: Any) -> dict[str, Any]:
    """An object told by `wire`."""
    return {
        "type": "object",
        "properties": {wire: {"const": literal}, **more},
        "required": [wire],
    }


def union(*arms: Any, **beside: Any) -> dict[str, Any]:
    """Of components `a`, `b` …, as a document."""
    schemas = {chr(ord("a") + index): arm for index, arm in enumerate(arms)}
    refs = [{"$ref": f"#/components/schemas/{key}"} for key in schemas]
    return event_document({"oneOf": refs, **beside}, components=schemas)


def remarks(document: Any, **config: Any) -> list[tuple[str, str, str]]:
    model = generate_from(document, **config).model
    # A misspelt keyword has a note of its own as well.
    found = [each for each in model.remarks if each.code != "N111"]
    return [(each.about, each.at, each.message) for each in found]


def events_of(document: Any, **config: Any) -> list[str]:
    return [each.literal for each in generate_from(document, **config).model.events]


TWINS: dict[str, list[Any]] = {
    "beside another": [PLACED, event("Order Placed", {"reason": STRING}), event("Other")],
    "alone, by the key's name": [PLACED, event("Order Placed", {"reason": STRING})],
    "another key": [kind_of("kind", "x"), kind_of("kind", "x", a=STRING), kind_of("kind", "y")],
    "with a constant that all share": [
        event("A", {"type": {"const": "track"}}),
        event("A", {"type": {"const": "track"}}),
        kind_of("type", "page"),
    ],
}


def classes_of(document: Any, **config: Any) -> list[tuple[str, str]]:
    """Literal and class of each event."""
    model = generate_from(document, **config).model
    return [(each.literal, model.objects[each.key].name) for each in model.events]


@pytest.mark.parametrize("name", TWINS)
def test_two_arms_with_one_literal_are_both_events(name: str) -> None:
    document = union(*TWINS[name])
    found = classes_of(document)
    assert len(found) == len(TWINS[name])
    assert found[0][0] == found[1][0]
    assert events_of(document, events=()) == []
    shared = [message for _, _, message in remarks(document) if "is that of 2 events" in message]
    # Those of one shape are one class, and there is nothing to choose.
    assert len(shared) == (found[0][1] != found[1][1])


def test_the_discriminator_says_what_tells_arms_apart() -> None:
    arms = [kind_of("kind", "x"), kind_of("kind", "x", a=STRING)]
    assert events_of(union(*arms)) == []
    said = union(*arms, discriminator={"propertyName": "kind"})
    assert classes_of(said) == [("x", "A"), ("x", "B")]


def test_events_of_a_union_in_a_union_keep_their_own_constants() -> None:
    refs = {
        name: {"$ref": f"#/components/schemas/{name}"} for name in ("Pets", "Cat", "Dog", "Car")
    }
    components = {
        "Pets": {"oneOf": [refs["Cat"], refs["Dog"]]},
        "Cat": kind_of("kind", "cat"),
        "Dog": kind_of("kind", "dog"),
        "Car": kind_of("kind", "car"),
    }
    said = {"oneOf": [refs["Pets"], refs["Car"]], "discriminator": {"propertyName": "kind"}}
    document = event_document(said, components=components)
    assert events_of(document) == ["cat", "dog", "car"]
    assert remarks(document) == []


def test_twins_are_found_in_unions_of_unions_and_across_operations() -> None:
    inner = {"anyOf": [event("Order Placed", {"a": STRING}), event("Other")]}
    assert classes_of(union(PLACED, inner)) == [
        ("Order Placed", "OrderPlaced"),
        ("Order Placed", "BOrderPlaced"),
        ("Other", "Other"),
    ]
    document = event_document(PLACED)
    other = json.loads(json.dumps(document["paths"]["/events"]))
    other["post"]["operationId"] = "more"
    document["paths"]["/more"] = other
    # One shape is one class; another shape is another class.
    assert set(classes_of(document)) == {("Order Placed", "OrderPlaced")}
    schema = other["post"]["requestBody"]["content"]["application/json"]
    schema["schema"] = event("Order Placed", {"a": STRING})
    assert classes_of(document) == [
        ("Order Placed", "SendOrderPlaced"),
        ("Order Placed", "MoreOrderPlaced"),
    ]


def test_constants_that_all_arms_share_may_mean_anything() -> None:
    document = union(kind_of("object", "cart"), kind_of("object", "cart", a=STRING))
    assert events_of(document) == []
    # One word for the whole document, none for each arm.
    assert [about for about, _, _ in remarks(document)] == [""]
    typed = {"type": {"const": "track"}}
    document = union(
        event("A", typed),
        event("B", typed),
        kind_of("type", "track", event=STRING),
        kind_of("type", "page"),
    )
    assert events_of(document) == ["A", "B", "page"]


def test_a_reference_that_is_there_twice_is_one_arm() -> None:
    document = union(PLACED, event("Other"))
    arms = document["paths"]["/events"]["post"]["requestBody"]["content"]["application/json"]
    once = generate_from(document).files
    arms["schema"]["oneOf"].append({"$ref": "#/components/schemas/a"})
    assert generate_from(document).files == once
    assert remarks(document) == []


LOST: dict[str, tuple[Any, str]] = {
    "a text": (event("x", {"event": STRING}), 'its "event" is no constant text'),
    "a typo": (
        event("x", {"event": {"type": "string", "cosnt": "Cart Updated"}}),
        'its "event" is no constant text',
    ),
    "a number with a fraction": (
        event("x", {"event": {"const": 1.5}}),
        'its "event" is no constant text',
    ),
    "true": (event("x", {"event": {"const": True}}), 'its "event" is no constant text'),
    "no such key": ({"type": "object", "properties": {"a": STRING}}, 'it has no "event"'),
}


@pytest.mark.parametrize("name", LOST)
def test_an_arm_that_is_no_event_is_told(name: str) -> None:
    lost, why = LOST[name]
    document = union(PLACED, event("Other"), lost)
    assert events_of(document) == ["Order Placed", "Other"]
    assert remarks(document) == [("C", "/components/schemas/c", f"is no event: {why}")]
    # Nor is it worth a word where nobody asked for events.
    assert len(remarks(document, events=())) == 1
    assert "no events found" in remarks(document, events=())[0][2]


def test_arms_told_by_another_key_share_a_literal() -> None:
    version = {"version": {"const": "1"}}, {"version": {"const": "2"}}
    document = union(event("A", version[0]), event("A", version[1]), event("B", version[0]))
    assert classes_of(document) == [("A", "A"), ("2", "Event2"), ("B", "B")]


def test_an_arm_may_have_several_literals() -> None:
    several = event("x", {"event": {"enum": ["Opened", "Reopened"]}})
    model = generate_from(union(PLACED, several)).model
    assert [each.literals for each in model.events] == [("Order Placed",), ("Opened", "Reopened")]
    assert [model.objects[each.key].name for each in model.events] == ["OrderPlaced", "B"]
    # A key of any text among them is none that tells.
    assert events_of(union(PLACED, event("x", {"event": STRING}))) == ["Order Placed"]


def test_a_literal_may_be_an_integer() -> None:
    arms = [kind_of("kind", number) for number in (1, 2)]
    model = generate_from(union(*arms)).model
    assert [each.literals for each in model.events] == [(1,), (2,)]
    assert [model.objects[each.key].name for each in model.events] == ["A", "B"]
    inline = generate_from(event_document({"oneOf": arms})).model
    names = [inline.objects[each.key].name for each in inline.events]
    assert names == ["Kind1", "Kind2"]


def test_null_beside_events_is_no_arm_worth_a_word() -> None:
    assert remarks(union(PLACED, event("Other"), {"type": "null"})) == []


def test_events_in_a_union_that_stays_closed_are_told() -> None:
    document = union(PLACED, {"oneOf": [event("B"), event("C")]}, event("x", {"event": STRING}))
    assert events_of(document) == ["Order Placed"]
    told = {at: why for _, at, why in remarks(document)}
    assert told["/components/schemas/c"] == 'is no event: its "event" is no constant text'
    closed = [at for at, why in told.items() if "a union in the union" in why]
    assert closed == [f"/components/schemas/b/oneOf/{index}" for index in (0, 1)]


def test_a_body_that_is_not_json_is_said_to_be() -> None:
    document = event_document(PLACED)
    body = document["paths"]["/events"]["post"]["requestBody"]
    body["content"] = {"application/xml": body["content"]["application/json"]}
    [(_, _, message)] = remarks(document, events=["send"])
    said = "no events found: events are JSON, and the body of send is application/xml"
    assert message == said
    body["content"]["application/json"] = {"schema": {"type": "object"}}
    [(_, _, message)] = remarks(document, events=["send"])
    assert "no request's body is a union" in message
    assert message.endswith("; that of send is application/xml, and events are JSON")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    write(union(PLACED, event("Other"), event("x", {"event": STRING})))
    return tmp_path


def write(document: Any) -> None:
    Path("shop.json").write_text(json.dumps(document, indent=1))


def place_of(key: str) -> str:
    """Where a schema is."""
    lines = Path("shop.json").read_text().splitlines()
    number = next(n for n, line in enumerate(lines) if line.strip().startswith(f'"{key}": {{'))
    return f"shop.json:{number + 1}:{lines[number].index(key)}"


def test_every_command_that_speaks_of_a_client_tells(project: Path, capsys: Captured) -> None:
    message = 'C is no event: its "event" is no constant text'
    lines = [
        f"{place_of('c')}: note[N102]: {message}",
        "  at /components/schemas/c",
        "  help: an event has one constant text there, which no other has: `const: …`",
    ]
    indented = [f"  {line}" for line in lines]
    assert cli.run(["inspect"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == lines
    assert cli.run(["check"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[out.index(indented[0]) :][:3] == indented
    for _ in range(2):
        assert cli.run(["generate"]) == 0
        assert capsys.readouterr().out.splitlines()[1:4] == indented
    assert cli.run(["check"]) == 0
    assert capsys.readouterr().out.splitlines() == ["pkg: in sync with shop.json", *indented]
    for command, code in (("inspect", 0), ("check", 0)):
        assert cli.run([command, "--format", "json"]) == code
        [client] = json.loads(capsys.readouterr().out)["clients"]
        [note] = client["first_notes" if command == "check" else "notes"]
        assert (note["code"], note["at"], note["message"]) == ("N102", place_of("c"), message)


def test_notes_are_few_and_printable(project: Path, capsys: Captured) -> None:
    hostile = "ev\x1b[31m\u202eent"
    lost = {"type": "object", "properties": {hostile: STRING}}
    write(event_document({"oneOf": [kind_of(hostile, "A"), kind_of(hostile, "B"), *[lost] * 30]}))
    for command in ("generate", "check"):
        assert cli.run([command]) == 0
        out = capsys.readouterr().out
        assert out.count("note[N102]") == 3
        assert "  … and 27 more notes: eventwright inspect" in out.splitlines()
        assert "\x1b" not in out
        assert "\u202e" not in out
    assert cli.run(["inspect"]) == 0
    assert capsys.readouterr().out.count("note[N102]") == 30


def test_a_union_without_events_is_worth_a_note(project: Path, capsys: Captured) -> None:
    write(event_document({"oneOf": [{"type": "object"}, STRING]}))
    assert cli.run(["generate"]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first.startswith("pkg: 5"), "files, and not a word of events"
    assert second.startswith("  note[N101]: no events found: no req")


@pytest.mark.parametrize(("config", "noted"), [("", False), ('events = ["send"]\n', True)])
def test_a_document_of_plain_operations_is_worth_none(
    project: Path, capsys: Captured, config: str, noted: bool
) -> None:
    write(event_document({"type": "object"}))
    Path("eventwright.toml").write_text(CONFIG + config)
    assert cli.run(["generate"]) == 0
    assert ("note[N101]" in capsys.readouterr().out) == noted


@pytest.mark.parametrize("command", ["generate", "check", "inspect"])
def test_strict_takes_notes_for_errors(project: Path, capsys: Captured, command: str) -> None:
    assert cli.run(["generate"]) == 0
    before = sorted(Path("pkg").rglob("*"))
    capsys.readouterr()
    assert cli.run([command, "--strict"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"{place_of('c')}: error[N102]: C is no event")
    assert '"c": {' in err, "the excerpt"
    Path("eventwright.toml").write_text(f"{CONFIG}strict = true\n")
    assert cli.run([command]) == 2
    assert sorted(Path("pkg").rglob("*")) == before


def test_a_note_that_is_meant_is_silenced_by_code_and_pointer(
    project: Path, capsys: Captured
) -> None:
    silence = '[client.silence]\nN102 = ["/components/schemas/c"]\n'
    Path("eventwright.toml").write_text(f"{CONFIG}strict = true\n{silence}")
    for command in ("generate", "check", "inspect"):
        assert cli.run([command]) == 0
        assert "note" not in capsys.readouterr().out


def test_silencing_what_is_not_there_is_an_error(project: Path, capsys: Captured) -> None:
    silence = '[client.silence]\nN102 = ["/components/schemas/c", "/components/schemas/d"]\n'
    Path("eventwright.toml").write_text(CONFIG + silence)
    assert cli.run(["generate"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(
        "eventwright.toml:5:34: error[E319]: there is no note N102 at /components/schemas/d"
    )
    for code, hint in (("E309", ""), ("N1022", "; did you mean 'N122'?")):
        Path("eventwright.toml").write_text(f'{CONFIG}[client.silence]\n{code} = ["/c"]\n')
        assert cli.run(["generate"]) == 2
        assert f"error[C007]: no note has the code '{code}'{hint}" in capsys.readouterr().err


def test_arms_with_several_texts_each_and_nothing_else_are_events() -> None:
    several = {"kind": {"enum": ["assign", "unassign"]}}
    arm = {"type": "object", "properties": several, "required": ["kind"]}
    arms = [arm, {"allOf": [arm, {"properties": {"id": {}}, "required": ["id"]}]}]
    found = generate_from(
        event_document({"anyOf": arms, "discriminator": {"propertyName": "kind"}})
    ).model
    assert [each.literals for each in found.events] == [("assign", "unassign")] * 2


def test_the_name_of_a_component_is_no_literal_where_its_own_list_lacks_it() -> None:
    arm = {"type": "object", "properties": {"kind": {"enum": ["assign", "unassign"]}}}
    document = union(arm, {**arm, "required": ["kind"]}, discriminator={"propertyName": "kind"})
    found = generate_from(document).model
    assert [each.literals for each in found.events] == [("assign", "unassign")] * 2
    assert not [each for each in found.remarks if each.code in ("N114", "N117")]
