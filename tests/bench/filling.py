"""An outbox in which many events wait: `python -m bench.filling FILE NUMBER`."""

from __future__ import annotations

import sys
from pathlib import Path

from customerio_events import Client, UserSuppressed
from customerio_events.outbox import Outbox

MILLION = 1_000_000
_CHUNK = 2000


def filled(path: Path, events: int) -> Path:
    """The file, in which so many events wait."""
    with Outbox(path, client=Client(api_key="none"), concurrency=0) as box:
        waiting = UserSuppressed(user_id="01HZX3J5Q8")
        for _ in range(events // _CHUNK):
            box.put_many([waiting] * _CHUNK)
    return path


if __name__ == "__main__":
    filled(Path(sys.argv[1]), int(sys.argv[2]))
