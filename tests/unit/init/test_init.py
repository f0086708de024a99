"""What `init` decides: names, places, what it adds to and what it leaves."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from eventwright import __version__
from eventwright.cli import main as cli
from small_document import document
from support import ROOT

Init = Callable[..., tuple[int, str, str]]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The top of a repository, with a document in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "x.json").write_text(json.dumps(document()))
    return tmp_path


@pytest.fixture
def init(repo: Path, capsys: pytest.CaptureFixture[str]) -> Init:
    def run(*options: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        capsys.readouterr()
        code = cli.run(["init", *options])
        return code, *capsys.readouterr()

    return run


def config(folder: Path) -> dict[str, Any]:
    (client,) = tomllib.loads((folder / "eventwright.toml").read_text())["client"]
    found: dict[str, Any] = client
    return found


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_newcomer(repo: Path, init: Init) -> None:
    code, out, err = init("--spec", "x.json", "--output", "pkg")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "wrote eventwright.toml",
        "wrote .gitattributes",
        "wrote .pre-commit-config.yaml",
        "wrote .github/workflows/eventwright.yml",
        "next: eventwright generate",
    ]
    assert config(repo) == {"spec": "x.json", "output": "pkg"}
    assert cli.run(["generate"]) == 0
    assert cli.run(["check"]) == 0


def test_the_commented_keys_are_right(repo: Path, init: Init) -> None:
    """Who takes the hashes away gets a configuration that is read, all but the names in it."""
    from eventwright.config.loading import load_config

    init("--spec", "x.json", "--output", "pkg")
    path = repo / "eventwright.toml"
    head, body = path.read_text().split("[[client]]")
    lines = [line.removeprefix("# ") for line in body.splitlines()]
    told = [line for line in lines if "=" in line or line.startswith("[")]
    path.write_text(head + "\n".join(["[[client]]", *told]))
    (client,) = load_config(None, repo).clients
    assert client.source == "https://example.com/openapi.json"
    assert client.flavours == ("pydantic",)
    assert client.features == ("outbox", "send")
    assert client.operations["post_events"].name == "send"
    assert client.auth["Basic-Auth"].username == "api_key"


def test_dry_run(repo: Path, init: Init) -> None:
    before = files(repo)
    code, out, _ = init("--spec", "x.json", "--output", "pkg", "--dry-run")
    assert code == 0
    assert out.startswith("would write eventwright.toml\n")
    assert files(repo) == before


@pytest.mark.parametrize(
    ("spec", "title", "output"),
    [
        ("acme-events.v2.json", "T", "acme_events"),
        ("spec/openapi.json", "Acme Billing API", "acme_billing_api"),
        ("spec/openapi.json", "…", "openapi_client"),
        ("2fast.json", "T", "_2fast"),
        ("AcmeEvents.json", "T", "acme_events"),
    ],
)
def test_names_are_derived(repo: Path, init: Init, spec: str, title: str, output: str) -> None:
    data = document()
    data["info"] = {"title": title, "version": "1"}
    (repo / spec).parent.mkdir(exist_ok=True)
    (repo / spec).write_text(json.dumps(data))
    assert init("--spec", spec)[0] == 0
    assert config(repo)["output"] == output
    assert cli.run(["generate"]) == 0


def test_a_source_folder_and_the_only_document(repo: Path, init: Init) -> None:
    (repo / "src").mkdir()
    (repo / "package.json").write_text('{"name": "openapi"}')
    assert init()[0] == 0
    assert config(repo) == {"spec": "x.json", "output": "src/x"}


def test_a_source(repo: Path, init: Init) -> None:
    url = "https://example.com/v1/acme.yaml?x=1"
    code, out, _ = init("--source", url)
    assert code == 0
    assert config(repo) == {"spec": "spec/acme.yaml", "output": "acme", "source": url}
    assert out.endswith("next: eventwright pull && eventwright generate\n")


def test_no_document_and_no_one_to_ask(repo: Path, init: Init) -> None:
    (repo / "x.json").unlink()
    code, out, err = init()
    assert (code, out) == (2, "")
    assert "which document?" in err
    assert "none was found here" in err
    assert files(repo) == set()


def test_two_documents(repo: Path, init: Init) -> None:
    (repo / "spec").mkdir()
    (repo / "spec/a b.yaml").write_text("openapi: 3.1.0\n")
    code, out, err = init()
    assert (code, out) == (2, "")
    assert "none is named, and there are spec/a b.yaml, x.json\n" in err
    assert "eventwright init --spec 'spec/a b.yaml' " in err


@pytest.mark.parametrize("output", ["../out", "my-pkg", "/elsewhere", "class"])
def test_an_output_that_cannot_be(repo: Path, init: Init, output: str) -> None:
    before = files(repo)
    code, _, err = init("--spec", "x.json", "--output", output)
    assert code == 2
    assert err.startswith(f"error[C008]: --output: the output '{output}' ")
    assert "eventwright.toml" not in err
    assert files(repo) == before


def test_strange_names(repo: Path, init: Init) -> None:
    name = """a "b" 'c' @output@ [d] é.json"""
    (repo / "x.json").rename(repo / name)
    assert init("--spec", name, "--output", "pkg")[0] == 0
    assert config(repo)["spec"] == name
    lines = (repo / ".gitattributes").read_text().splitlines()
    assert lines[2] == '"/a \\"b\\" \'c\' @output@ \\\\[d] é.json" -text'
    assert cli.run(["generate"]) == 0


def test_absolute_paths(repo: Path, init: Init) -> None:
    assert init("--spec", str(repo / "x.json"), "--output", str(repo / "a/pkg"))[0] == 0
    assert config(repo) == {"spec": "x.json", "output": "a/pkg"}


def test_the_configuration_is_not_overwritten(repo: Path, init: Init) -> None:
    (repo / "eventwright.toml").write_text("# mine\n")
    before = files(repo)
    code, _, err = init("--spec", "x.json", "--output", "pkg")
    assert code == 2
    assert "eventwright.toml is here already; nothing was written" in err
    assert files(repo) == before
    assert (repo / "eventwright.toml").read_text() == "# mine\n"
    code, out, _ = init("--spec", "x.json", "--output", "pkg", "--force")
    assert code == 0
    assert "overwrote eventwright.toml\n" in out


def test_twice_changes_nothing(repo: Path, init: Init) -> None:
    init("--spec", "x.json", "--output", "pkg", "--ci", "gitlab")
    before = {path: (repo / path).read_bytes() for path in files(repo)}
    code, out, _ = init("--spec", "x.json", "--output", "pkg", "--ci", "gitlab")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()[:-1]} == {"kept"}
    assert {path: (repo / path).read_bytes() for path in files(repo)} == before


def test_attributes_are_added_to(repo: Path, init: Init) -> None:
    path = repo / ".gitattributes"
    path.write_text("*.png binary")
    assert "added to .gitattributes\n" in init("--spec", "x.json", "--output", "pkg")[1]
    assert path.read_text().splitlines() == [
        "*.png binary",
        "# written and read by eventwright",
        "/pkg/** linguist-generated=true -text",
        "/x.json -text",
        *(f"/*.overlay.{end} -text" for end in ("yaml", "yml", "json")),
    ]


@pytest.mark.parametrize("old", ["*.png binary\r\n*.gif binary\r\n", "*.png binary\r\n*.gif x"])
def test_what_is_added_to_keeps_its_line_endings(repo: Path, init: Init, old: str) -> None:
    (repo / ".gitattributes").write_bytes(old.encode())
    hooks = repo / ".pre-commit-config.yaml"
    hooks.write_bytes(HOOKS["indented"].replace("\n", "\r\n").encode())
    init("--spec", "x.json", "--output", "pkg")
    for path in (repo / ".gitattributes", hooks):
        content = path.read_bytes()
        assert b"eventwright" in content
        assert content.count(b"\n") == content.count(b"\r\n")
    assert (repo / ".gitattributes").read_bytes().startswith(old.encode())


def test_jobs_are_kept_unless_forced(repo: Path, init: Init) -> None:
    path = repo / ".github/workflows/eventwright.yml"
    path.parent.mkdir(parents=True)
    path.write_text("name: mine\n")
    options = ("--spec", "x.json", "--output", "pkg")
    assert "kept .github/workflows/eventwright.yml: it is there already" in init(*options)[1]
    assert path.read_text() == "name: mine\n"
    init(*options, "--force")
    assert path.read_text() != "name: mine\n"


HOOKS = {
    "indented": "repos:\n  - repo: https://example.com/a\n    rev: v1\n    hooks: [{id: a}]\n",
    "flush": "repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks:\n  - id: a",
    "commented": "# ours\nfail_fast: true\nrepos: # all\n  - repo: meta\n    hooks: []\n",
}


@pytest.mark.parametrize("case", HOOKS)
def test_hooks_are_added_to(repo: Path, init: Init, case: str) -> None:
    path = repo / ".pre-commit-config.yaml"
    path.write_text(HOOKS[case])
    init("--spec", "x.json", "--output", "pkg")
    assert path.read_text().startswith(HOOKS[case])
    before, after = yaml.safe_load(HOOKS[case]), yaml.safe_load(path.read_text())
    added = after["repos"].pop()
    assert after == before
    (hook,) = added["hooks"]
    assert hook["additional_dependencies"] == [f"eventwright=={__version__}"]


@pytest.mark.parametrize(
    "text",
    ["repos: []\n", "repos:\n  - repo: meta\n    hooks: []\nfail_fast: true\n", "{", "- x\n", ""],
)
def test_hooks_of_another_layout_are_left(repo: Path, init: Init, text: str) -> None:
    path = repo / ".pre-commit-config.yaml"
    path.write_text(text)
    out = init("--spec", "x.json", "--output", "pkg")[1]
    assert path.read_text() == text
    assert "kept .pre-commit-config.yaml: its layout is unusual; add to `repos` by hand:\n" in out
    assert "      - repo: local\n" in out


def test_nothing_but_the_configuration(repo: Path, init: Init) -> None:
    init("--spec", "x.json", "--output", "pkg", "--ci", "none", "--no-pre-commit")
    assert files(repo) == {"x.json", "eventwright.toml", ".gitattributes"}


def test_gitlab(repo: Path, init: Init) -> None:
    (repo / ".git/config").write_text('[remote "origin"]\n\turl = git@gitlab.com:a/b.git\n')
    out = init("--spec", "x.json", "--output", "pkg")[1]
    assert "wrote .gitlab-ci.yml\n" in out
    include = yaml.safe_load((repo / ".gitlab-ci.yml").read_text())["include"]
    assert include == [{"local": ".gitlab/eventwright.yml"}]
    assert list(yaml.safe_load((repo / ".gitlab/eventwright.yml").read_text())) == [
        "eventwright-check"
    ]


def test_github_where_its_folder_is(repo: Path, init: Init) -> None:
    (repo / ".git/config").write_text("url = git@gitlab.com:a/b.git\n")
    (repo / ".github").mkdir()
    init("--spec", "x.json", "--output", "pkg")
    assert (repo / ".github/workflows/eventwright.yml").exists()


def test_a_gitlab_file_that_is_there(repo: Path, init: Init) -> None:
    (repo / ".gitlab-ci.yml").write_text("job: {script: [true]}\n")
    out = init("--spec", "x.json", "--output", "pkg")[1]
    assert "    - local: .gitlab/eventwright.yml\n" in out
    assert (repo / ".gitlab-ci.yml").read_text() == "job: {script: [true]}\n"


def test_a_folder_of_a_larger_repository(
    repo: Path, init: Init, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repo / "services/my billing"
    folder.mkdir(parents=True)
    (repo / "x.json").rename(folder / "x.json")
    monkeypatch.chdir(folder)
    assert init("--spec", "x.json", "--output", "pkg")[0] == 0
    assert {path.name for path in folder.iterdir()} == {
        "x.json",
        "eventwright.toml",
        ".gitattributes",
    }
    hooks = yaml.safe_load((repo / ".pre-commit-config.yaml").read_text())
    entry = hooks["repos"][0]["hooks"][0]["entry"]
    assert entry == "eventwright check --config 'services/my billing/eventwright.toml'"
    path = repo / ".github/workflows/eventwright-services-my-billing.yml"
    steps = yaml.safe_load(path.read_text())["jobs"]["check"]["steps"]
    assert steps[-1]["working-directory"] == "services/my billing"


def test_the_workflow_asks_for_little(repo: Path, init: Init) -> None:
    options = ("--spec", "x.json", "--output", "pkg", "--source", "https://example.com/x.json")
    init(*options, "--ci", "github")
    path = repo / ".github/workflows/eventwright.yml"
    workflow = yaml.safe_load(path.read_text().replace("\non:", '\n"on":'))
    assert workflow["permissions"] == {}
    assert set(workflow["on"]) == {"pull_request", "schedule", "workflow_dispatch"}
    check, upstream = workflow["jobs"]["check"], workflow["jobs"]["upstream"]
    assert check["permissions"] == {"contents": "read"}
    assert upstream["permissions"] == {"contents": "write", "pull-requests": "write"}
    # Never both: a pull request does not wait for upstream.
    assert check["if"] == "github.event_name == 'pull_request'"
    assert upstream["if"] == "github.event_name != 'pull_request'"
    used = {step["uses"] for job in (check, upstream) for step in job["steps"] if "uses" in step}
    assert used == {"actions/checkout@v5", "actions/setup-python@v6"}
    # Without a source there is nothing to do on schedule.
    init(*options[:4], "--force")
    workflow = yaml.safe_load(path.read_text().replace("\non:", '\n"on":'))
    assert set(workflow["jobs"]) == {"check"}
    assert set(workflow["on"]) == {"pull_request"}


def test_the_recipes_in_the_documentation_are_sound() -> None:
    text = (ROOT / "docs/vendoring.md").read_text("utf-8")
    blocks = re.findall(r"^```(yaml|toml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    parsed: list[Any] = [
        (yaml.safe_load if kind == "yaml" else tomllib.loads)(block) for kind, block in blocks
    ]
    assert len(parsed) == 5
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (repo,) = next(each["repos"] for each in parsed if "repos" in each)
    assert {hook["id"] for hook in repo["hooks"]} <= {hook["id"] for hook in hooks}
    inputs = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    steps = next(each for each in parsed if isinstance(each, list))
    assert steps[1]["with"].keys() <= inputs.keys()
