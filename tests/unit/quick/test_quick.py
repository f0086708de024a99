"""The quick check: right when it says yes, silent otherwise, and light."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventwright import __version__
from eventwright.folder.lock import Lock, dump
from eventwright.quick import fingerprint, minitoml
from eventwright.quick.answers import answer

CONFIG = '[[client]]\nspec = "spec.json"\noutput = "gen/pkg"\noverlays = ["fix.yaml"]\n'
FILES = {"__init__.py": "x = 1\n", "models/a.py": "y = 2\n"}
CLEAN = "gen/pkg: in sync with spec.json\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def sha(text: str) -> str:
    return fingerprint.sha256(text.encode())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in sync, its lock made by hand."""
    sources = {"eventwright.toml": CONFIG, "spec.json": "{}", "fix.yaml": "overlay: 1.0.0"}
    for path, text in sources.items():
        write(tmp_path / path, text)
    for path, text in FILES.items():
        write(tmp_path / "gen/pkg" / path, text)
    lock = Lock(
        spec="spec.json",
        spec_sha256=sha("{}"),
        overlays={"fix.yaml": sha("overlay: 1.0.0")},
        config_sha256=fingerprint.options_sha256(tomllib.loads(CONFIG)["client"][0]),
        generator=__version__,
        templates_sha256=fingerprint.templates_sha256(),
        tools={"black": version("black")},
        files={path: sha(text) for path, text in FILES.items()},
        events=3,
    )
    write(tmp_path / "gen/pkg/eventwright.lock", dump(lock))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_in_sync(project: Path) -> None:
    assert answer(["check"]) == CLEAN
    assert answer(["check", "--config", "eventwright.toml", "--format=text"]) == CLEAN


def test_generate_in_a_release(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "_INSTALLED", fingerprint.templates_folder())
    expected = r"gen/pkg: 3 events, 0 files written, 2 unchanged, 0 removed, \d\.\d\d s\n"
    said = answer(["generate"])
    assert said is not None
    assert re.fullmatch(expected, said)
    assert answer(["generate", "--config=eventwright.toml"]) is not None
    assert answer(["generate", "--force"]) is None
    assert answer(["generate", "--dry-run"]) is None
    assert answer(["generate", "--format", "text"]) is None
    write(project / "gen/pkg/__init__.py", "x = 2\n")
    assert answer(["generate"]) is None


def test_generate_in_a_checkout_is_never_skipped(project: Path) -> None:
    assert answer(["generate"]) is None


@pytest.mark.parametrize("events", ['3,\n  "notes": 1', "null", "-", '"many"'])
def test_a_client_with_notes_or_an_odd_lock_is_for_generate_itself(
    project: Path, monkeypatch: pytest.MonkeyPatch, events: str
) -> None:
    monkeypatch.setattr(fingerprint, "_INSTALLED", fingerprint.templates_folder())
    path = project / "gen/pkg/eventwright.lock"
    path.write_text(path.read_text().replace('"events": 3', f'"events": {events}'))
    assert answer(["generate"]) is None


def test_found_from_a_folder_below(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "gen" / "pkg")
    assert answer(["check"]) == CLEAN


def test_comments_in_the_configuration_do_not_matter(project: Path) -> None:
    write(project / "eventwright.toml", "# hello\n" + CONFIG)
    assert answer(["check"]) == CLEAN


def test_the_same_in_pyproject(project: Path) -> None:
    (project / "eventwright.toml").unlink()
    head = "[project]\nname = 'x'\n[tool.other]\nx = { y = 1 }\n"
    write(
        project / "pyproject.toml", head + CONFIG.replace("[[client", "[[tool.eventwright.client")
    )
    assert answer(["check"]) == CLEAN


def test_files_that_do_not_count(project: Path) -> None:
    for path in ("NOTES.md", "__pycache__/x.py"):
        write(project / "gen/pkg" / path, "x")
    assert answer(["check"]) == CLEAN


def test_what_an_interrupted_run_left_is_for_the_full_check(project: Path) -> None:
    write(project / "gen/pkg/.eventwright/new-0", "x")
    assert answer(["check"]) is None


@pytest.mark.parametrize(
    "value", ["[" * 9_000 + "]" * 9_000, "{a=" * 9_000 + "1" + "}" * 9_000, "9" * 5_000]
)
def test_a_value_that_cannot_be_read_is_for_the_full_check(project: Path, value: str) -> None:
    write(project / "eventwright.toml", f"{CONFIG}x = {value}\n")
    assert answer(["check"]) is None


def test_an_unknown_key_is_for_the_full_check(project: Path) -> None:
    write(project / "eventwright.toml", "foo = 1\n" + CONFIG)
    assert answer(["check"]) is None


def test_json_is_what_json_tools_read(project: Path) -> None:
    import json

    text = answer(["check", "--format", "json"])
    assert text is not None
    client = {"spec": "spec.json", "output": "gen/pkg", "status": "in-sync"}
    empty: dict[str, object] = {"problems": [], "changes": [], "diff": ""}
    assert json.loads(text) == {
        "checkVersion": 1,
        "status": "in-sync",
        "clients": [client | empty],
    }


MOVED = {
    "document": ("spec.json", "{ }"),
    "overlay": ("fix.yaml", "overlay: 1.1.0"),
    "options": ("eventwright.toml", CONFIG + 'flavours = ["pydantic"]\n'),
    "features": ("eventwright.toml", CONFIG + 'features = ["outbox"]\n'),
    "edited": ("gen/pkg/models/a.py", "y = 3\n"),
    "extra": ("gen/pkg/more.py", ""),
    "extra stub": ("gen/pkg/models/a.pyi", ""),
    "no client": ("eventwright.toml", "# nothing\n"),
    "second client": ("eventwright.toml", CONFIG + '[[client]]\nspec="spec.json"\noutput="b"\n'),
    "bad configuration": ("eventwright.toml", CONFIG + "=\n"),
    "not UTF-8": ("eventwright.toml", CONFIG + "\udcff"),
    "damaged lock": ("gen/pkg/eventwright.lock", "<<<<"),
}


@pytest.mark.parametrize("case", MOVED)
def test_silent_when_anything_moved(project: Path, case: str) -> None:
    path, text = MOVED[case]
    (project / path).write_bytes(text.encode(errors="surrogateescape"))
    assert answer(["check"]) is None


@pytest.mark.parametrize(
    "path", ["spec.json", "fix.yaml", "eventwright.toml", "gen/pkg/__init__.py"]
)
def test_silent_when_anything_is_missing(project: Path, path: str) -> None:
    (project / path).unlink()
    assert answer(["check"]) is None


def test_silent_when_a_file_became_a_link(project: Path) -> None:
    path = project / "gen/pkg/__init__.py"
    path.rename(project / "elsewhere.py")
    path.symlink_to(project / "elsewhere.py")
    assert answer(["check"]) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("generator", "0"), ("templates_sha256", "0"), ("black", "1.0"), ("lock_version", "2")],
)
def test_silent_when_the_lock_says_otherwise(project: Path, name: str, value: str) -> None:
    lock = project / "gen/pkg/eventwright.lock"
    lines = lock.read_text().splitlines()
    [at] = [n for n, line in enumerate(lines) if f'"{name}": ' in line]
    indent, comma = lines[at].split('"')[0], "," * lines[at].endswith(",")
    quote = '"' * ('": "' in lines[at])
    lines[at] = f'{indent}"{name}": {quote}{value}{quote}{comma}'
    lock.write_text("\n".join(lines) + "\n")
    assert answer(["check"]) is None


@pytest.mark.parametrize(
    "arguments", [["--full"], ["--config"], ["--format", "xml"], ["x"], ["--help"]]
)
def test_silent_about_other_options(project: Path, arguments: list[str]) -> None:
    assert answer(["check", *arguments]) is None


def test_it_imports_next_to_nothing(project: Path) -> None:
    program = (
        "import sys; before = set(sys.modules); sys.argv = ['eventwright', 'check']\n"
        "from eventwright.__main__ import main\n"
        "sys.setprofile(lambda *_: None); code = main(); sys.setprofile(None)\n"
        "print(code, *sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    sha256 = "_sha2" if sys.version_info >= (3, 12) else "_sha256"
    own = ["eventwright.__main__", "eventwright.quick"]
    own += [f"eventwright.quick.{name}" for name in ("answers", "fingerprint", "minitoml")]
    assert done.stdout.splitlines() == [
        CLEAN.strip(),
        " ".join(["0", "__future__", sha256, "eventwright", *own]),
    ]


@pytest.mark.parametrize("watched", [False, True])
def test_the_process_ends_with_the_answer_unless_somebody_looks_on(
    project: Path, watched: bool
) -> None:
    program = (
        "import sys; sys.argv = ['eventwright', 'check']\n"
        "from eventwright.__main__ import main\n"
        f"sys.setprofile((lambda *_: None) if {watched} else None); print('ended', main())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, CLEAN + "ended 0\n" * watched)


@pytest.mark.parametrize(("line", "code"), [("rules", 0), ("rules NONE", 2)])
def test_so_it_does_after_a_long_answer(project: Path, line: str, code: int) -> None:
    program = (
        f"import sys; sys.argv = ['eventwright', *{line!r}.split()]\n"
        "from eventwright.__main__ import main\n"
        "main(); print('still there')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == code
    assert (done.stderr if code else done.stdout).endswith("\n")
    assert "still there" not in done.stdout


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_files_of_every_size_are_read(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "f").write_bytes(content)
    assert fingerprint.read_bytes(str(tmp_path / "f")) == content


def test_templates_hash_follows_every_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "templates_folder", lambda: str(tmp_path))
    hashes = []
    for path, text in [("a.jinja", "1"), ("a.jinja", "2"), ("b/c.py", ""), ("b/d.py", "")]:
        write(tmp_path / path, text)
        hashes.append(fingerprint.templates_sha256())
    os.rename(tmp_path / "b/d.py", tmp_path / "b/e.py")
    hashes.append(fingerprint.templates_sha256())
    assert len(set(hashes)) == 5
    write(tmp_path / "b/__pycache__/c.pyc", "x")
    assert fingerprint.templates_sha256() == hashes[-1]


def test_options_hash_tells_values_apart() -> None:
    values: list[object] = [1, "1", True, [1], {"a": 1, "b": 2}, {"b": 2, "a": 1}, ["1"], "[1]"]
    assert len({fingerprint.options_sha256(value) for value in values}) == len(values)


# --- the TOML reader agrees with tomllib, or says nothing ---------------------------------------

PIECES = r'''
[[client]]
[client.names]
[client.operations."a.b"]
[tool]
[a.b.c]
[a.b]
[[a]]
[ client ]
[[ client ]]
[client]
[client.spec]
[ [client] ]
[open
[]
spec = "x"
output = 'a/b'
overlays = []
overlays = ["a", 'b',]
n = 12
n = 012
x = -1
x = +1
x = 0x1F
x = 1_000
x = 1.5
x = 1e5
x = inf
x = 1979-05-27
x = 1979-05-27T07:32:00Z
x = 07:32:00
x = 1-1
x = 1 2
x =
= 1
yes = true
no=false # no
"/a/b" = "C"
a.b = 1
t = { a = 1 }
s = "\u0041"
s = """
s = "unclosed
é = 1
s = 'é'
l = [
  "one", # 1
]
l = [1,,2]
l = [,]
l = [[1], ['a']]

# comment
'''.splitlines()[1:]


@given(st.lists(st.sampled_from(PIECES), max_size=7), st.sampled_from(["\n", "\r\n", " \n\t"]))
@example(["client = []", "[[client]]"], "\n")
@example(["l = [{}]", "[[l]]"], "\n")
@example(["x = 1 # \x01"], "\n")
@example(['s = "unclosed', 'x = "'], "\n")
@example(["x = 1.5", "y = [1.5]"], "\n")
@example(["x = 12:30:00"], "\n")
@settings(max_examples=2000, deadline=None)
def test_minitoml_reads_as_tomllib_or_not_at_all(pieces: list[str], newline: str) -> None:
    text = newline.join(pieces)
    found = minitoml.read(text)
    if found is not None:
        assert found == tomllib.loads(text)


def test_minitoml_reads_the_usual_configuration() -> None:
    text = """
# our events
[[client]]
spec = "spec/events.json"   # the document
output = 'src/events'
overlays = [
    "spec/a.yaml",  # first
    "spec/b.yaml",
]
flavours = ["pydantic"]

[client.names]
"/components/schemas/x/properties/context" = "DeviceContext"

[client.operations.track_event]
name = "track"

[[client]]
spec = "b.json"
output = "b"
"""
    assert minitoml.read(text) == tomllib.loads(text)
    assert minitoml.read(text) is not None
