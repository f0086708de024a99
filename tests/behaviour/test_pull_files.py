"""`pull` of a document of several files, against a real HTTPS server."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.pull import files
from upstream import Route, Upstream, make_authority, status

ENTRY = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"$ref": "paths/a.yaml"}},
}
PATH = """\
get:
  operationId: a
  responses:
    200:
      description: ok
      content: {application/json: {schema: {$ref: ../../common/thing.json}}}
"""
THING = '{"type": "object", "properties": {"id": {"type": "string"}}}'
CONFIG = """\
[[client]]
spec = "spec/api.json"
output = "pkg"
source = "%s"
source_private = true
"""
Pull = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def upstream(
    authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Upstream]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("NO_COLOR", "1")
    with Upstream(authority[1]).running() as server:
        server.publish("/v1/api.json", json.dumps(ENTRY).encode(), '"one"')
        server.publish("/v1/paths/a.yaml", PATH.encode())
        server.publish("/common/thing.json", THING.encode())
        yield server


@pytest.fixture
def project(upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outer" / "project"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "eventwright.toml").write_text(CONFIG % f"{upstream.base}/v1/api.json")
    return folder


@pytest.fixture
def pull(capsys: pytest.CaptureFixture[str]) -> Pull:
    def run(*options: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(["pull", *options])
        return code, *capsys.readouterr()

    return run


def kept(project: Path) -> list[str]:
    found = (project / "spec").rglob("*")
    return sorted(str(path.relative_to(project)) for path in found if path.is_file())


def test_what_a_document_refers_to_is_kept_beside_it(
    project: Path, upstream: Upstream, pull: Pull
) -> None:
    assert pull()[0] == 0
    refs = f"spec/api.json.refs/127.0.0.1_{upstream.port}"
    assert kept(project) == [
        "spec/api.json",
        f"{refs}/common/thing.json",
        f"{refs}/v1/paths/a.yaml",
        "spec/api.json.refs/source.json",
    ]
    assert (project / "spec/api.json").read_bytes() == json.dumps(ENTRY).encode()
    assert cli.run(["generate"]) == 0
    assert cli.run(["check"]) == 0
    assert "class Thing(" in (project / "pkg/events.py").read_text("utf-8")
    assert pull()[1].startswith("spec/api.json: nothing new")


def test_a_file_that_moved_is_told_though_the_document_is_the_same(
    project: Path, upstream: Upstream, pull: Pull
) -> None:
    assert pull()[0] == 0
    assert cli.run(["generate"]) == 0
    upstream.publish("/common/thing.json", THING.replace("string", "integer").encode())
    code, out, _ = pull("--check")
    assert code == 1
    assert "RESP_TYPE_CHANGED" in out
    assert cli.run(["check"]) == 0, "nothing was written"
    assert pull()[0] == 0
    assert cli.run(["check"]) == 1


def test_files_that_are_no_longer_referred_to_go(
    project: Path, upstream: Upstream, pull: Pull
) -> None:
    assert pull()[0] == 0
    upstream.publish("/v1/api.json", json.dumps({**ENTRY, "paths": {}}).encode())
    assert pull()[0] == 0
    assert kept(project) == ["spec/api.json"]


def test_a_link_in_their_place_is_replaced_and_not_followed(
    project: Path, upstream: Upstream, pull: Pull
) -> None:
    mine = project / "mine"
    mine.mkdir()
    (mine / "kept").write_text("x")
    (project / "spec").mkdir()
    os.symlink(mine, project / "spec/api.json.refs")
    assert pull()[0] == 0
    assert os.listdir(mine) == ["kept"]
    assert not (project / "spec/api.json.refs").is_symlink()


class _Everything(dict[str, Route]):
    """Answers the same to whatever is not published."""

    def __init__(self, published: dict[str, Route], answer: Route) -> None:
        super().__init__(published)
        self._answer = answer

    def get(self, path: str, default: Any = None) -> Any:
        return super().get(path, self._answer)


def _with_path(upstream: Upstream, ref: str) -> None:
    document: Any = {**ENTRY, "paths": {"/a": {"$ref": ref}}}
    upstream.publish("/v1/api.json", json.dumps(document).encode())


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("no.json", "404"),
        ("https://10.0.0.1/a.json", "not a public address"),
        ("http://169.254.169.254/latest", "not a public address"),
        ("https://localhost/a.json", "not a public address"),
    ],
)
def test_what_cannot_or_must_not_be_fetched_stops_all(
    project: Path, upstream: Upstream, pull: Pull, ref: str, said: str
) -> None:
    _with_path(upstream, ref)
    code, _, err = pull()
    assert code == 3
    assert said in err
    assert not (project / "spec").exists()


@pytest.mark.parametrize("ref", ["file:///etc/hostname", "ftp://example.com/a", "data:,{}"])
def test_other_schemes_are_no_references(
    project: Path, upstream: Upstream, pull: Pull, ref: str
) -> None:
    _with_path(upstream, ref)
    code, _, err = pull()
    assert code == 2
    assert "E022" in err


@pytest.mark.parametrize(
    "ref",
    [
        "/../../../../etc/cron.d/x",
        "..%2f..%2f..%2f..%2fpwned.json",
        "%2e%2e/%2e%2e/%2e%2e/pwned.json",
        ".git/hooks/x",
        "a\\..\\..\\b",
        "x" * 3000,
        "a?q=../../x",
        "con/aux:nul",
    ],
)
def test_no_url_makes_a_path_outside(
    project: Path, upstream: Upstream, pull: Pull, ref: str
) -> None:
    _with_path(upstream, ref)
    answer = status(200, {}, b'{"get": {"responses": {"200": {"description": ""}}}}')
    upstream.routes = _Everything(upstream.routes, answer)
    assert pull()[0] == 0
    outside = [
        path
        for path in project.rglob("*")
        if not str(path.relative_to(project)).startswith(("spec", "eventwright.toml"))
    ]
    assert outside == []
    assert not [path for path in project.rglob("*") if ".git" in path.parts]
    assert sorted(os.listdir(project.parent)) == [project.name]


def test_files_without_end_are_stopped(
    project: Path, upstream: Upstream, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 5)
    _with_path(upstream, "0.json")
    for number in range(10):
        inner = {"get": {"parameters": [{"$ref": f"{number + 1}.json"}], "responses": {}}}
        upstream.publish(f"/v1/{number}.json", json.dumps({**inner, "in": "query"}).encode())
        upstream.publish(
            f"/v1/{number + 1}.json",
            json.dumps({"$ref": f"{number + 2}.json"}).encode(),
        )
    code, _, err = pull()
    assert code == 3
    assert "more than 5 files" in err
