"""The configuration: where it is found, what it may say, and how its mistakes are told."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from eventwright.config.config import AuthConfig, ClientConfig, ClientKeys, Config, OperationConfig
from eventwright.config.loading import load_config
from eventwright.diagnostics.diagnostic import ConfigError, format_diagnostics
from eventwright.text.tomlpositions import TomlPositions

DOCUMENTED = (Path(__file__).parents[3] / "docs/configuration.md").read_text("utf-8")
CLIENT = '[[client]]\nspec = "s.json"\noutput = "gen/events"\n'


def loaded(folder: Path, text: str, name: str = "eventwright.toml") -> Config:
    (folder / name).write_text(text)
    return load_config(None, folder)


def said(folder: Path, text: str, name: str = "eventwright.toml") -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, name)
    return format_diagnostics(caught.value.diagnostics, limit=99)


def brief(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    return [
        f"{d.code} {d.location.line if d.location else 0} {d.message}"
        for d in caught.value.diagnostics
    ]


def test_the_least_there_can_be(tmp_path: Path) -> None:
    assert loaded(tmp_path, CLIENT) == Config(
        path=tmp_path / "eventwright.toml",
        root=tmp_path,
        clients=(ClientConfig(spec="s.json", output="gen/events"),),
    )


def test_all_there_can_be(tmp_path: Path) -> None:
    text = """
    [[client]]
    spec = "../spec/s.json"
    output = "./gen//events/"
    source = "https://example.com/s.json?v=1"
    overlays = ["a.yaml", "b.yaml"]
    flavours = ["pydantic"]
    transports = ["httpx"]
    features = ["send", "celery"]

    [client.names]
    "/components/schemas/x/properties/context" = "DeviceContext"

    [client.operations.ID]
    name = "track"
    errors = "/meta/errors"

    [client.operations.other]

    [client.servers]
    us = "https://us.example.com/v1"

    [client.auth.Basic-Auth]
    username = "api_key"
    """
    assert loaded(tmp_path, text).clients == (
        ClientConfig(
            spec="../spec/s.json",
            output="gen/events",
            source="https://example.com/s.json?v=1",
            overlays=("a.yaml", "b.yaml"),
            flavours=("pydantic",),
            transports=("httpx",),
            features=("send", "celery"),
            names={"/components/schemas/x/properties/context": "DeviceContext"},
            operations={
                "ID": OperationConfig(name="track", errors="/meta/errors"),
                "other": OperationConfig(),
            },
            servers={"us": "https://us.example.com/v1"},
            auth={"Basic-Auth": AuthConfig(username="api_key")},
        ),
    )


PROJECT = "[project]\nname = 'x'\n[tool.other]\nclient = 3\n" + CLIENT.replace(
    "[[client]]", "[[tool.eventwright.client]]"
)


def test_in_a_pyproject(tmp_path: Path) -> None:
    config = loaded(tmp_path, PROJECT, "pyproject.toml")
    assert config.path == tmp_path / "pyproject.toml"
    assert config.clients == (ClientConfig(spec="s.json", output="gen/events"),)


def test_faults_in_a_pyproject_have_their_whole_pointer(tmp_path: Path) -> None:
    assert said(tmp_path, PROJECT + "spek = 1\n", "pyproject.toml").startswith(
        "pyproject.toml:8:1: error[C004]: unknown key 'spek'; did you mean 'spec'?\n"
        "  at /tool/eventwright/client/0/spek\n"
        "    8 | spek = 1\n"
        "      | ^\n"
        "help: the keys here are spec, output, source, "
    )


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "eventwright.toml").write_text(CLIENT)
    # Neither a project without us nor a broken one is ours to read.
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'eventwright-user'\n")
    (below / "pyproject.toml").write_text("not toml [\n")
    assert load_config(None, below).path == tmp_path / "eventwright.toml"
    (tmp_path / "a" / "pyproject.toml").write_text(PROJECT)
    assert load_config(None, below).root == tmp_path / "a"
    (tmp_path / "a" / "eventwright.toml").write_text(CLIENT)
    assert load_config(None, below).path == tmp_path / "a" / "eventwright.toml"


def test_a_configuration_above_is_shown_from_here(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "eventwright.toml").write_text("x = 1\n")
    with pytest.raises(ConfigError, match=r"\.\./eventwright\.toml:1:1: error\[C004\]"):
        load_config(None, tmp_path / "a")


def test_a_path_that_was_given(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "other.toml").write_text(CLIENT)
    config = load_config(Path("c/other.toml"), tmp_path)
    assert (config.path, config.root) == (tmp_path / "c" / "other.toml", tmp_path / "c")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("c/no.toml"), tmp_path)
    assert str(caught.value) == "c/no.toml:1:1: error[C002]: no such file"


def test_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(None, tmp_path)
    assert str(caught.value) == (
        "error[C001]: there is no eventwright.toml, and no pyproject.toml with "
        "[tool.eventwright], here or above\n"
        "help: run `eventwright init`, or write eventwright.toml with at least\n"
        "      [[client]]\n"
        '      spec = "spec/events.yaml"\n'
        '      output = "src/events_client"'
    )


def test_not_toml(tmp_path: Path) -> None:
    text = said(tmp_path, '[[client]]\nspec = "a\noutput = 1\n')
    assert text.startswith("eventwright.toml:2:10: error[C003]: this is not TOML: Illegal char")
    assert text.endswith('    2 | spec = "a\n      |          ^')


def test_a_number_of_more_digits_than_python_takes(tmp_path: Path) -> None:
    text = said(tmp_path, f'[[client]]\nspec = "a"\nstrict = 1_{"9" * 5_000}\n')
    place = "eventwright.toml:3:10: error[C003]: "
    assert text.startswith(place + "a number has more than 4300 digits\n")


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "eventwright.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(ConfigError, match=r"error\[C002\]: the configuration is not UTF-8: byte 3"):
        load_config(None, tmp_path)


def test_all_faults_of_shape_at_once(tmp_path: Path) -> None:
    text = (
        "[[client]]\n"
        'sepc = "a"\n'
        "output = 3\n"
        'flavours = ["pydantc"]\n'
        'features = ["outbox", "sent"]\n'
        "overlays = 1979-05-27\n"
        "[client.operations.auth]\n"
        'nam = "x"\n'
        "[client.auth.b]\n"
        "[client.servers]\n"
        "us = false\n"
    )
    assert brief(tmp_path, text) == [
        "C005 1 'spec' is required",
        "C006 3 'output' must be a text, not a number",
        "C006 6 'overlays' must be an array, not a date",
        "C007 4 there is no flavour 'pydantc'; did you mean 'pydantic'?",
        "C007 5 there is no feature 'sent'; did you mean 'send'?",
        "C004 8 unknown key 'nam'; did you mean 'name'?",
        "C006 11 'us' must be a text, not a boolean",
        "C005 9 'username' is required",
        "C004 2 unknown key 'sepc'; did you mean 'spec'?",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "C005 1 no client is configured"),
        ("client = []\n", "C005 1 no client is configured"),
        ("[client]\nspec = 'a'\n", "C006 1 'client' must be an array, not an object"),
        ("clients = 1\n", "C005 1 'client' is required"),
        ("x = 1\n[[tool.eventwright.client]]\n", "C004 2 unknown key 'tool'"),
    ],
)
def test_no_client(tmp_path: Path, text: str, expected: str) -> None:
    assert brief(tmp_path, text)[0] == expected


def test_the_spelling_of_the_other_file(tmp_path: Path) -> None:
    assert "help: in this file write [[client]]; " in said(
        tmp_path, "[[tool.eventwright.client]]\nspec = 'a'\noutput = 'b'\n"
    )


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("../x", "must be a folder below the configuration's, without '..'"),
        ("a/../../x", "must be a folder below the configuration's, without '..'"),
        ("/abs", "must be a folder below the configuration's, without '..'"),
        (".", "must be a folder below the configuration's, without '..'"),
        ("", "must be a folder below the configuration's, without '..'"),
        ("C:/x", "must be a folder below the configuration's, without '..'"),
        ("a\\\\b", "must be a plain path with forward slashes"),
        ("a\\u001bb", "must be a plain path with forward slashes"),
        ("a/b-c", "cannot be imported: 'b-c' is not a Python package name"),
        ("a/class", "cannot be imported: 'class' is not a Python package name"),
        ("a/1x", "cannot be imported: '1x' is not a Python package name"),
        ("link/x", "leads out of the project through a symbolic link"),
        ("/".join(["a"] * 1000), "is too long a path"),
        ("a" * 256 + "/b", "is too long a path"),
        ("é" * 101 + "/b", "is too long a path"),
    ],
)
def test_outputs(tmp_path: Path, output: str, message: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (text,) = brief(root, CLIENT.replace("gen/events", output))
    assert text.startswith("C008 3 the output '")
    assert text.endswith(message)
    assert len(text) < 300


@pytest.mark.parametrize("key", ["spec", "overlays"])
def test_paths_that_no_file_system_takes(tmp_path: Path, key: str) -> None:
    path = "/".join(["a"] * 1000)
    keys = {"spec": '"s.yaml"', "output": '"gen/events"', key: f'"{path}"'}
    keys["overlays"] = f"[{keys['overlays']}]" if key == "overlays" else "[]"
    lines = "".join(f"{name} = {value}\n" for name, value in keys.items())
    (text,) = brief(tmp_path, f"[[client]]\n{lines}")
    assert text.startswith("C007 ")
    assert text.endswith("…' is not the path of a file")


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (("a/x", "a/x/"), "another client has the output 'a/x' already"),
        (("a/x", "./A/X"), "another client has the output 'A/X' already"),
        (("a/x", "a/x/y"), "the output 'a/x/y' and another client's are nested"),
        (("a/x/y", "a/x"), "the output 'a/x' and another client's are nested"),
        (("a/x", "link/x"), "another client has the output 'link/x' already"),
    ],
)
def test_outputs_are_apart(tmp_path: Path, outputs: tuple[str, str], message: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to("a")
    text = "".join(CLIENT.replace("gen/events", output) for output in outputs)
    assert brief(tmp_path, text) == [f"C009 6 {message}"]
    loaded(tmp_path, CLIENT + CLIENT.replace("gen/events", "gen/events2"))


def test_all_faults_of_values_at_once(tmp_path: Path) -> None:
    text = CLIENT.replace("s.json", "https://x.example/s.json") + (
        'source = "ftp://x.example"\n'
        'overlays = ["a.yaml", " "]\n'
        "[client.names]\n"
        'x = "Fine"\n'
        '"/y" = "class"\n'
        '"/z" = "_Private"\n'
        '"/w" = "\ufb01sh"\n'
        "[client.operations.a]\n"
        'name = "a b"\n'
        'errors = "meta"\n'
        "[client.auth.b]\n"
        'username = "1"\n'
        "[client.servers]\n"
        'eu = "https://user@x.example"\n'
        '"e u" = "https://x.example"\n'
        'q = "https://x.example?a=b"\n'
        'p = "https://x.example:99999"\n'
        'one = "https://y.example/a"\n'
        'two = "https://y.example/a/"\n'
    )
    assert brief(tmp_path, text) == [
        "C007 2 https://x.example/s.json is a URL, not a file",
        "C007 5 ' ' is not the path of a file",
        "C007 4 'ftp://x.example' is not an https or http URL",
        "C007 7 'x' is not a JSON pointer",
        "C007 8 'class' cannot name a Python class",
        "C007 9 '_Private' cannot name a Python class",
        "C007 10 '\ufb01sh' cannot name a Python class",
        "C007 12 'a b' cannot name a Python method",
        "C007 13 'meta' is not a JSON pointer",
        "C007 15 '1' cannot name a Python argument",
        "C007 17 'https://user@x.example' is not the base URL of a server",
        "C007 18 'e u' cannot name a Python attribute",
        "C007 19 'https://x.example?a=b' is not the base URL of a server",
        "C007 20 'https://x.example:99999' is not the base URL of a server",
        "C010 22 https://y.example/a/ is called one already",
    ]


def test_what_is_said_of_a_source(tmp_path: Path) -> None:
    pin = "0123456789abcdefABCDEF" + "0" * 42
    (client,) = loaded(
        tmp_path, CLIENT + f'source_sha256 = "{pin}"\nsource_private = true\n'
    ).clients
    assert (client.source_sha256, client.source_private) == (pin, True)
    for wrong in ("abc", pin[:-1] + "g", pin + "0"):
        assert brief(tmp_path, CLIENT + f'source_sha256 = "{wrong}"\n') == [
            f"C007 4 '{wrong}' is not the SHA-256 of a document"
        ]
    assert brief(tmp_path, CLIENT + 'source_private = "yes"\n') == [
        "C006 4 'source_private' must be true or false, not a text"
    ]


@pytest.mark.parametrize("key", [key.name for key in fields(ClientKeys)])
def test_every_key_takes_values_of_one_kind_and_is_documented(tmp_path: Path, key: str) -> None:
    rest = "".join(line for line in CLIENT.splitlines(True) if not line.startswith(key))
    (fault,) = brief(tmp_path, f"{rest}{key} = 1\n")
    assert re.match(rf"C006 \d '{key}' must be [a-z ]+, not a number", fault)
    assert re.search(rf"^(\[client\.)?{key}\b|^\| `{key}` \|", DOCUMENTED, re.MULTILINE)


def test_what_looks_like_a_key_is_not_taken_for_one(tmp_path: Path) -> None:
    text = (
        '# """ spec = 0\n'
        "[[client]]\n"
        'spec = "s.json"\n'
        "[client.names]\n"
        '"/a" = """\n'
        "output = 1\n"
        '"""\n'
        "[[client]]\n"
        "\"spec\" = '''\noutput = 3'''\n"
        " output = 2\n"
        'operations.x.name = "y"\n'
        'operations . "z w" . nam = "y"\n'
    )
    assert brief(tmp_path, text) == [
        "C005 2 'output' is required",
        "C006 11 'output' must be a text, not a number",
        "C004 13 unknown key 'nam'; did you mean 'name'?",
    ]


NESTED = """\
[[client]]
spec = "it'''s # no" # x = 1
names = { "/a" = "/b = 3", '/b' = "Y" }
events = ["a", # c = 2
  "b, [", 1979-05-27T07:32:00Z, ["q"],
  [1], { x = [2, {k = 3}], y.z = {} },
["c"]]
overlays = \"\"\" "" spec = a\"\"\""
auth.basic = {username = "x"}
[client.servers]
[[client]]
names = [[{b = 1}], {c = '''
spec = 5'''}, "last"]
spec = "t"
"""


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("0", "[[client]]"),
        ("0 spec", "spec = "),
        ("0 names /a", '"/a" = '),
        ("0 names /b", "'/b' = "),
        ("0 events 0", '"a"'),
        ("0 events 1", '"b, ["'),
        ("0 events 2", "1979-"),
        ("0 events 3", '["q"]'),
        ("0 events 3 0", '"q"'),
        ("0 events 4 0", "1]"),
        ("0 events 5 x 1 k", "k = 3"),
        ("0 events 5 y z", "y.z = "),
        ("0 events 6 0", '"c"'),
        ("0 overlays 9", "overlays = "),
        ("0 auth basic", "auth.basic = "),
        ("0 auth basic username", "username = "),
        ("0 servers no", "[client.servers]"),
        ("1 names 0 0 b", "b = 1"),
        ("1 names 1 c", "c = "),
        ("1 names 2", '"last"'),
        ("1 spec", 'spec = "t"'),
        ("1 output", "[[client]]\nnames"),
    ],
)
def test_where_keys_and_items_stand(place: str, text: str) -> None:
    tomllib.loads(NESTED)
    offset = TomlPositions(NESTED).find(("client", *place.split()))
    assert NESTED[offset : offset + len(text)] == text


def test_the_format_of_a_fault(tmp_path: Path) -> None:
    assert said(tmp_path, CLIENT + '[client.servers]\n  eu = "eu"\n') == (
        "eventwright.toml:5:3: error[C007]: 'eu' is not the base URL of a server\n"
        "  at /client/0/servers/eu\n"
        '    5 |   eu = "eu"\n'
        "      |   ^\n"
        "help: it begins with https:// and has no user, query or fragment"
    )
