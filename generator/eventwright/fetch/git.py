"""Git, asked for what is there: it fetches nothing, writes nothing, and gives up in time."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

_ALWAYS = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""Set inside a hook, relative to another folder than ours."""


class NotFound(Exception):
    """Why git does not have it: a sentence without a full stop."""


class NoRepository(NotFound):
    """The folder is in no repository."""


class Git:
    """Git in the folder `root`; all its answers together take `seconds` at most."""

    def __init__(self, root: str, *, seconds: float) -> None:
        self._program = shutil.which("git")
        self._root = root
        self._until = time.monotonic() + seconds
        kept = {name: value for name, value in os.environ.items() if name not in _OURS}
        self._environment = kept | _ALWAYS

    def is_shallow(self) -> bool:
        return self.lines("rev-parse", "--is-shallow-repository") == ["true"]

    def lines(self, *arguments: str) -> list[str]:
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
            raise _plainly(done.stderr.decode("utf-8", "replace"))
        return done.stdout


def _plainly(said: str) -> NotFound:
    """git's own words, but for what needs other words where git was not asked for."""
    if "not a git repository" in said:
        known = "it is in no git repository, where the document as it was could be looked up"
        return NoRepository(known)
    if "dubious ownership" in said:
        return NotFound("its git repository belongs to another user, and git does not read it")
    return NotFound((said.strip().splitlines() or ["git failed"])[0].removeprefix("fatal: "))
