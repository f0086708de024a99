"""What an overlay may look like: OpenAPI Overlay 1.0 and 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import Collector, did_you_mean
from ..text.pointers import Tokens
from ..text.positions import Problem, Source

if TYPE_CHECKING:
    from ..text.jsonvalues import Json

_VERSION = re.compile(r"1\.([01])\.[0-9]+")
_ROOT = ("overlay", "info", "extends", "actions")
_ACTION = ("target", "description", "update", "remove")


def check_overlay(overlay: dict[str, Json], source: Source) -> int:
    """The minor version, 0 or 1, of a well-formed overlay read from `source`.

    Raises DocumentError with all that is wrong with it.
    """
    checks = _Checks(source)
    version = checks.overlay(overlay)
    checks.found.check()
    return version


class _Checks:
    def __init__(self, source: Source) -> None:
        self._source = source
        self.found = Collector()

    def overlay(self, overlay: Any) -> int:
        """The minor version."""
        stated = overlay.get("overlay")
        match = _VERSION.fullmatch(stated) if isinstance(stated, str) else None
        if not match:
            message = "an overlay begins with the version of Overlay it is written in"
            self._add(message, ("overlay",), 'add `overlay: "1.1.0"`, or "1.0.0"')
        self._unknown(overlay, (), _ROOT)
        info = overlay.get("info")
        if not isinstance(info, dict) or not {"title", "version"} <= info.keys():
            self._add("an overlay's info needs a title and a version", ("info",))
        minor = int(match[1]) if match else 1
        actions = overlay.get("actions")
        if not isinstance(actions, list) or not actions:
            self._add("an overlay needs a list of actions, at least one", ("actions",))
            return minor
        for index, action in enumerate(actions):
            self._action(action, ("actions", str(index)), minor)
        return minor

    def _action(self, action: Any, at: Tokens, minor: int) -> None:
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            self._add("an action needs a target, which is a JSONPath text", at)
            return
        self._unknown(action, at, (*_ACTION, "copy") if minor else _ACTION)
        if not isinstance(action.get("remove", False), bool):
            self._add("remove must be true or false", (*at, "remove"))
        if not isinstance(action.get("copy", ""), str):
            self._add("copy must be a JSONPath text", (*at, "copy"))
        given = [key for key in ("update", "copy") if key in action]
        if action.get("remove") is not True and len(given) != 1:
            what = "both" if given else "none of them"
            self._add(f"an action has one of update, copy and remove; here are {what}", at)

    def _unknown(self, value: dict[str, Json], at: Tokens, known: Iterable[str]) -> None:
        for key in value:
            if key not in known and not key.startswith("x-"):
                near = did_you_mean(key, known)
                self._add(f"unknown key '{key}'{near}", (*at, key))

    def _add(self, message: str, at: Tokens, help: str = "") -> None:
        problem = Problem("E040", message, self._source.offset(at), at, help)
        self.found.add(self._source.diagnostic(problem))
