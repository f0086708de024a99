"""What the configuration says wrongly of a document is shown where the configuration says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventwright.cli import main as cli

Captured = pytest.CaptureFixture[str]
DOCUMENT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://a.example"}, {url: "https://b.example"}]
security: [{basic: []}, {token: []}]
paths:
  /e:
    post:
      operationId: send
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [event]
              properties:
                event: {const: Opened}
                one: {type: object, properties: {a: {type: string}}}
                two: {type: object, properties: {a: {type: integer}}}
      responses:
        "200": {description: Taken.}
        "400": {description: Refused.}
  /g:
    get:
      operationId: look
      responses:
        "200": {description: Taken.}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    token: {type: http, scheme: bearer}
"""
SCHEMA = "/paths/~1e/post/requestBody/content/application~1json/schema"
RESPONSES = 'responses:\n        "200": {description: Taken.}\ncomponents'
ONE, TWO = f"{SCHEMA}/properties/one", f"{SCHEMA}/properties/two"


def at(text: str) -> str:
    """Where a text of the document is."""
    before = DOCUMENT[: DOCUMENT.index(text)]
    column = len(before) - before.rfind("\n")
    return f"openapi.yaml:{before.count(chr(10)) + 1}:{column}\n"


FAULTS = {
    "no object": ("names", f'"{SCHEMA}/properties/event" = "Kind"', "E301", at("event: {")),
    "no such place": ("names", f'"{SCHEMA}/nowhere" = "Kind"', "E301", f"as far as {SCHEMA}:"),
    "no property": ("fields", f'"{SCHEMA}/properties/three" = "kind"', "E301", "as far as"),
    "class": ("names", f'"{ONE}" = "Any"', "E302", at("one:")),
    "attribute": ("fields", f'"{ONE}" = "extra"', "E302", at("one:")),
    "attribute like a class": ("fields", f'"{ONE}" = "EMPTY"', "E302", at("one:")),
    "method": ("operations.send", 'name = "close"', "E302", at("post:")),
    "argument": ("auth.basic", 'username = "server"', "E302", at("basic: {")),
    "shape": ("names", f'"{ONE}" = "Two"\n"{TWO}" = "Two"', "E303", at("two:")),
    "operation": ("operations.sent", "", "E304", "did you mean send?"),
    "event": ("", 'events = ["send",\n  "sent"]', "E304", "did you mean send?"),
    "errors": ("operations.look", 'errors = "/meta"', "E305", at(RESPONSES)),
    "idempotency": ("operations.look", 'idempotency = "Host"', "E320", at("get:")),
    "no user name": ("auth.token", 'username = "key"', "E318", at("token: {")),
    "other case": ("auth", 'BASIC.username = "key"', "E306", "did you mean basic?"),
    "scheme": ("auth", 'Basic.username = "key"', "E306", "did you mean basic?"),
    "server": ("servers", 'eu = "https://c.example"', "E307", "did you mean https://"),
    "one method": (
        "operations",
        'send.name = "see"\nlook.name = "see"',
        "E308",
        at("get:"),
    ),
    "one attribute": ("fields", f'"{ONE}" = "it"\n"{TWO}" = "it"', "E310", at("two:")),
    "one server": (
        "servers",
        'eu = "https://a.example"\nEU = "https://b.example"',
        "E311",
        at('{url: "https://b'),
    ),
}
"""A table of a client, what it says, the code, and what the help names."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def client(prefix: str, package: str, table: str = "", text: str = "") -> str:
    head = f'[[{prefix}]]\nspec = "openapi.yaml"\noutput = "gen/{package}"\n'
    return head + (f"[{prefix}.{table}]\n" if table else "") + text + "\n"


def refused(capsys: Captured) -> str:
    assert cli.run(["generate"]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "prefix"),
    [("eventwright.toml", "client"), ("pyproject.toml", "tool.eventwright.client")],
)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_shown_in_the_configuration(
    name: str, file: str, prefix: str, project: Path, capsys: Captured
) -> None:
    table, text, code, help = FAULTS[name]
    # Another client, without the fault, on either side.
    config = client(prefix, "a") + client(prefix, "b", table, text) + client(prefix, "c")
    (project / file).write_text(config)
    wrong = text.splitlines()[-1] if text else f"[{prefix}.{table}]"
    line = config.splitlines().index(wrong) + 1
    column = len(wrong) - len(wrong.lstrip()) + 1
    said = refused(capsys)
    assert said.startswith(f"{file}:{line}:{column}: error[{code}]: ")
    assert said.count("error[") == 1
    assert f"  at /{prefix.replace('.', '/')}/1/" in said
    assert f"{line:>5} | " in said
    assert help in said.partition("help: ")[2]


@pytest.mark.parametrize(
    ("table", "wrong", "meant"),
    [
        ("names", f"{SCHEMA}/properties/ones", ONE),
        ("fields", f"{SCHEMA.replace('post', 'pots')}/properties/two", TWO),
        ("fields", f"{SCHEMA}/properties/two/b", ""),
        ("fields", f"{SCHEMA}/properties/elsewhere", ""),
    ],
)
def test_the_pointer_that_was_meant(
    table: str, wrong: str, meant: str, project: Path, capsys: Captured
) -> None:
    (project / "eventwright.toml").write_text(client("client", "a", table, f'"{wrong}" = "Kind"'))
    first = refused(capsys).splitlines()[0]
    assert first.endswith(f"is used there; did you mean {meant}?" if meant else "is used there")


def test_keys_of_inline_tables_too(project: Path, capsys: Captured) -> None:
    (project / "eventwright.toml").write_text(
        client("client", "a", text='operations = { look = { name = "see" }, sent = {} }')
    )
    assert refused(capsys).startswith("eventwright.toml:4:41: error[E304]: ")


@pytest.mark.parametrize(
    ("table", "text", "note"),
    [
        ("operations.send", 'name = "look"', "N107]: the operation look is the method get_g: "),
        ("fields", f'"{ONE}" = "two"', "N106]: the key 'two' is the attribute key_two: "),
        (
            "names",
            f'"{ONE}" = "OpenedTwo"',
            "N105]: the class SendOpenedTwo is not called OpenedTwo",
        ),
    ],
)
def test_what_has_a_name_of_its_own_makes_way_for_one_that_is_configured(
    table: str, text: str, note: str, project: Path, capsys: Captured
) -> None:
    (project / "eventwright.toml").write_text(client("client", "a", table, text))
    assert cli.run(["generate"]) == 0
    assert f"note[{note}" in capsys.readouterr().out


def test_what_the_document_alone_says_is_a_note(project: Path, capsys: Captured) -> None:
    (project / "openapi.yaml").write_text(DOCUMENT.replace("two: {", "One: {"))
    (project / "eventwright.toml").write_text(client("client", "a"))
    assert cli.run(["generate"]) == 0
    out = capsys.readouterr().out
    assert f"{at('two:').strip()}: note[N106]: the key 'One' is the attribute capital_one: " in out


def test_from_a_folder_below(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (project / "eventwright.toml").write_text(client("client", "a", "operations.sent"))
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    assert refused(capsys).startswith("../eventwright.toml:4:1: error[E304]: ")
