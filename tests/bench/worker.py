"""What the measuring processes share: their arguments, and how they hand in their figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from .paired import Work, measure


def report(candidates: Mapping[str, Work]) -> None:
    """Measure as the command line says; the samples as JSON on standard output."""
    options = arguments()
    json.dump(measure(candidates, rounds=options.rounds, turn=options.turn), sys.stdout)


def arguments() -> argparse.Namespace:
    """`rounds`, `turn` (milliseconds), and the `port` of the server for those who send."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--turn", type=float, required=True)
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args()
