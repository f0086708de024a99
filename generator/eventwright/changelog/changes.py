"""Releases -> what each of them means for who sends: every version is read and compared once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeAlias

from ..config.diff import DiffKeys
from ..diagnostics.diagnostic import UserError
from ..document.files import Unreadable
from ..document.load import load_bytes
from ..drift.between import model_of
from ..drift.compare import compare
from ..drift.findings.finding import Finding, Severity
from ..drift.pairing.version import Version
from ..drift.policy.policy import judge
from ..fetch.git import Git, NotFound
from ..leniency.reading import mended
from ..report.formats.base import Options, Report
from .releases import Release, Revision

_Reader: TypeAlias = Callable[[Revision], "tuple[Version | None, str]"]
_NEW = ("EVENT_ADDED", "OPERATION_ADDED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A release as it is told. `report` is None, and `note` says why, where nothing was compared.

    `version`: the document's own, "" where it could not be read.
    """

    release: Release
    version: str
    note: str = ""
    report: Report | None = None

    def sections(self) -> Iterator[tuple[str, Sequence[Finding]]]:
        """What is told one by one, under a title each; the severest first."""
        for title, findings in (
            ("Breaking", self._found("error")),
            ("To look at", self._found("warning")),
            ("New", [each for each in self._found("info") if each.rule in _NEW]),
        ):
            if findings:
                yield title, findings

    @property
    def also(self) -> str:
        """What is only counted: `3 other additions, 1 change of words`."""
        additions = sum(each.rule not in _NEW for each in self._found("info"))
        words = len(self._found("docs"))
        return ", ".join(
            f"{number} {what[number > 1]}"
            for number, what in (
                (additions, ("other addition", "other additions")),
                (words, ("change of words", "changes of words")),
            )
            if number
        )

    @property
    def command(self) -> str:
        """What shows the whole of it."""
        report = self.report
        return f"eventwright diff {report.old.path} {report.new.path}" if report else ""

    def _found(self, severity: Severity) -> Sequence[Finding]:
        return self.report.with_severity(severity) if self.report else ()


def entries(
    git: Git, releases: Sequence[Release], policy: DiffKeys, *, lenient: bool = False
) -> tuple[Entry, ...]:
    """The same order; `lenient`: documents may be a little invalid. Raises NotFound where git
    fails."""
    read = partial(_read, git, lenient)
    return tuple(reversed(list(_told(read, releases[::-1], policy))))


def _told(read: _Reader, releases: Sequence[Release], policy: DiffKeys) -> Iterator[Entry]:
    """The oldest first: the new document of one release is the old one of the next."""
    known: tuple[Revision, Version] | None = None
    for number, release in enumerate(releases):
        if number == 0 and release.before.blob:
            base, _ = read(release.before)
            known = (release.before, base) if base else None
        if not release.after.blob:
            yield Entry(release=release, version="", note="the document was removed")
            continue
        version, reason = read(release.after)
        if version is None:
            yield Entry(release=release, version="", note=f"cannot be compared: {reason}")
            continue
        yield _entry(release, known, version, policy)
        known = release.after, version


def _entry(
    release: Release, known: tuple[Revision, Version] | None, new: Version, policy: DiffKeys
) -> Entry:
    entry = Entry(release=release, version=new.model.version)
    if known is None:
        first = "the version before it cannot be read" if release.before.blob else "first version"
        return replace(entry, note=f"{first}: {_contents(new)}")
    revision, old = known
    day = date.fromisoformat(release.date)
    judged = judge(compare(old.model, new.model), policy, old, new, day)
    report = Report(
        all=judged.findings,
        accepted=(),
        old=old.document,
        new=new.document,
        options=Options(ignored=judged.ignored),
    )
    same = revision.blob == release.before.blob
    note = "" if same else f"compared with {revision.commit}, the last version that can be read"
    return replace(entry, report=report, note=note)


def _contents(version: Version) -> str:
    numbers = {"event": len(version.model.events), "operation": len(version.model.operations)}
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in numbers.items())


def _read(git: Git, lenient: bool, revision: Revision) -> tuple[Version | None, str]:
    """The document and its model, or why there is none."""
    try:
        raw = git.run("cat-file", "blob", revision.blob)
        read = partial(_file, git, revision.commit)
        document = load_bytes(raw, revision.at, name=revision.path, read=read)
        document = mended(document) if lenient else document
        return Version(document=document, model=model_of(document)), ""
    except UserError as error:
        first = error.diagnostics[0]
        place = f"line {first.location.line}: " if first.location else ""
        return None, f"{place}{first.message}"
    except NotFound as error:
        return None, str(error)


def _file(git: Git, commit: str, name: str) -> bytes:
    """Another file of the document, as it was in a commit. Raises Unreadable."""
    try:
        return git.run("cat-file", "blob", f"{commit}:{name}")
    except NotFound as error:
        raise Unreadable(f"cannot be had: {error}") from None
