"""The suite's files: groups of tests, each group a schema and the instances to be judged by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Test:
    """One instance, and whether its group's schema takes it."""

    __test__ = False  # not one of pytest's

    description: str
    instance: Any
    valid: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """A schema with its tests; `file` is relative to the draft's folder, without its suffix."""

    file: str
    description: str
    schema: Any
    tests: tuple[Test, ...]


def groups(folder: Path) -> Iterator[Group]:
    """Those of one draft, optional ones included, in the order of their files.

    Raises FileNotFoundError when there are none.
    """
    paths = sorted(folder.rglob("*.json"))
    if not paths:
        raise FileNotFoundError(f"no tests in {folder}")
    for path in paths:
        for group in json.loads(path.read_text("utf-8")):
            yield Group(
                file=path.relative_to(folder).with_suffix("").as_posix(),
                description=group["description"],
                schema=group["schema"],
                tests=tuple(
                    Test(
                        description=test["description"],
                        instance=test["data"],
                        valid=test["valid"],
                    )
                    for test in group["tests"]
                ),
            )
