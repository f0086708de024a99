"""The files that `init` begins, filled in; their text is in the folder `starter_files`."""

from __future__ import annotations

import json
import re
import shlex
from importlib.resources import files

from .. import __version__
from ..config import configschema
from .answers import Answers
from .place import Place


def config(answers: Answers) -> str:
    """eventwright.toml."""
    url = _starter("source.toml") if answers.source else _starter("no-source.toml")
    return _fill(
        _starter("config.toml"),
        schema=configschema.URL,
        spec=_quoted(answers.spec),
        output=_quoted(answers.output),
        lenient=_starter("lenient.toml" if answers.lenient else "not-lenient.toml").rstrip("\n"),
        source=_fill(url.rstrip("\n"), source=_quoted(answers.source)),
    )


def pre_commit(place: Place) -> str:
    """The entry of a list `repos`, in two spaces."""
    path = f"{place.prefix}eventwright.toml"
    check = (
        f"eventwright check --config {shlex.quote(path)}" if place.prefix else "eventwright check"
    )
    return _common(_starter("pre-commit.yaml"), place, check=_quoted(check))


def github(answers: Answers, place: Place) -> str:
    """The workflow: pull requests and, with a source, on schedule."""
    text = _starter("github.yml") + (_starter("github-upstream.yml") if answers.source else "")
    if not answers.source:
        text = text.replace('  schedule:\n    - cron: "17 5 * * 1-5"\n  workflow_dispatch:\n', "")
    return _common(text, place, folder=_quoted(place.inside))


def gitlab(answers: Answers, place: Place) -> str:
    """The jobs, as a file to include."""
    text = _starter("gitlab.yml") + (_starter("gitlab-upstream.yml") if answers.source else "")
    return _common(text, place, folder=shlex.quote(place.inside))


def gitlab_include() -> str:
    """A .gitlab-ci.yml that has nothing else in it."""
    return _starter("gitlab-include.yml")


def attributes(answers: Answers) -> tuple[str, ...]:
    """Lines of .gitattributes: generated code is folded in reviews, and bytes stay as they are."""
    folder = answers.spec.rpartition("/")[0]
    return (
        f"{_pattern(answers.output, '/**')} linguist-generated=true -text",
        f"{_pattern(answers.spec)} -text",
        # What `pull` fetches with the document.
        *([f"{_pattern(answers.spec, '.refs/**')} -text"] if answers.source else []),
        # What overlays are called by custom; one of another name has a line of its own.
        *(f"{_pattern(folder, f'/*.overlay.{end}')} -text" for end in ("yaml", "yml", "json")),
    )


def _common(text: str, place: Place, **values: str) -> str:
    return _fill(text, requirement=_quoted(f"eventwright=={__version__}"), **values)


def _fill(text: str, **values: str) -> str:
    return re.sub("@([a-z]+)@", lambda found: values.get(found[1], found[0]), text)


def _starter(name: str) -> str:
    return (files(__package__) / "starter_files" / name).read_text("utf-8")


def _quoted(text: str) -> str:
    """A string of TOML, of YAML and of JSON alike."""
    return json.dumps(text, ensure_ascii=False)


def _pattern(path: str, below: str = "") -> str:
    # From the file's own folder; a path that leads out of it cannot be spoken of here.
    rooted = f"/{path}" if path else ""
    escaped = "".join(f"\\{char}" if char in "*?[\\" else char for char in rooted) + below
    return _quoted(escaped) if " " in escaped or '"' in escaped else escaped
