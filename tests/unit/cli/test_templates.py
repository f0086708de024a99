"""`templates_dir` from the configuration to the lock, and `eventwright templates`."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from eventwright.cli import main as cli
from eventwright.emit.catalogue import TEMPLATES
from eventwright.emit.templates import built_in_text
from eventwright.quick.answers import LOCK_NAME, answer
from small_document import document

CONFIG = '[[client]]\nspec = "spec.json"\noutput = "gen/pkg"\ntemplates_dir = "mine"\n'
OURS = "# Ours.\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run([*arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "eventwright.toml").write_text(CONFIG)
    (tmp_path / "spec.json").write_text(json.dumps(document()))
    (tmp_path / "mine").mkdir()
    return tmp_path


@pytest.fixture
def project(folder: Path, run: Run) -> Path:
    """One that was just generated, with a template of its own."""
    (folder / "mine/api.py.jinja").write_text(OURS)
    assert run("generate")[0] == 0
    return folder


def problems(run: Run, *options: str) -> dict[str, str]:
    """Kind → path of what `check` finds; the quick answer agrees."""
    quick = answer(["check"])
    code, out, _ = run("check", "--format", "json", *options)
    found = {each["kind"]: each["path"] for each in json.loads(out)["clients"][0]["problems"]}
    assert code == bool(found)
    assert quick is None or not found
    return found


def test_the_templates_of_the_folder_are_used_and_locked(project: Path, run: Run) -> None:
    assert (project / "gen/pkg/api.py").read_text().startswith(OURS)
    lock = json.loads((project / "gen/pkg" / LOCK_NAME).read_text())
    assert list(lock["templates"]) == ["api.py.jinja"]
    assert problems(run) == problems(run, "--full") == {}
    assert answer(["check"]) == "gen/pkg: in sync with spec.json\n"


def test_without_any_the_lock_says_nothing(folder: Path, run: Run) -> None:
    assert run("generate")[0] == 0
    assert "templates" not in json.loads((folder / "gen/pkg" / LOCK_NAME).read_text())
    assert answer(["check"])


def test_a_changed_template_is_drift(project: Path, run: Run) -> None:
    (project / "mine/api.py.jinja").write_text("# Others.\n")
    assert problems(run) == {"stale-template": "mine/api.py.jinja"}
    assert run("generate")[0] == 0
    assert problems(run) == {}
    assert (project / "gen/pkg/api.py").read_text().startswith("# Others.\n")


def test_one_more_or_less_is_drift(project: Path, run: Run) -> None:
    (project / "mine/tuples.jinja").write_text(built_in_text("tuples.jinja"))
    assert problems(run) == {"stale-template": "mine/tuples.jinja"}
    (project / "mine/tuples.jinja").unlink()
    assert problems(run) == {}
    (project / "mine/api.py.jinja").unlink()
    assert problems(run) == {"stale-template": "mine/api.py.jinja"}


def test_line_endings_do_not_count(project: Path, run: Run) -> None:
    (project / "mine/api.py.jinja").write_bytes(b"# Ours.\r\n")
    assert problems(run) == {}
    assert problems(run, "--full") == {}


def test_hidden_files_do_not_count(project: Path, run: Run) -> None:
    (project / "mine/.gitattributes").write_text("* -text\n")
    assert answer(["check"])
    assert problems(run, "--full") == {}


def test_a_folder_that_is_no_longer_configured_is_drift(project: Path, run: Run) -> None:
    (project / "eventwright.toml").write_text(CONFIG.replace('templates_dir = "mine"\n', ""))
    assert problems(run) == {"stale-config": "gen/pkg", "stale-template": "gen/pkg/api.py.jinja"}


def test_nothing_is_written_where_a_template_is_wrong(project: Path, run: Run) -> None:
    before = (project / "gen/pkg/api.py").read_bytes()
    (project / "mine/api.py.jinja").write_text("{{ nope }}")
    for command in ("generate", "check"):
        code, _, err = run(command)
        assert code == 2
        assert err.startswith("mine/api.py.jinja:1:1: error[T004]: 'nope' is undefined\n")
    assert (project / "gen/pkg/api.py").read_bytes() == before


def test_a_report_for_programs_says_which_template_is_wrong(project: Path, run: Run) -> None:
    (project / "mine/api.py.jinja").write_text("\n {{ nope }}")
    code, out, _ = run("check", "--format", "json")
    assert code == 2
    (problem,) = json.loads(out)["diagnostics"]
    found = (problem["code"], problem["path"], problem["line"], problem["column"])
    assert found == ("T004", "mine/api.py.jinja", 2, 2)


def test_paths_are_shown_as_seen_from_here(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "mine/api.py.jinja").write_text("{% nope %}")
    monkeypatch.chdir(project / "gen")
    assert run("generate")[2].startswith("../mine/api.py.jinja:1:1: error[T003]: ")


def _file(path: Path) -> None:
    path.rmdir()
    path.write_text("")


def _links_to_nothing(path: Path) -> None:
    path.rmdir()
    path.symlink_to("nowhere")


def _unreadable(path: Path) -> None:
    (path / "api.py.jinja").write_bytes(b"\xff")


def _large(path: Path) -> None:
    (path / "api.py.jinja").write_bytes(b"#" * (1 << 20) + b"#")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (Path.rmdir, "eventwright.toml:4:1: error[T001]: the folder of templates 'mine' does not"),
        (_file, "eventwright.toml:4:1: error[T001]: the folder of templates 'mine' is a file"),
        (_links_to_nothing, "eventwright.toml:4:1: error[T001]: the folder of templates 'mine' d"),
        (_unreadable, "mine/api.py.jinja:1:1: error[T001]: the template is not UTF-8: byte 1 is"),
        (_large, "mine/api.py.jinja:1:1: error[T001]: the template has more than a megabyte"),
        (
            lambda path: (path / "apy.py.jinja").write_text(""),
            "mine/apy.py.jinja:1:1: error[T002]: no template is called 'apy.py.jinja'; did you "
            "mean 'api.py.jinja'?",
        ),
        (lambda path: (path / "README.md").write_text(""), "mine/README.md:1:1: error[T002]: "),
        (
            lambda path: (path / "api.py.jinja").symlink_to("/etc/hostname"),
            "mine/api.py.jinja:1:1: error[T001]: the template is a symbolic link: copy the file",
        ),
        (
            lambda path: (path / "api.py.jinja").mkdir(),
            "mine/api.py.jinja:1:1: error[T001]: the template is no file",
        ),
        (lambda path: os.mkfifo(path / "api.py.jinja"), "mine/api.py.jinja:1:1: error[T001]: "),
    ],
)
def test_folders_that_cannot_be_used(
    spoil: Callable[[Path], object], expected: str, folder: Path, run: Run
) -> None:
    spoil(folder / "mine")
    code, _, err = run("generate")
    assert (code, err[: len(expected)]) == (2, expected)
    assert not (folder / "gen").exists()


@pytest.mark.parametrize(
    "value", ["../mine", "/mine", ".", "", "a\\\\b", "C:/a", "out", "a/" * 70 + "a", "gen/pkg/a"]
)
def test_folders_that_are_not_in_the_project(value: str, folder: Path, run: Run) -> None:
    (folder / "out").symlink_to(folder.parent)
    (folder / "eventwright.toml").write_text(CONFIG.replace('"mine"', f'"{value}"'))
    code, _, err = run("generate")
    assert code == 2
    assert err.startswith("eventwright.toml:4:1: error[C012]: the folder of templates ")


def test_a_link_inside_the_project_is_a_folder(folder: Path, run: Run) -> None:
    (folder / "mine").rename(folder / "shared")
    (folder / "shared/api.py.jinja").write_text(OURS)
    (folder / "mine").symlink_to("shared")
    assert run("generate")[0] == 0
    assert problems(run) == {}


def test_all_are_listed_and_whose_stand_in_for_them(project: Path, run: Run) -> None:
    code, out, _ = run("templates")
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[0] for line in lines if line[:1].strip()][:-1] == list(TEMPLATES)
    at = next(index for index, line in enumerate(lines) if line.startswith("api.py.jinja "))
    assert lines[at + 1].split() == "overridden by mine/api.py.jinja of pkg".split()
    assert sum("overridden" in line for line in lines) == 1


def test_they_are_listed_before_the_folder_is_there(folder: Path, run: Run) -> None:
    (folder / "mine").rmdir()
    assert run("templates")[0] == 0


def test_ejected_templates_change_nothing_yet(folder: Path, run: Run) -> None:
    (folder / "mine").rmdir()
    code, out, _ = run("templates", "eject", "api.py.jinja", "builder.jinja", "api.py.jinja")
    assert (code, out) == (
        0,
        "wrote mine/api.py.jinja\nwrote mine/builder.jinja\n"
        "next: change them, then: eventwright generate\n",
    )
    assert (folder / "mine/builder.jinja").read_text("utf-8") == built_in_text("builder.jinja")
    assert run("generate")[0] == 0
    own = {path.name: path.read_bytes() for path in (folder / "gen/pkg").glob("*.py")}
    shutil.rmtree(folder / "mine")
    (folder / "mine").mkdir()
    assert run("generate")[0] == 0
    assert {path.name: path.read_bytes() for path in (folder / "gen/pkg").glob("*.py")} == own


def test_nothing_is_overwritten_without_force(project: Path, run: Run) -> None:
    code, _, err = run("templates", "eject", "tuples.jinja", "api.py.jinja")
    assert code == 2
    assert err == ("error: mine/api.py.jinja is here already\nhelp: overwrite it with --force\n")
    assert sorted(os.listdir(project / "mine")) == ["api.py.jinja"]
    assert run("templates", "eject", "--force", "api.py.jinja")[0] == 0
    assert (project / "mine/api.py.jinja").read_text() == built_in_text("api.py.jinja")


@pytest.mark.parametrize("target", ["api.py.jinja", ""])
def test_eject_writes_through_no_link(target: str, folder: Path, run: Run) -> None:
    (folder / "away").mkdir()
    if not target:
        (folder / "mine").rmdir()
    (folder / "mine" / target).symlink_to("../away/api.py.jinja" if target else "away")
    code, _, err = run("templates", "eject", "--force", "api.py.jinja")
    assert code == 2
    assert "is a symbolic link" in err
    assert not os.listdir(folder / "away")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["apy.py.jinja"], "there is no template 'apy.py.jinja'; did you mean 'api.py.jinja'?"),
        (["events.py"], "there is no template 'events.py'; did you mean 'events.py.jinja'?"),
        (["../../x"], "there is no template '../../x'"),
        (["static/_runtime/kinds.py"], "there is no template 'static/_runtime/kinds.py'"),
    ],
)
def test_eject_knows_the_names(arguments: list[str], expected: str, folder: Path, run: Run) -> None:
    code, _, err = run("templates", "eject", *arguments)
    assert (code, err) == (
        2,
        f"error: {expected}\nhelp: eventwright templates lists them\n",
    )
    assert not os.listdir(folder / "mine")


def test_eject_asks_for_a_folder(folder: Path, run: Run) -> None:
    (folder / "eventwright.toml").write_text(CONFIG.replace('templates_dir = "mine"\n', ""))
    code, _, err = run("templates", "eject", "api.py.jinja")
    assert (code, err) == (
        2,
        "error: the configuration names no folder of templates\n"
        'help: say where your templates are, in [[client]]: templates_dir = "templates"\n',
    )


def test_eject_for_one_of_several_clients(folder: Path, run: Run) -> None:
    other = CONFIG.replace("gen/pkg", "gen/other").replace("mine", "theirs")
    (folder / "eventwright.toml").write_text(CONFIG + other)
    code, _, err = run("templates", "eject", "api.py.jinja")
    assert (code, err) == (
        2,
        "error: the clients have different folders of templates: pkg: mine, other: theirs\n"
        "help: choose: --client NAME\n",
    )
    assert run("templates", "eject", "--client", "other", "api.py.jinja")[0] == 0
    assert os.listdir(folder / "theirs") == ["api.py.jinja"]


def test_a_client_of_several_may_share_them(folder: Path, run: Run) -> None:
    (folder / "eventwright.toml").write_text(CONFIG + CONFIG.replace("gen/pkg", "gen/other"))
    assert run("templates", "eject", "api.py.jinja")[0] == 0
    (folder / "mine/api.py.jinja").write_text(OURS)
    assert run("generate")[0] == 0
    for package in ("pkg", "other"):
        assert (folder / "gen" / package / "api.py").read_text().startswith(OURS)
    assert run("templates")[1].count("overridden by") == 2
