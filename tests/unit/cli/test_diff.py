"""`eventwright diff` as a person runs it: files, URLs, git; exit codes; acceptances."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from drift.documents import flagship
from eventwright.cli import main as cli

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with old.json and new.json, in which an event lost a value and words changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GIT_DIR", raising=False)
    data = flagship()
    (tmp_path / "old.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "new.json").write_text(json.dumps(_changed(data)), encoding="utf-8")
    return tmp_path


def _changed(data: dict[str, Any]) -> dict[str, Any]:
    schema = data["components"]["schemas"]["report_delivery_event"]["properties"]["properties"]
    schema["properties"]["metric"]["enum"].remove("converted")
    data["info"]["version"] = "2"
    return data


@pytest.mark.usefixtures("here")
def test_exit_codes_follow_the_threshold(capsys: Capture) -> None:
    assert cli.run(["diff", "old.json", "new.json"]) == 1
    assert "REQ_ENUM_VALUE_REMOVED" in capsys.readouterr().out
    assert cli.run(["diff", "new.json", "old.json"]) == 0
    assert cli.run(["diff", "new.json", "old.json", "--fail-on", "info"]) == 1
    assert cli.run(["diff", "new.json", "old.json", "--fail-on", "warning"]) == 0
    assert cli.run(["diff", "old.json", "new.json", "--fail-on", "none"]) == 0
    assert cli.run(["diff", "old.json", "old.json"]) == 0


@pytest.mark.usefixtures("here")
def test_a_file_that_is_not_there(capsys: Capture) -> None:
    assert cli.run(["diff", "HEAD:old.json", "new.json"]) == 2
    said = "error: HEAD:old.json: no such file; did you mean git:HEAD:old.json?\n"
    assert capsys.readouterr().err == said
    assert cli.run(["diff", "old.json", "ne.json"]) == 2
    said = capsys.readouterr().err
    assert "no such file; did you mean 'new.json'?" in said
    assert said.endswith("help: a path is relative to this folder\n")
    Path("a:b.json").write_bytes(Path("old.json").read_bytes())
    assert cli.run(["diff", "a:b.json", "old.json"]) == 0


@pytest.mark.usefixtures("here")
def test_mistakes_are_exit_code_2(capsys: Capture) -> None:
    assert cli.run(["diff", "old.json", "none.json"]) == 2
    Path("bad.json").write_text('{"openapi": "3.1.0"', encoding="utf-8")
    assert cli.run(["diff", "old.json", "bad.json"]) == 2
    assert "bad.json:1:" in capsys.readouterr().err
    dangling = Path("old.json").read_text(encoding="utf-8").replace("schemas/context", "schemas/x")
    Path("bad.json").write_text(dangling, encoding="utf-8")
    assert cli.run(["diff", "old.json", "bad.json"]) == 2
    assert "schemas/x" in capsys.readouterr().err
    assert cli.run(["diff", "old.json", "new.json", "--format", "xml"]) == 2
    assert cli.run(["diff", "old.json"]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("here")
def test_json_on_stdout_or_in_a_file_is_the_same(capsys: Capture) -> None:
    cli.run(["diff", "old.json", "new.json", "--format", "json"])
    printed = capsys.readouterr().out
    cli.run(["diff", "old.json", "new.json", "--format", "json", "-o", "report.json"])
    assert capsys.readouterr().out == ""
    assert Path("report.json").read_text(encoding="utf-8") == printed
    assert json.loads(printed)["verdict"] == "breaking"


@pytest.mark.usefixtures("here")
def test_what_the_report_prints_is_accepted(capsys: Capture) -> None:
    cli.run(["diff", "old.json", "new.json"])
    entry = capsys.readouterr().out.partition("--accept:\n")[2]
    Path("accept.toml").write_text(entry, encoding="utf-8")
    assert cli.run(["diff", "old.json", "new.json", "--accept", "accept.toml"]) == 0
    assert "docs: 1 docs, 1 accepted" in capsys.readouterr().out
    assert cli.run(["diff", "old.json", "old.json", "--accept", "accept.toml"]) == 1
    assert "matches no finding" in capsys.readouterr().err


def test_git_revisions(here: Path, capsys: Capture) -> None:
    run = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com"]
    for command in (["init", "-q"], ["add", "old.json"], ["commit", "-qm", "one"]):
        subprocess.run([*run, *command], check=True, cwd=here)
    assert cli.run(["diff", "git:HEAD:old.json", "new.json"]) == 1
    assert "git:HEAD:old.json:1:" in capsys.readouterr().out
    for wrong in (
        "git:HEAD:none.json",
        "git:none:old.json",
        "git:HEAD",
        "git:HEAD:",
        "git::old.json",
        "git:--help:old.json",
    ):
        assert cli.run(["diff", wrong, "new.json"]) == 2
        assert wrong in capsys.readouterr().err


class _Handler(BaseHTTPRequestHandler):
    answers: dict[str, tuple[int, bytes, str]]

    def do_GET(self) -> None:
        status, content, place = self.answers.get(self.path, (404, b"", ""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if place:
            self.send_header("Location", place)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server(here: Path) -> Iterator[str]:
    """The address of a real server that has the new document."""
    _Handler.answers = {
        "/new.json": (200, (here / "new.json").read_bytes(), ""),
        "/elsewhere": (302, b"", "http://127.0.0.1:1/new.json"),
    }
    running = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


def test_urls(server: str, capsys: Capture) -> None:
    assert cli.run(["diff", "old.json", f"{server}/new.json"]) == 1
    assert f"{server}/new.json:1:" in capsys.readouterr().out
    assert cli.run(["diff", "old.json", f"{server}/none.json"]) == 3
    assert "404" in capsys.readouterr().err
    assert cli.run(["diff", "old.json", f"{server}/elsewhere"]) == 3
    assert "not https" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://192.0.2.1/new.json", "not a public address"),
        ("https://10.0.0.1/new.json", "not a public address"),
        ("ftp://example.com/new.json", "not an https URL"),
    ],
)
def test_other_addresses_are_refused_before_anything_is_asked(
    url: str, why: str, capsys: Capture
) -> None:
    assert cli.run(["diff", "old.json", url]) == 3
    assert why in capsys.readouterr().err
