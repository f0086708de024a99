"""Reading `[diff]` of the configuration, if there is one."""

from __future__ import annotations

import os
from pathlib import Path

from ...config.check import check_diff
from ...config.diff import DiffKeys
from ...config.file import find_config, read_config
from ...diagnostics.diagnostic import ConfigError, did_you_mean
from ..rules.registry import RULES


def load_policy(path: Path | None, cwd: Path) -> DiffKeys:
    """Of the configuration at `path`, or of the nearest one; without any, nothing is said.

    Raises ConfigError.
    """
    try:
        found = find_config(cwd) if path is None else cwd / path
    except ConfigError as error:
        if error.diagnostics[0].code == "C001":
            return DiffKeys()
        raise
    file = read_config(found, shown=str(path or os.path.relpath(found, cwd)))
    keys = check_diff(file)
    unknown = [
        file.diagnostic(
            "C007",
            f"there is no rule '{rule}'{did_you_mean(rule, RULES)}",
            ("diff", "severity", rule),
            "eventwright rules lists them",
        )
        for rule in keys.severity
        if rule not in RULES
    ]
    if unknown:
        raise ConfigError(unknown)
    return keys
