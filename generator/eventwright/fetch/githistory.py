"""A file as it was: looked for in git by its hash. Git is a convenience here, never a need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..quick.fingerprint import text_sha256
from .git import Git, NotFound

__all__ = ["Found", "NotFound", "find"]

_COMMITS = 50
_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file's bytes, and where they were: `git:HEAD:./spec/events.json`."""

    data: bytes
    at: str


def find(root: str, path: str, wanted: str) -> Found:
    """The version of `path`, relative to the folder `root`, whose SHA-256 is `wanted`.

    Looks at HEAD, at the index, and at the last 50 commits that touched it, in all parents of
    merges; asks no other machine, and gives up after 10 seconds. Raises NotFound.
    """
    git = Git(root, seconds=_SECONDS)
    tried: set[str] = set()
    for blob, at in _versions(git, path):
        if blob in tried or not blob.strip("0"):
            continue
        tried.add(blob)
        data = git.run("cat-file", "blob", blob)
        if text_sha256(data) == wanted:
            return Found(data=data, at=at)
    deeper = "; fetch more of its history (fetch-depth: 0)" if git.is_shallow() else ""
    raise NotFound(f"git does not have {path} as it was, in {len(tried)} versions{deeper}")


def _versions(git: Git, path: str) -> Iterator[tuple[str, str]]:
    """(blob, where it is) of each version of a file, the likeliest first."""
    born = git.run("rev-parse", "--quiet", "--verify", "HEAD", allowed=(0, 1))
    for line in git.lines("ls-tree", "HEAD", "--", path) if born else ():
        yield line.split()[2], f"git:HEAD:./{path}"
    for line in git.lines("ls-files", "--stage", "--", path):
        yield line.split()[1], f"{path} in the index of git"
    yield from _history(git, path) if born else ()


def _history(git: Git, path: str) -> Iterator[tuple[str, str]]:
    commit = ""
    log = ("log", f"-{_COMMITS}", "--full-history", "--no-renames", "--no-abbrev", "--raw")
    for line in git.lines(*log, "--format=%h", "--", path):
        if line.startswith(":"):
            _, _, before, after, *_ = line.split()
            yield after, f"git:{commit}:./{path}"
            yield before, f"git:{commit}~:./{path}"
        elif line:
            commit = line[:12]
