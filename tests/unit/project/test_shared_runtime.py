"""`[runtime]`: several clients share one runtime, which has what any of them needs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.document.load import load_bytes
from eventwright.emit.vendoring import imports_shared, with_shared
from eventwright.project.pipeline import generate
from eventwright.python.formatting import format_any
from eventwright.quick.answers import LOCK_NAME, answer
from small_document import document
from support import client_config

RUNTIME = "src/acme/_eventwright"
CONFIG = f"""\
[runtime]
output = "{RUNTIME}"

[[client]]
spec = "one.json"
output = "src/acme/one"

[[client]]
spec = "two.json"
output = "src/acme/deep/two"
"""
TRANSPORTS = ["aiohttp", "httpx", "urllib3"]
PARAMETERS = "bodies/parameters.py"
PARAMETER = {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}
Check = Callable[..., dict[str, set[tuple[str, str]]]]


def small(*parameters: Any) -> str:
    made: Any = document()
    made["paths"]["/e"]["post"]["parameters"] = list(parameters)
    return json.dumps(made)


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A project that was just generated; its second client alone needs parameters."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    (tmp_path / "one.json").write_text(small())
    (tmp_path / "two.json").write_text(small(PARAMETER))
    (tmp_path / "src" / "acme").mkdir(parents=True)
    (tmp_path / "src" / "acme" / "__init__.py").touch()
    assert cli.run(["generate"]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    def run(*options: str) -> dict[str, set[tuple[str, str]]]:
        """Of each output with problems: their kinds and paths."""
        capsys.readouterr()
        code = cli.run(["check", "--format", "json", *options])
        clients = json.loads(capsys.readouterr().out)["clients"]
        found = {
            client["output"]: {(each["kind"], each["path"]) for each in client["problems"]}
            for client in clients
            if client["problems"]
        }
        assert code == bool(found)
        assert bool(answer(["check"])) == (not found)
        return found

    return run


def python(project: Path, program: str) -> str:
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, 'src')\n{program}"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_clients_have_one_runtime(project: Path, check: Check) -> None:
    assert check() == {}
    for client in ("one", "deep/two"):
        folder = project / "src" / "acme" / client
        assert {path.name for path in folder.iterdir() if path.is_dir()} <= {"__pycache__"}
    program = (
        "import acme.one.testing, acme.deep.two.testing\n"
        "from acme import one\nfrom acme.deep import two\n"
        "assert one.Answer is two.Answer and one.BadRequest is two.BadRequest\n"
        "for package in one, two:\n"
        "    for client in package.testing.RecordingClient(), package.AsyncClient():\n"
        "        print(client._package, client._requests._fields['user-agent'][1])\n"
    )
    told = python(project, program).splitlines()
    one, two = "acme.one one/1 (eventwright)", "acme.deep.two two/1 (eventwright)"
    assert told == [one] * 2 + [two] * 2


def test_one_client_alone_leaves_what_the_other_needs(project: Path, check: Check) -> None:
    for options in (["--client", "one"], ["--client", "two"], []):
        assert cli.run(["generate", *options]) == 0
        assert (project / RUNTIME / PARAMETERS).exists()
        assert check() == {}


def test_a_document_that_needs_more(project: Path, check: Check) -> None:
    (project / "two.json").write_text(small())
    assert check()[RUNTIME] == {
        ("orphan", f"{RUNTIME}/{path}") for path in (PARAMETERS, "bodies/__init__.py")
    }
    assert cli.run(["generate", "--client", "two"]) == 0
    assert not (project / RUNTIME / PARAMETERS).exists()
    assert check() == {}
    (project / "one.json").write_text(small(PARAMETER))
    found = check()
    assert found[RUNTIME] == {("output-changed", RUNTIME)}
    assert ("stale-spec", "one.json") in found["src/acme/one"]
    assert cli.run(["generate", "--client", "one"]) == 0
    assert (project / RUNTIME / PARAMETERS).exists()
    assert check() == {}


def test_the_difference_is_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "two.json").write_text(small())
    assert cli.run(["generate"]) == 0
    (project / "one.json").write_text(small(PARAMETER))
    capsys.readouterr()
    assert cli.run(["check"]) == 1
    assert f"+++ {RUNTIME}/bodies/__init__.py" in capsys.readouterr().out


def test_a_runtime_that_somebody_touched(project: Path, check: Check) -> None:
    http = project / RUNTIME / "http" / "http1.py"
    text = http.read_text()
    http.write_text(f"{text}# mine\n")
    assert check() == {RUNTIME: {("hand-edited", f"{RUNTIME}/http/http1.py")}}
    assert cli.run(["generate"]) == 1
    assert http.read_text().endswith("# mine\n")
    http.unlink()
    assert check() == {RUNTIME: {("missing", f"{RUNTIME}/http/http1.py")}}
    assert cli.run(["generate"]) == 0
    assert http.read_text() == text
    (project / RUNTIME / "more.py").touch()
    assert check() == {RUNTIME: {("extra", f"{RUNTIME}/more.py")}}
    (project / RUNTIME / "more.py").unlink()
    (project / RUNTIME / LOCK_NAME).unlink()
    assert check() == {RUNTIME: {("never-generated", RUNTIME)}}
    assert cli.run(["generate", "--force"]) == 0
    assert check() == {}


def test_from_runtimes_of_their_own_to_one_and_back(project: Path, check: Check) -> None:
    (project / "eventwright.toml").write_text(CONFIG.partition("\n\n")[2])
    found = check()
    assert {kind for kind, _ in found["src/acme/one"]} == {"stale-config"}
    assert cli.run(["generate"]) == 0
    assert (project / "src" / "acme" / "one" / "_runtime" / "http" / "http1.py").exists()
    (project / "eventwright.toml").write_text(CONFIG)
    assert cli.run(["generate"]) == 0
    assert not (project / "src" / "acme" / "one" / "_runtime" / "http" / "http1.py").exists()
    assert check() == {}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (CONFIG.replace(RUNTIME, "lib/_eventwright"), "the folder they share, '.', is no package"),
        (CONFIG.replace(RUNTIME, "src/_eventwright"), "add src/__init__.py, or put both into one"),
        (CONFIG.replace(RUNTIME, "src/acme/one/_rt"), "are nested"),
        (CONFIG.replace(RUNTIME, "src/acme/deep"), "are nested"),
        (CONFIG.replace(RUNTIME, "src/acme/one"), "are nested"),
        (CONFIG.replace(RUNTIME, "../acme"), "without '..'"),
        (CONFIG.replace(RUNTIME, "src/acme/a-b"), "not a Python package name"),
        (CONFIG.replace(RUNTIME, "src/acme/a-b/rt"), "'a-b' is no name of a package"),
        (
            CONFIG.replace("output = ", "outptu = ", 1),
            "unknown key 'outptu'; did you mean 'output'",
        ),
        (CONFIG.replace(f'output = "{RUNTIME}"\n', ""), "'output' is required"),
    ],
)
def test_a_place_that_cannot_be(
    project: Path, capsys: pytest.CaptureFixture[str], config: str, said: str
) -> None:
    (project / "eventwright.toml").write_text(config)
    assert cli.run(["generate"]) == 2
    assert said in capsys.readouterr().err
    assert cli.run(["check"]) == 2


@pytest.mark.parametrize(
    ("output", "runtime", "name"),
    [
        ("src/acme/one", "src/acme/_rt", ".._rt"),
        ("src/acme/deep/one", "src/acme/_rt", "..._rt"),
        ("src/acme/one", "src/acme/lib/_rt", "..lib._rt"),
    ],
)
def test_how_the_runtime_is_named(output: str, runtime: str, name: str) -> None:
    assert imports_shared(output, runtime) == name
    text = "from . import api\nfrom ._runtime.http.security import ssl\nfrom .api import Server\n"
    placed = f"from {name}.http.security import ssl\nfrom . import api\nfrom .api import Server\n"
    assert with_shared("client.py", text, name) == placed
    deeper = with_shared("transports/httpx.py", "from .._runtime.http import x\n", name)
    assert deeper == f"from .{name}.http import x\n"


def test_a_policy_for_diff_is_no_obstacle(project: Path, check: Check) -> None:
    (project / "eventwright.toml").write_text(f"{CONFIG}\n[diff]\n")
    assert cli.run(["generate"]) == 0
    assert cli.run(["check"]) == 0


@pytest.mark.parametrize("output", ["src/acme/one", "src/acme/deep/down/one"])
def test_what_is_copied_is_as_black_writes_it(output: str) -> None:
    """Though its imports are others, of another length."""
    keys = {"output": output, "transports": TRANSPORTS, "flavours": ["pydantic"]}
    config = replace(client_config(**keys), runtime=RUNTIME)
    loaded = load_bytes(small(PARAMETER).encode(), "one.json")
    files = generate(loaded, config).files
    copied = [path for path in files if path.startswith(("transports/", "_pydantic/"))]
    assert len(copied) > len(TRANSPORTS)
    for path in copied:
        assert format_any(files[path]) == files[path], path
    assert files["py.typed"] == ""
