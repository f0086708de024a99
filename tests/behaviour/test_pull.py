"""`pull` against a real HTTPS server: what it writes, what it leaves alone, what it says."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eventwright.cli import main as cli
from eventwright.quick.fingerprint import sha256
from small_document import document, event
from upstream import Upstream, make_authority, status

SPEC = "spec/events.json"


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
        yield server


OLD = json.dumps(document()).encode()
NEW = OLD.replace(
    json.dumps(event("A Began", id={"type": "string"})).encode(),
    json.dumps(event("A Began", id={"type": "string"}, token={"type": "string"})).encode(),
)
"""An event needs one key more."""
CONFIG = (
    '[[client]]\nspec = "{spec}"\noutput = "gen/pkg"\nsource = "{url}"\nsource_private = true\n'
)


@pytest.fixture
def project(upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was just generated from what the server has."""
    monkeypatch.chdir(tmp_path)
    url = upstream.publish("/events.json", OLD, '"one"')
    (tmp_path / "eventwright.toml").write_text(CONFIG.format(spec=SPEC, url=url))
    (tmp_path / "spec").mkdir()
    (tmp_path / SPEC).write_bytes(OLD)
    assert cli.run(["generate"]) == 0
    return tmp_path


Pull = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pull(capsys: pytest.CaptureFixture[str]) -> Pull:
    def run(*options: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        capsys.readouterr()
        code = cli.run(["pull", *options])
        return code, *capsys.readouterr()

    return run


def lock(project: Path) -> dict[str, object]:
    data: dict[str, object] = json.loads((project / "gen/pkg/eventwright.lock").read_text())
    return data


def snapshot(project: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes())
        for path in project.rglob("*")
        if path.is_file()
    }


def test_nothing_new_is_asked_for_once(project: Path, upstream: Upstream, pull: Pull) -> None:
    code, out, err = pull()
    url = f"{upstream.base}/events.json"
    assert (code, out, err) == (0, f"{SPEC}: nothing new at {url}\n", "")
    assert lock(project)["source"] == {"url": url, "etag": '"one"', "sha256": sha256(OLD)}
    before = snapshot(project)
    assert pull()[:2] == (0, out)
    assert upstream.seen[-1][1]["if-none-match"] == '"one"'
    assert snapshot(project) == before
    assert cli.run(["check"]) == 0


def test_what_moved_is_written_and_told(project: Path, upstream: Upstream, pull: Pull) -> None:
    pull()
    upstream.publish("/events.json", NEW, '"two"')
    before = lock(project)
    (project / SPEC).chmod(0o640)
    code, out, _ = pull()
    assert code == 0
    assert (project / SPEC).read_bytes() == NEW
    assert (project / SPEC).stat().st_mode & 0o777 == 0o640
    assert os.listdir(project / "spec") == ["events.json"]
    assert "  error   A Began: `token` is new and required\n" in out
    assert out.endswith("\nnext: eventwright generate\n")
    # The lock still says which bytes the code was generated from.
    after = lock(project)
    assert after.pop("source") == {
        "url": f"{upstream.base}/events.json",
        "etag": '"two"',
        "sha256": sha256(NEW),
    }
    before.pop("source")
    assert after == before
    assert cli.run(["check"]) == 1


def test_the_etag_outlives_generate(project: Path, upstream: Upstream, pull: Pull) -> None:
    upstream.publish("/events.json", NEW, '"two"')
    assert pull()[0] == 0
    assert cli.run(["generate"]) == 0
    assert cli.run(["check"]) == 0
    assert pull()[0] == 0
    assert upstream.seen[-1][1]["if-none-match"] == '"two"'


def test_the_etag_is_not_used_for_other_bytes(
    project: Path, upstream: Upstream, pull: Pull
) -> None:
    """Who restores or edits the document gets what upstream has, not "nothing new"."""
    pull()
    (project / SPEC).write_bytes(NEW)
    assert pull()[0] == 0
    assert "if-none-match" not in upstream.seen[-1][1]
    assert (project / SPEC).read_bytes() == OLD


def test_check_only_looks(project: Path, upstream: Upstream, pull: Pull) -> None:
    assert pull("--check")[0] == 0
    upstream.publish("/events.json", NEW, '"two"')
    before = snapshot(project)
    code, out, _ = pull("--check")
    assert code == 1
    assert out.endswith("\nnext: eventwright pull\n")
    assert snapshot(project) == before


def test_markdown_for_a_pull_request(project: Path, upstream: Upstream, pull: Pull) -> None:
    assert pull("--check", "--format", "markdown") == (0, "Nothing new upstream.\n", "")
    upstream.publish("/events.json", NEW)
    code, out, _ = pull("--check", "--format", "markdown")
    assert code == 1
    assert out.startswith(f"# `{SPEC}` moved upstream\n")
    assert sha256(NEW) in out
    assert "Suggested step: **major**" in out
    assert "`REQ_PROPERTY_ADDED_REQUIRED`" in out


def test_json(project: Path, upstream: Upstream, pull: Pull) -> None:
    assert json.loads(pull("--check", "--format", "json")[1])["status"] == "current"
    upstream.publish("/events.json", NEW)
    data = json.loads(pull("--check", "--format", "json")[1])
    (found,) = data["documents"]
    assert (data["pullVersion"], data["status"], found["status"]) == (1, "moved", "moved")
    assert (found["oldSha256"], found["newSha256"]) == (sha256(OLD), sha256(NEW))
    rules = [each["rule"] for each in found["report"]["findings"]]
    assert rules == ["REQ_PROPERTY_ADDED_REQUIRED"]


@pytest.mark.parametrize("format", ["github", "gitlab", "sarif", "junit"])
def test_formats_of_hosts(project: Path, upstream: Upstream, pull: Pull, format: str) -> None:
    assert "REQ_" not in pull("--check", "--format", format)[1].replace('"id": "REQ_', "")
    upstream.publish("/events.json", NEW)
    code, out, _ = pull("--check", "--format", format)
    assert code == 1
    assert "REQ_PROPERTY_ADDED_REQUIRED" in out
    assert SPEC in out
    if format != "junit":
        assert "https://" not in out.replace("https://json.schemastore.org", "")


def test_the_first_time(project: Path, upstream: Upstream, pull: Pull) -> None:
    (project / SPEC).unlink()
    (project / "spec").rmdir()
    code, out, _ = pull()
    assert code == 0
    assert f"{SPEC}: there was none here at {upstream.base}/events.json" in out
    assert (project / SPEC).read_bytes() == OLD


FAILING = {
    "not found": (status(404), 3, "the server answered 404 Not Found"),
    "page": (status(200, {"Content-Type": "text/html"}, b"<p>"), 3, "a web page"),
    "private": (status(302, {"Location": "http://10.0.0.1/"}), 3, "which is not https"),
    "syntax": (status(200, {}, b'{"openapi": }'), 2, "events.json:1:13: error[E"),
    "other version": (status(200, {}, b'{"swagger": "2.0"}'), 2, "this is Swagger 2.0"),
    "dangling": (
        status(200, {}, OLD.replace(b'schemas/a"', b'schemas/z"')),
        2,
        "#/components/schemas/z",
    ),
}


@pytest.mark.parametrize("case", FAILING)
def test_what_cannot_be_used_replaces_nothing(
    project: Path, upstream: Upstream, pull: Pull, case: str
) -> None:
    upstream.routes["/events.json"], wanted, said = FAILING[case]
    before = snapshot(project)
    code, out, err = pull()
    assert (code, out) == (wanted, "")
    assert said in err
    assert snapshot(project) == before
    if code == 3:
        assert [line.split(":")[0] for line in err.splitlines()][:1] == ["error"]
        assert len(err.splitlines()) <= 2


def test_the_pin(project: Path, upstream: Upstream, pull: Pull) -> None:
    upstream.publish("/events.json", NEW)
    code, _, err = pull("--sha256", sha256(OLD))
    assert code == 3
    assert f"its sha256 is {sha256(NEW)}, not {sha256(OLD)} as pinned" in err
    assert (project / SPEC).read_bytes() == OLD
    with (project / "eventwright.toml").open("a") as file:
        file.write(f'source_sha256 = "{sha256(OLD)}"\n')
    assert pull()[0] == 3
    assert pull("--sha256", sha256(NEW))[0] == 0


def test_the_pin_holds_when_nothing_is_new(project: Path, upstream: Upstream, pull: Pull) -> None:
    pull()
    code, _, err = pull("--sha256", "0" * 64)
    assert upstream.seen[-1][1]["if-none-match"] == '"one"'
    assert code == 3
    assert "not as pinned" in err


def test_private_only_when_allowed(project: Path, pull: Pull) -> None:
    path = project / "eventwright.toml"
    path.write_text(path.read_text().replace("source_private = true", ""))
    code, _, err = pull()
    assert code == 3
    assert "127.0.0.1 is not a public address" in err
    assert "help: if that is your own server: eventwright pull --allow-private" in err
    assert pull("--allow-private")[0] == 0


def test_size_and_time(project: Path, upstream: Upstream, pull: Pull) -> None:
    assert "larger than 10 bytes" in pull("--max-bytes", "10")[2]
    assert pull("--timeout", "0")[0] == 2


def test_the_configuration_no_longer_fits(project: Path, upstream: Upstream, pull: Pull) -> None:
    """The document is right, so it comes; the next step is to mend what speaks of it."""
    with (project / "eventwright.toml").open("a") as file:
        file.write('[client.names]\n"/components/schemas/a" = "Begun"\n')
    assert cli.run(["generate"]) == 0
    upstream.publish(
        "/events.json", OLD.replace(b"schemas/a", b"schemas/z").replace(b'"a":', b'"z":')
    )
    assert pull("--check")[0] == 1
    code, out, _ = pull()
    assert code == 1
    assert b"schemas/z" in (project / SPEC).read_bytes()
    assert "the configuration does not fit the new document:\n" in out
    assert "/components/schemas/a" in out
    assert out.endswith("next: mend the configuration, then: eventwright generate\n")


def test_an_overlay_that_no_longer_fits(project: Path, upstream: Upstream, pull: Pull) -> None:
    (project / "fix.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\n"
        "actions: [{target: $.components.schemas.a, update: {title: A}}]\n"
    )
    with (project / "eventwright.toml").open("a") as file:
        file.write('overlays = ["fix.yaml"]\n')
    upstream.publish(
        "/events.json", OLD.replace(b"schemas/a", b"schemas/z").replace(b'"a":', b'"z":')
    )
    code, out, _ = pull()
    assert code == 1
    assert "fix.yaml:" in out
    upstream.routes["/events.json"] = status(200, {}, b'{"openapi": "3.1.0"}')
    assert pull()[0] == 2


def test_a_broken_document_here_is_mended(project: Path, pull: Pull) -> None:
    (project / SPEC).write_bytes(b"{")
    code, out, _ = pull()
    assert code == 0
    assert "nothing to compare with" in out
    assert (project / SPEC).read_bytes() == OLD


def test_several_clients_of_one_document(project: Path, upstream: Upstream, pull: Pull) -> None:
    more = CONFIG.replace("gen/pkg", "gen/other").format(
        spec=f"./{SPEC}", url=f"{upstream.base}/events.json"
    )
    path = project / "eventwright.toml"
    path.write_text(path.read_text() + more)
    upstream.seen.clear()
    assert pull()[0] == 0
    assert len(upstream.seen) == 1
    path.write_text(
        path.read_text()
        + more.replace("other", "third").replace('events.json"\nsource_', 'e.json"\nsource_')
    )
    code, _, err = pull()
    assert code == 2
    assert f"{SPEC} has several sources: " in err


def test_all_or_nothing(project: Path, upstream: Upstream, pull: Pull) -> None:
    """Where the second document cannot be had, the first stays too."""
    path = project / "eventwright.toml"
    more = CONFIG.replace("gen/pkg", "gen/other").format(
        spec="spec/other.json", url=f"{upstream.base}/none.json"
    )
    path.write_text(path.read_text() + more)
    upstream.publish("/events.json", NEW)
    assert pull()[0] == 3
    assert (project / SPEC).read_bytes() == OLD
    assert pull("--client", "pkg")[0] == 0
    assert (project / SPEC).read_bytes() == NEW


def test_no_source(project: Path, pull: Pull) -> None:
    (project / "eventwright.toml").write_text(f'[[client]]\nspec = "{SPEC}"\noutput = "gen/pkg"\n')
    code, _, err = pull()
    assert code == 2
    assert "no client here has a `source`" in err


def test_a_link_to_the_document_stays_one(project: Path, upstream: Upstream, pull: Pull) -> None:
    (project / SPEC).rename(project / "real.json")
    (project / SPEC).symlink_to("../real.json")
    upstream.publish("/events.json", NEW)
    assert pull()[0] == 0
    assert (project / SPEC).is_symlink()
    assert (project / "real.json").read_bytes() == NEW


def test_an_interrupted_run_is_left_alone(project: Path, upstream: Upstream, pull: Pull) -> None:
    """Its journal has the lock's hash: the note about the ETag can wait."""
    before = (project / "gen/pkg/eventwright.lock").read_bytes()
    stage = project / "gen/pkg/.eventwright"
    stage.mkdir()
    step = {"number": 0, "path": "eventwright.lock", "before": sha256(before), "after": "0" * 64}
    (stage / "journal.json").write_text(json.dumps([step]))
    upstream.publish("/events.json", NEW, '"two"')
    assert pull()[0] == 0
    assert (project / "gen/pkg/eventwright.lock").read_bytes() == before
    assert (project / SPEC).read_bytes() == NEW


def test_a_folder_that_cannot_be_written(
    project: Path, upstream: Upstream, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    upstream.publish("/events.json", NEW)
    monkeypatch.setattr(os, "fsync", full)
    code, out, err = pull()
    assert (code, out) == (2, "")
    assert f"cannot write {SPEC}: No space left on device" in err
    assert (project / SPEC).read_bytes() == OLD
    assert os.listdir(project / "spec") == ["events.json"]
