"""`make corpus`: a table of what becomes of each document."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .catalogue import Entry, entries
from .fetching import fetched
from .judging import Outcome, generated, lacking, package_name, typed_badly


def main() -> None:
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__)
    parser.add_argument("names", nargs="*", help="only documents with one of these in their name")
    parser.add_argument("--mypy", action="store_true", help="check the packages' types too")
    parser.add_argument("--lenient", action="store_true", help="as `lenient = true` has it")
    options = parser.parse_args()
    chosen = [
        each
        for each in entries()
        if not options.names or any(name in each.name for name in options.names)
    ]
    with tempfile.TemporaryDirectory() as folder:
        made = list(_rows(chosen, Path(folder), options.lenient))
        if options.mypy and made:
            print(*typed_badly(made, Path(folder, ".mypy_cache")), sep="\n")


def _rows(chosen: list[Entry], root: Path, lenient: bool) -> Iterator[Path]:
    """Print a row for each; the packages that were generated."""
    for entry in chosen:
        document, package = fetched(entry), root / package_name(entry.name)
        outcome = generated(document, package, lenient=lenient)
        row = f"{entry.name:40} {outcome.seconds:6.1f} s  "
        print(row + _said(outcome, document, package), flush=True)
        if not outcome.error:
            yield package


def _said(outcome: Outcome, document: Path, package: Path) -> str:
    if outcome.error:
        return f"refused: {outcome.error.splitlines()[0]}"
    missing = list(lacking(document, package))
    return f"{len(missing)} lacking: {missing[0]}" if missing else "complete"


if __name__ == "__main__":
    main()
