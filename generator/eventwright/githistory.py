"""A file as it was: looked for in git by its hash. Git is a convenience here, never a need."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

from .fingerprint import text_sha256

_COMMITS = 50
_SECONDS = 10.0
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""Set inside a hook, relative to another folder than ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file's bytes, and where they were: `git:HEAD:./spec/events.json`."""

    data: bytes
    at: str


class NotFound(Exception):
    """Why git does not have it: a sentence without a full stop."""


def find(root: str, path: str, wanted: str) -> Found:
    """The version of `path`, relative to the folder `root`, whose SHA-256 is `wanted`.

    Looks at HEAD, at the index, and at the last 50 commits that touched it, in all parents of
    merges; asks no other machine, and gives up after 10 seconds. Raises NotFound.
    """
    git = _Git(root)
    tried: set[str] = set()
    for blob, at in git.versions(path):
        if blob in tried or not blob.strip("0"):
            continue
        tried.add(blob)
        data = git.run("cat-file", "blob", blob)
        if text_sha256(data) == wanted:
            return Found(data=data, at=at)
    deeper = "; fetch more of its history (fetch-depth: 0)" if git.is_shallow() else ""
    raise NotFound(f"git does not have {path} as it was, in {len(tried)} versions{deeper}")


class _Git:
    def __init__(self, root: str) -> None:
        self._program = shutil.which("git")
        self._root = root
        self._until = time.monotonic() + _SECONDS
        kept = {name: value for name, value in os.environ.items() if name not in _OURS}
        self._environment = kept | _OFFLINE

    def versions(self, path: str) -> Iterator[tuple[str, str]]:
        """(blob, where it is) of each version of a file, the likeliest first."""
        born = self.run("rev-parse", "--quiet", "--verify", "HEAD", allowed=(0, 1))
        for line in self._lines("ls-tree", "HEAD", "--", path) if born else ():
            yield line.split()[2], f"git:HEAD:./{path}"
        for line in self._lines("ls-files", "--stage", "--", path):
            yield line.split()[1], f"{path} in the index of git"
        yield from self._history(path) if born else ()

    def _history(self, path: str) -> Iterator[tuple[str, str]]:
        commit = ""
        log = ("log", f"-{_COMMITS}", "--full-history", "--no-renames", "--no-abbrev", "--raw")
        for line in self._lines(*log, "--format=%h", "--", path):
            if line.startswith(":"):
                _, _, before, after, *_ = line.split()
                yield after, f"git:{commit}:./{path}"
                yield before, f"git:{commit}~:./{path}"
            elif line:
                commit = line[:12]

    def is_shallow(self) -> bool:
        return self._lines("rev-parse", "--is-shallow-repository") == ["true"]

    def _lines(self, *arguments: str) -> list[str]:
        return self.run(*arguments).decode("utf-8", "surrogateescape").splitlines()

    def run(self, *arguments: str, allowed: tuple[int, ...] = (0,)) -> bytes:
        """What git prints; it must end with an exit code in `allowed`. Raises NotFound."""
        if self._program is None:
            raise NotFound("git is not installed")
        always = ("--literal-pathspecs", "-c", "protocol.allow=never", "-c", "core.fsmonitor=")
        try:
            done = subprocess.run(
                [self._program, *always, *arguments],
                cwd=self._root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=max(self._until - time.monotonic(), 0.01),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotFound("git took too long") from None
        except OSError as error:
            raise NotFound(f"git cannot be run: {error.strerror}") from None
        if done.returncode not in allowed:
            raise NotFound(_plainly(done.stderr.decode("utf-8", "replace")))
        return done.stdout


def _plainly(said: str) -> str:
    """git's own words, but for what needs other words where git was not asked for."""
    if "not a git repository" in said:
        return "it is in no git repository, where the document as it was could be looked up"
    if "dubious ownership" in said:
        return "its git repository belongs to another user, and git does not read it"
    return (said.strip().splitlines() or ["git failed"])[0].removeprefix("fatal: ")
