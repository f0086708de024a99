"""What `init` wrote does what it says: the jobs' scripts run, against a real upstream and git."""

from __future__ import annotations

import json
import os
import pty
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from eventwright.cli import main as cli
from small_document import document
from upstream import Upstream, make_authority

OLD = json.dumps(document()).encode()
NEW = OLD.replace(b"B Ended", b"B Stopped")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def upstream(
    authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Upstream]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    monkeypatch.setenv("NO_PROXY", "*")
    with Upstream(authority[1]).running() as server:
        server.publish("/x.json", OLD)
        yield server


GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_LOG"
test "$2" != create || test ! -e "$GH_OPEN"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a script as a CI system does: bash, stopping at the first failure."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(GH)
    # The installed command, whatever PATH the tests were started with.
    (programs / "eventwright").write_text(f'#!/bin/sh\nexec {sys.executable} -m eventwright "$@"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    (tmp_path / "gitconfig").touch()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def script(text: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
        environment = {**os.environ, **environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return script


@pytest.fixture
def repo(tmp_path: Path, run: Run, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose project stands in a folder of its own, initialised for both systems."""
    folder = tmp_path / "clone/my project"
    run(f"cd {tmp_path}; git init -q --bare -b main origin; git clone -q origin clone")
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "x.json").write_bytes(OLD)
    options = ["--spec", "x.json", "--output", "pkg", "--source", f"{upstream.base}/x.json"]
    for ci in ("github", "gitlab"):
        assert cli.run(["init", *options, "--ci", ci]) == 0
    with (folder / "eventwright.toml").open("a") as file:
        file.write("[[client]]\nspec = 'x.json'\noutput = 'pkg2'\nsource_private = true\n")
    assert cli.run(["generate"]) == 0
    done = run("git switch -qC main; git add -A; git commit -qm first; git push -q origin main")
    assert done.returncode == 0, done.stderr
    return folder


def test_attributes_reach_the_files(repo: Path, run: Run) -> None:
    files = "pkg/events.py pkg/_runtime/wire.py x.json"
    lines = run(f"git check-attr linguist-generated text -- {files}").stdout.splitlines()
    assert [line.split(": ")[2] for line in lines] == [
        *("true", "unset"),
        *("true", "unset"),
        *("unspecified", "unset"),
    ]


class Job:
    """The steps of the scheduled GitHub job, as its runner would take them."""

    def __init__(self, repo: Path, run: Run, folder: Path) -> None:
        path = repo.parent / ".github/workflows/eventwright-my-project.yml"
        job = yaml.safe_load(path.read_text())["jobs"]["upstream"]
        assert job["defaults"]["run"]["working-directory"] == "my project"
        self.look, self.open = [step for step in job["steps"] if "name" in step]
        self.folder = folder
        self.run = run

    def __call__(self) -> tuple[int, list[str]]:
        """Exit code of the first step that fails; what was asked of `gh`."""
        outputs, asked = self.folder / "outputs", self.folder / "asked"
        outputs.write_text("")
        asked.write_text("")
        files = {
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GH_LOG": str(asked),
            "GH_OPEN": str(self.folder / "open"),
        }
        done = self.run(self.look["run"], **files)
        assert self.look["id"] == "look"
        assert self.open["if"] == "steps.look.outputs.code == '1'"
        if done.returncode == 0 and outputs.read_text() == "code=1\n":
            environment = {name: str(value) for name, value in self.open["env"].items()}
            done = self.run(self.open["run"], **files, **environment)
        return done.returncode, asked.read_text().splitlines()


@pytest.fixture
def job(repo: Path, run: Run, tmp_path: Path) -> Job:
    folder = tmp_path / "runner"
    folder.mkdir()
    return Job(repo, run, folder)


def again(run: Run) -> None:
    """The next run starts from a fresh checkout."""
    done = run("git switch -q main && git reset -q --hard origin/main && git clean -qfd")
    assert done.returncode == 0, done.stderr


@pytest.mark.heavy
def test_github_on_schedule(repo: Path, run: Run, upstream: Upstream, job: Job) -> None:
    assert job() == (0, [])
    upstream.publish("/x.json", NEW)
    code, asked = job()
    assert code == 0
    (call,) = asked
    assert call.startswith("pr create --head eventwright/upstream --title The document moved")
    body = (job.folder / "body.md").read_text()
    assert "`EVENT_NAME_CHANGED`" in body
    assert "Suggested step: **major**" in body
    # The branch holds a client in sync; main is as it was.
    done = run("git fetch -q && git checkout -q origin/eventwright/upstream && eventwright check")
    assert done.returncode == 0, done.stdout
    assert "B Stopped" in Path("x.json").read_text()
    assert "pkg/events.py" in run("git diff --name-only origin/main HEAD").stdout
    # Nothing more to say on the next day; a day later it moved again.
    again(run)
    assert job() == (0, [])
    again(run)
    (job.folder / "open").touch()
    upstream.publish("/x.json", NEW.replace(b"A Began", b"A Started"))
    code, asked = job()
    assert code == 0
    assert [call.split()[1] for call in asked] == ["create", "edit"]


def test_github_when_the_configuration_needs_a_hand(
    repo: Path, run: Run, upstream: Upstream, job: Job
) -> None:
    """The pull request is opened all the same, and says so."""
    path = repo / "eventwright.toml"
    path.write_text(path.read_text() + '[client.names]\n"/components/schemas/b" = "Ended"\n')
    assert cli.run(["generate"]) == 0
    run("git add -A; git commit -qm names; git push -q origin main")
    upstream.publish("/x.json", OLD.replace(b"schemas/b", b"schemas/z").replace(b'"b":', b'"z":'))
    code, asked = job()
    assert (code, len(asked)) == (0, 1)
    assert "`eventwright generate` failed" in (job.folder / "body.md").read_text()


def test_github_when_upstream_is_away(repo: Path, upstream: Upstream, job: Job) -> None:
    upstream.routes.clear()
    assert job() == (3, [])


def test_gitlab(repo: Path, run: Run, upstream: Upstream, tmp_path: Path) -> None:
    jobs = yaml.safe_load((repo.parent / ".gitlab/eventwright-my-project.yml").read_text())
    run(f"git -C {tmp_path}/origin config receive.advertisePushOptions true")
    url = "https://oauth2:t0ken@gitlab.example/a/b.git"
    run(f'git config --global url."{tmp_path}/origin".insteadOf {url}')
    environment = {
        "CI_PROJECT_DIR": str(repo.parent),
        "CI_PROJECT_PATH": "a/b",
        "CI_SERVER_HOST": "gitlab.example",
        "CI_DEFAULT_BRANCH": "main",
        "EVENTWRIGHT_TOKEN": "t0ken",
    }

    def work(name: str) -> subprocess.CompletedProcess[str]:
        job: dict[str, Any] = jobs[name]
        lines = [line for line in job["script"] if not line.startswith("pip ")]
        return run("\n".join([f"cd {repo.parent}", *lines]), **environment, **job["variables"])

    assert work("eventwright-check").returncode == 0
    done = work("eventwright-upstream")
    assert (done.returncode, done.stdout) == (0, "Nothing new upstream.\n")
    upstream.publish("/x.json", NEW)
    done = work("eventwright-upstream")
    assert done.returncode == 0, done.stderr
    assert work("eventwright-check").returncode == 0
    log = run(f"git -C {tmp_path}/origin log -1 --format=%B eventwright/upstream").stdout
    assert log.startswith("The document moved upstream\n\n# `x.json` moved upstream\n")
    names = run(f"git -C {tmp_path}/origin show --name-only --format= eventwright/upstream").stdout
    assert "my project/pkg/events.py" in names.replace('"', "")
    assert "report" not in names


def test_questions_on_a_terminal(tmp_path: Path) -> None:
    """Proposals are taken with Enter."""
    (tmp_path / "x.json").write_bytes(OLD)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "eventwright", "init", "--ci", "none"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs
    ) as done:
        os.close(theirs)
        os.write(ours, b"\nsrc/mine\n\n")
        text = b""
        while b"next: " not in text:
            text += os.read(ours, 4096)
        assert done.wait(timeout=20) == 0
    os.close(ours)
    assert b"The OpenAPI document [x.json]: " in text
    assert b"The package to write [x]: " in text
    found = (tmp_path / "eventwright.toml").read_text()
    assert 'output = "src/mine"' in found


def test_the_action_runs_a_command(repo: Path, run: Run, tmp_path: Path) -> None:
    """Its last step; the ones before set up Python and install, as any action does."""
    action = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text())
    steps = action["runs"]["steps"]
    assert [step.get("uses") for step in steps] == ["actions/setup-python@v6", None, None]
    # Inputs come through the environment: in the script they would be code.
    assert not any("${{" in step.get("run", "") for step in steps)
    (tmp_path / "eventwright/bin").mkdir(parents=True)
    (tmp_path / "eventwright/bin/eventwright").symlink_to(tmp_path / "bin/eventwright")
    environment = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    command = str(action["inputs"]["command"]["default"])
    assert run(steps[2]["run"], **environment, COMMAND=command).returncode == 0
    (repo / "x.json").write_bytes(NEW)
    done = run(steps[2]["run"], **environment, COMMAND="check --format json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "drift"
    outputs = dict(line.split("=") for line in (tmp_path / "outputs").read_text().splitlines())
    assert outputs["exit-code"] == "1"
    assert json.loads(Path(outputs["stdout"]).read_text())["status"] == "drift"
