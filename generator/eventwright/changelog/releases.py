"""A document's git history -> its releases: which commits changed it, and what it was before."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path

from ..diagnostics.errors import CommandError
from ..fetch.git import Git, NoRepository, NotFound

COMMITS = 2000
"""So many commits that changed the document are looked at."""
_SECONDS = 120.0
_SHORT = 10
"""Digits of a commit's name."""
_NO_BLOB = re.compile("0+")
_LOG = ("log", "--first-parent", "--diff-merges=first-parent", "--follow", "-z", "--raw")
_FORMAT = "--format=%x01%H%x02%cI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The document in a commit: `blob` is git's name for its bytes, "" where it was removed."""

    blob: str
    commit: str
    path: str

    @property
    def at(self) -> str:
        """As `eventwright diff` takes it: `git:abc1234:spec/events.json`."""
        return f"git:{self.commit}:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One change of the document, or all that went into one tag.

    `tag`: "" for a commit that no tag has; `date`: of the tag or the commit, YYYY-MM-DD; `commits`:
    how many changed the document.
    """

    tag: str
    date: str
    commits: int
    before: Revision
    after: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    hash: str
    date: str
    before: Revision
    after: Revision


def find_releases(spec: Path, git: Git, *, since: str, limit: int) -> tuple[Release, ...]:
    """The latest `limit` releases of the document, the newest first.

    The history is that of the branch: what a merge brought is one change. `since`: a revision or a
    date, both exclusive; "" for all. Raises CommandError.
    """
    try:
        commits = list(islice(_history(git, spec.name, _range(git, since)), COMMITS))
        if not commits:
            _check_known(git, spec, since)
        found = list(islice(_grouped(commits, _tags(git, commits)), limit))
        _check_depth(git, spec, commits[: sum(each.commits for each in found)])
        days = _days(git, found)
    except NotFound as error:
        raise CommandError(f"{spec}: {error}") from None
    return tuple(replace(each, date=days.get(each.tag, each.date)) for each in found)


def open_git(spec: Path) -> Git:
    """Git in the document's folder. Raises CommandError where there is none."""
    if not spec.parent.is_dir():
        raise CommandError(f"{spec}: no such file")
    git = Git(str(spec.parent), seconds=_SECONDS)
    try:
        git.run("rev-parse", "--git-dir")
        born = git.run("rev-parse", "--quiet", "--verify", "HEAD", allowed=(0, 1))
    except NotFound as error:
        missing = "" if spec.exists() else "no such file, and "
        here = isinstance(error, NoRepository)
        reason = f"{missing}this is no git repository" if here else str(error)
        raise CommandError(
            f"{spec}: {reason}", help="the changelog is made from the document's history in git"
        ) from None
    if not born and not spec.exists():
        raise CommandError(f"{spec}: no such file")
    if not born:
        raise CommandError(f"{spec}: nothing has been committed to this repository yet")
    return git


def _range(git: Git, since: str) -> tuple[str, ...]:
    """The arguments of `git log` for what is newer than `since`."""
    if not since:
        return ()
    asked = ("rev-parse", "--quiet", "--verify", "--end-of-options", f"{since}^{{commit}}")
    known = git.run(*asked, allowed=(0, 1, 128)).decode().strip()
    if known:
        return (f"{known}..HEAD",)
    try:
        date = datetime.fromisoformat(since)
    except ValueError:
        help = "name a tag, a branch or a commit, or a day such as 2030-12-31"
        if git.is_shallow():
            help += "; this clone is shallow: git fetch --unshallow brings the whole history"
        raise CommandError(f"--since: {since} is no revision and no date", help=help) from None
    return (f"--since={date.isoformat()}",)


def _history(git: Git, name: str, since: Sequence[str]) -> Iterator[_Commit]:
    """Each commit that changed the document, the newest first, followed through renames."""
    printed = git.run(*_LOG, "--no-abbrev", f"-{COMMITS}", _FORMAT, *since, "--", name)
    for record in printed.decode("utf-8", "surrogateescape").split("\x01")[1:]:
        head, _, raw = record.partition("\0")
        hash, date = head.split("\x02")
        fields = raw.lstrip("\n\0:").split("\0")
        if len(fields) < 2:
            continue
        _, _, before, after, _ = fields[0].split()
        if before == after:
            continue  # renamed only
        old_path, new_path = fields[1], next(filter(None, fields[2:]), fields[1])
        short = hash[:_SHORT]
        yield _Commit(
            hash=hash,
            date=date,
            before=_revision(before, f"{short}~", old_path),
            after=_revision(after, short, new_path),
        )


def _revision(blob: str, commit: str, path: str) -> Revision:
    return Revision(blob="" if _NO_BLOB.fullmatch(blob) else blob, commit=commit, path=path)


def _tags(git: Git, commits: Sequence[_Commit]) -> dict[str, str]:
    """Commit -> the nearest tag that has it, where one has."""
    if not commits:
        return {}
    hashes = [each.hash for each in commits]
    names = git.lines("name-rev", "--tags", "--name-only", *hashes)
    return {
        hash: re.split("[~^]", name)[0]
        for hash, name in zip(hashes, names, strict=True)
        if name != "undefined"
    }


def _grouped(commits: Sequence[_Commit], tags: dict[str, str]) -> Iterator[Release]:
    """Commits of one tag are one release; a commit without is one by itself."""
    for _, group in groupby(commits, key=lambda each: tags.get(each.hash, each.hash)):
        newest, *rest = group
        yield Release(
            tag=tags.get(newest.hash, ""),
            date=newest.date[:10],
            commits=1 + len(rest),
            before=[newest, *rest][-1].before,
            after=newest.after,
        )


def _days(git: Git, found: Sequence[Release]) -> dict[str, str]:
    """Tag -> its day, of the tags of these releases."""
    wanted = {each.tag for each in found if each.tag}
    if not wanted:
        return {}
    format = "--format=%(refname:lstrip=2)%09%(creatordate:short)"
    known = (line.partition("\t") for line in git.lines("for-each-ref", format, "refs/tags"))
    return {tag: day for tag, _, day in known if tag in wanted}


def _check_known(git: Git, spec: Path, since: str) -> None:
    """Raise CommandError if the document is unknown, rather than unchanged."""
    if since and git.run("log", "-1", "--format=%h", "--", spec.name):
        return
    if not os.path.lexists(spec):
        raise CommandError(f"{spec}: no such file, and git has had none by that name")
    help = "commit it: the changelog tells what has been committed"
    raise CommandError(f"{spec}: git has no version of this file", help=help)


def _check_depth(git: Git, spec: Path, commits: Sequence[_Commit]) -> None:
    """Raise CommandError if what git has of the history ends within these commits."""
    if not git.is_shallow():
        return
    file = Path(spec.parent, git.lines("rev-parse", "--git-path", "shallow")[0])
    ends = set(file.read_text("utf-8").split())
    if any(each.hash in ends for each in commits):
        raise CommandError(
            f"{spec}: this clone is shallow, so the history ends too early",
            help="git fetch --unshallow brings the rest; in CI, check out with fetch-depth: 0",
        )
