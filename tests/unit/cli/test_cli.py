"""The command line as a person and a script meet it: mostly in real processes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eventwright import __version__
from eventwright.cli import main as cli
from eventwright.project import pipeline
from small_document import document

Captured = pytest.CaptureFixture[str]
CONFIG = '[[client]]\nspec = "spec.json"\noutput = "gen/pkg"\n'
COMMAND = [sys.executable, "-m", "eventwright"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    (tmp_path / "spec.json").write_text(json.dumps(document()))
    return tmp_path


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, encoding="utf-8", env=env, timeout=60
    )


def test_version_and_program_name() -> None:
    assert run("--version").stdout == f"eventwright {__version__}\n"
    assert run("--help").stdout.startswith("Usage: eventwright [OPTIONS]")


def test_console_script_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("eventwright")
    done = subprocess.run([script, "--help"], capture_output=True, text=True)
    assert done.stdout == run("--help").stdout


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_help_teaches(command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    assert "Examples:\n" in done.stdout
    assert "eventwright " + (command or "generate") in done.stdout
    if not command:
        assert all(text in done.stdout for text in ("[[client]]", "Exit codes:", *cli.COMMANDS))


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'jinja2', 'black', 'rich', 'pydantic', 'openapi_spec_validator', 'yaml'}"
    program = (
        "import sys; from eventwright.cli.main import run; run(['--help']); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chekc"], "no command is called 'chekc'; did you mean 'check'?"),
        (["generate", "--dryrun"], "No such option"),
        (["check", "--format", "xml"], "'xml' is not one of"),
        (["generate", "x"], "unexpected extra argument"),
        (["generate", "x.yaml"], "eventwright init --spec PATH or --source URL"),
        (["init", "x.yaml"], "eventwright init --spec PATH or --source URL"),
    ],
)
def test_usage_errors(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["generate", "check", "inspect", "pull"])
def test_without_a_configuration(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run([command]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "eventwright.toml" in captured.err
    assert '[[client]]\n      spec = "' in captured.err


def test_generate_says_what_it_did(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate"]) == 0
    first, *listed, last = capsys.readouterr().out.splitlines()
    count = len([p for p in (project / "gen/pkg").rglob("*") if p.is_file()]) - 1
    assert first.startswith(f"gen/pkg: 2 events, {count} files written, 0 unchanged, 0 removed, ")
    assert listed[0].startswith("  + ")
    assert last == "next: review and commit; in CI: eventwright check"
    assert cli.run(["generate"]) == 0
    (again,) = capsys.readouterr().out.splitlines()
    assert again.startswith(f"gen/pkg: 2 events, 0 files written, {count} unchanged, 0 removed, ")


def test_dry_run_writes_nothing(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate", "--dry-run"]) == 0
    assert not (project / "gen").exists()
    first, *listed = capsys.readouterr().out.splitlines()
    assert " files to write, 0 unchanged, 0 to remove, " in first
    assert listed[0].startswith("  + ")


def test_an_edit_stops_generate_and_force_overwrites(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate"]) == 0
    events = project / "gen/pkg/events.py"
    generated = events.read_text()
    events.write_text("mine\n")
    for arguments in (["generate"], ["generate", "--dry-run"]):
        capsys.readouterr()
        assert cli.run(arguments) == 1
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "gen/pkg/events.py: edited by hand" in captured.err
        assert events.read_text() == "mine\n"
    assert cli.run(["generate", "--force"]) == 0
    assert "  ! events.py (edited by hand, overwritten)" in capsys.readouterr().out
    assert events.read_text() == generated


def test_several_clients_all_or_none(project: Path, capsys: Captured) -> None:
    other = CONFIG.replace("gen/pkg", "gen/other").replace("spec.json", "bad.json")
    (project / "eventwright.toml").write_text(CONFIG + other)
    (project / "bad.json").write_text("{}")
    assert cli.run(["generate"]) == 2
    assert not (project / "gen").exists()
    assert "bad.json:1:1: error[E" in capsys.readouterr().err
    assert cli.run(["generate", "--client", "pkg"]) == 0
    assert [path.name for path in (project / "gen").iterdir()] == ["pkg"]


def test_the_faults_of_all_clients_are_told(project: Path, capsys: Captured) -> None:
    clients = [f'[[client]]\nspec = "{n}.json"\noutput = "gen/{n}"\n' for n in ("one", "two")]
    (project / "eventwright.toml").write_text(CONFIG + "".join(clients))
    (project / "one.json").write_text("{")
    assert cli.run(["generate"]) == 2
    said = capsys.readouterr().err
    assert "one.json:1:2" in said
    assert "two.json" in said
    assert not (project / "gen").exists()


def test_a_client_by_its_path(project: Path, capsys: Captured) -> None:
    clients = [f'[[client]]\nspec = "spec.json"\noutput = "{n}/pkg"\n' for n in ("one", "two")]
    (project / "eventwright.toml").write_text("".join(clients))
    (project / "one").mkdir()
    os.chdir(project / "one")
    for named in ("two/pkg", "./two/pkg/", "../two/pkg", str(project / "two/pkg")):
        assert cli.run(["generate", "--client", named]) == 0
        assert [path.name for path in project.glob("*/pkg")] == ["pkg"]
    assert (project / "two/pkg/events.py").exists()


def test_an_unknown_client(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate", "--client", "pgk"]) == 2
    assert "no client is called 'pgk'; did you mean 'pkg'?" in capsys.readouterr().err


def test_configuration_elsewhere(project: Path, capsys: Captured) -> None:
    (project / "below").mkdir()
    os.chdir(project / "below")
    assert cli.run(["generate", "--config", "../eventwright.toml"]) == 0
    assert (project / "gen/pkg/events.py").exists()
    assert "eventwright check --config ../eventwright.toml" in capsys.readouterr().out
    assert run("check", "--config", "../eventwright.toml").returncode == 0


def test_a_bad_document_leaves_the_output_alone(project: Path, capsys: Captured) -> None:
    assert cli.run(["generate"]) == 0
    before = {path: path.stat().st_mtime_ns for path in (project / "gen").rglob("*")}
    (project / "spec.json").write_text('{"openapi": "3.1.0"')
    assert cli.run(["generate"]) == 2
    assert capsys.readouterr().err.startswith("spec.json:1:")
    assert {path: path.stat().st_mtime_ns for path in (project / "gen").rglob("*")} == before


def test_an_internal_error_is_one_line(
    project: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom\x1b[31m\nmore")

    monkeypatch.setattr(pipeline, "render", broken)
    assert cli.run(["generate"]) == 70
    error, help = capsys.readouterr().err.splitlines()
    assert error == r"error: internal error: RuntimeError: boom\x1b[31m\nmore"
    assert "EVENTWRIGHT_DEBUG=1" in help
    monkeypatch.setenv("EVENTWRIGHT_DEBUG", "1")
    assert cli.run(["generate"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_hostile_text_is_escaped(project: Path) -> None:
    hostile = json.dumps(document()).replace('"title": "T"', r'"title": "T\u001b[31m\u202e[red]"')
    (project / "spec.json").write_text(hostile.replace('"/e"', r'"/e\u001b[31m"'))
    out = run("inspect").stdout
    assert r"gen/pkg: T\x1b[31m\u202e[red] 1, from spec.json" in out
    assert r"/e\x1b[31m" in out


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_any_locale_and_encoding(project: Path, locale: str) -> None:
    (project / "spec.json").write_text(json.dumps(document()).replace('"T"', '"Ereignis ☎ é"'))
    plain = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = run("inspect", **plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"Ereignis \u260e \xe9" in done.stdout
    data = json.loads(run("inspect", "--format", "json", **plain).stdout)
    assert data["clients"][0]["model"]["title"] == "Ereignis ☎ é"


@pytest.mark.parametrize("arguments", [["inspect", "--format", "json"], ["check"], ["--help"]])
def test_a_broken_pipe_is_quiet(project: Path, arguments: list[str]) -> None:
    assert cli.run(["generate"]) == 0
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("command", "code"), [("check", 0), ("generate --dry-run", 0), ("nonsense", 2)]
)
@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", ">/dev/full", "2>/dev/full"])
def test_streams_that_are_closed_or_full(
    project: Path, command: str, code: int, streams: str
) -> None:
    """As cron starts programs, or a service whose disk is full: no code says drift of it."""
    assert run("generate").returncode == 0
    said = shlex.join([*COMMAND, *command.split()])
    # Else nothing would be left to be written when the process ends.
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["sh", "-c", f"{said} {streams}"], capture_output=True, text=True, env=buffered
    )
    assert done.returncode == (2 if streams == ">/dev/full" else code)
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_130(project: Path) -> None:
    """While it reads a document that does not come: a pipe, so that we know when it is there."""
    (project / "spec.json").unlink()
    os.mkfifo(project / "spec.json")
    process = subprocess.Popen([*COMMAND, "generate"], stderr=subprocess.PIPE, text=True)
    with (project / "spec.json").open("w"):
        process.send_signal(signal.SIGINT)
    # Closed: a signal between Python's look for one and its reading is seen once reading ends.
    assert process.communicate(timeout=20)[1].strip() == "interrupted"
    assert process.returncode == 130


@pytest.mark.heavy
def test_killed_for_real_and_run_again(project: Path) -> None:
    """kill -9 at some moments of a whole run; `check` is never fooled, a rerun always heals."""
    assert run("generate").returncode == 0
    for round_, delay in enumerate((0.4, 0.6)):
        changed = json.dumps(document()).replace("B Ended", f"B Ended {round_}")
        (project / "spec.json").write_text(changed)
        process = subprocess.Popen([*COMMAND, "generate"], stdout=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        code = (project / "gen/pkg/events.py").read_text()
        if run("check").returncode == 0:
            assert f"B Ended {round_}" in code
        done = run("generate")
        assert done.returncode == 0, done.stderr
        assert run("check", "--full").returncode == 0
        assert f"B Ended {round_}" in (project / "gen/pkg/events.py").read_text()
