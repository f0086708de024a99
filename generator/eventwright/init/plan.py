"""What `init` would do to each file; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..diagnostics.errors import CommandError
from ..quick.answers import CONFIG_NAME
from . import starters
from .answers import Answers
from .place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file. `text` is all of it, "" where it is kept; `note` is for the person."""

    path: Path
    kind: Literal["write", "overwrite", "append", "keep"]
    text: str = ""
    note: str = ""


def plan(answers: Answers, place: Place, *, force: bool) -> list[Step]:
    """The steps, the configuration first. Raises CommandError where there is one already."""
    steps = [_config(answers, place, force), _attributes(answers, place)]
    if answers.pre_commit:
        steps.append(_pre_commit(place))
    if answers.ci == "github":
        path = place.top / ".github/workflows" / _named("eventwright", place)
        steps.append(_whole(path, starters.github(answers, place), force))
    if answers.ci == "gitlab":
        steps += _gitlab(answers, place, force)
    return steps


def _named(stem: str, place: Place) -> str:
    """Several folders of one repository have a file each."""
    parts = [] if place.inside == "." else place.inside.split("/")
    return "-".join([stem, *(part.replace(" ", "-") for part in parts)]) + ".yml"


def _whole(path: Path, text: str, force: bool) -> Step:
    """A file that is ours to write, unless one is there."""
    if not path.exists():
        return Step(path=path, kind="write", text=text)
    if path.read_bytes() == text.encode():
        return Step(path=path, kind="keep", note="as it should be")
    if force:
        return Step(path=path, kind="overwrite", text=text)
    return Step(path=path, kind="keep", note="it is there already; --force overwrites it")


def _config(answers: Answers, place: Place, force: bool) -> Step:
    step = _whole(place.folder / CONFIG_NAME, starters.config(answers), force)
    if step.kind == "keep" and not step.note.startswith("as"):
        raise CommandError(
            f"{CONFIG_NAME} is here already; nothing was written",
            help="add another [[client]] to it by hand, or start over: eventwright init --force",
        )
    return step


def _attributes(answers: Answers, place: Place) -> Step:
    path = place.folder / ".gitattributes"
    wanted = [line for line in starters.attributes(answers) if "/../" not in f"{line}/"]
    return _appended(path, "# written and read by eventwright", wanted)


def _appended(path: Path, heading: str, wanted: list[str]) -> Step:
    """Lines that a file should have."""
    if not path.exists():
        text = "\n".join([heading, *wanted, ""])
        return Step(path=path, kind="write", text=text)
    old = _text(path)
    present = {line.strip() for line in old.splitlines()}
    missing = [line for line in wanted if line not in present]
    if not missing:
        return Step(path=path, kind="keep", note="as it should be")
    added = "\n".join([heading, *missing, ""])
    return Step(path=path, kind="append", text=_joined(old, added))


def _text(path: Path) -> str:
    """A file's text with the line endings it has."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _joined(old: str, added: str) -> str:
    """`added` below `old`, with the line endings that `old` has."""
    end = "\r\n" if "\r\n" in old else "\n"
    start = old if not old or old.endswith("\n") else old + end
    return start + added.replace("\n", end)


def _pre_commit(place: Place) -> Step:
    """The hook goes at the end of `repos`, if that leaves everything else as it is."""
    path, entry = place.top / ".pre-commit-config.yaml", starters.pre_commit(place)
    if not path.exists():
        return Step(path=path, kind="write", text=f"repos:\n{entry}")
    old = _text(path)
    if "eventwright-check" in old:
        return Step(path=path, kind="keep", note="it speaks of eventwright already")
    for text in (_joined(old, entry), _joined(old, _dedented(entry))):
        if _is_longer_by_one(old, text):
            return Step(path=path, kind="append", text=text)
    note = f"its layout is unusual; add to `repos` by hand:\n{entry.rstrip()}"
    return Step(path=path, kind="keep", note=note)


def _dedented(entry: str) -> str:
    return "".join(line.removeprefix("  ") for line in entry.splitlines(keepends=True))


def _is_longer_by_one(old: str, new: str) -> bool:
    before, after = _parsed(old), _parsed(new)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    one, two = before.get("repos"), after.get("repos")
    if not isinstance(one, list) or not isinstance(two, list):
        return False
    return two[:-1] == one and {**after, "repos": one} == before


def _parsed(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:  # what is no YAML cannot be extended
        return None


def _gitlab(answers: Answers, place: Place, force: bool) -> Iterator[Step]:
    jobs = place.top / ".gitlab" / _named("eventwright", place)
    yield _whole(jobs, starters.gitlab(answers, place), force)
    local = jobs.relative_to(place.top).as_posix()
    path = place.top / ".gitlab-ci.yml"
    if not path.exists():
        text = starters.gitlab_include().replace(".gitlab/eventwright.yml", local)
        yield Step(path=path, kind="write", text=text)
    elif local in _text(path):
        yield Step(path=path, kind="keep", note="it includes the jobs already")
    else:
        yield Step(path=path, kind="keep", note=f"add to its `include`:\n  - local: {local}")
