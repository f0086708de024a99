"""Put the official JSON-Schema-Test-Suite to generated builders, and say how many tests pass.

FOLDER is the suite's `tests`, with a folder for each draft.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from .dialect import DIALECTS, Dialect
from .judging import Outcome, outcomes
from .packages import Packages
from .suite import groups

_COUNTED = ("passed", "missed", "object", "format", "refused", "inexpressible")


def main() -> None:
    """Run the drafts asked for; exit code 1 where fewer than 99 % of what counts pass."""
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--draft", choices=[each.draft for each in DIALECTS])
    parser.add_argument("--file", default="", help="only files whose name has this in it")
    parser.add_argument("--list", action="store_true", help="each test that does not pass")
    given = parser.parse_args()
    chosen = [each for each in DIALECTS if given.draft in (None, each.draft)]
    with tempfile.TemporaryDirectory(prefix="eventwright-conformance-") as folder:
        shares = [
            _report(each, _run(each, given.folder, given.file, Path(folder)), given.list)
            for each in chosen
        ]
    raise SystemExit(min(shares) < 0.99)


def _run(dialect: Dialect, suite: Path, name: str, folder: Path) -> list[Outcome]:
    packages = Packages(folder, dialect)
    found = [each for each in groups(suite / dialect.draft) if name in each.file]
    return [outcome for group in found for outcome in outcomes(group, packages)]


def _report(dialect: Dialect, found: list[Outcome], listed: bool) -> float:
    """Prints; the share of passed among what eventwright should pass."""
    for each in found if listed else ():
        if each.kind != "passed":
            print(f"{each.kind:14}{each.group.file}: {each.group.description}: ", end="")
            print(f"{each.test.description} ({each.why})")
    counts = Counter(each.kind for each in found)
    share = counts["passed"] / max(1, counts["passed"] + counts["missed"])
    said = ", ".join(f"{counts[kind]} {kind}" for kind in _COUNTED)
    print(f"{dialect.draft} as {dialect.version}: {share:.1%} ({said})")
    reasons = Counter((each.kind, each.why) for each in found)
    for (kind, why), count in sorted(reasons.items()):
        if kind in ("refused", "inexpressible"):
            print(f"  {count:5} {kind}: {why}")
    return share


if __name__ == "__main__":
    main()
