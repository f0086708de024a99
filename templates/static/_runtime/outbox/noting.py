"""How an outbox stands, written into its file by the process that delivers, for others to read."""

from __future__ import annotations

from time import monotonic
from typing import Final

from ..delivery.reports import Reports
from ..delivery.stalls import written
from ..store.errors import Busy, OutboxError
from .states import State

_NOTE: Final = "note"


def note_down(state: State, reports: Reports) -> None:
    """Write down what keeps everything back, or that nothing does.

    What cannot be written now, as on a disk that is full, is told once, and `state.noted` says that
    it is to be tried again.
    """
    now = monotonic()
    if not state.desk.leads(now):  # another has said since how it stands
        return
    pacing, known = state.desk.pacing, state.noted
    trouble, stall = pacing.trouble, pacing.stall(now)
    reason = trouble.reason if trouble else ""
    state.noted = None
    try:
        if reason != known:
            state.store.pause(reason, wait=0.0)
        state.store.stall(written(stall))
        state.noted = reason
        state.complaints.pop(_NOTE, None)
    except Busy:  # it is a word in passing: others do not wait for it
        pass
    except OutboxError as error:
        if state.complaints.get(_NOTE) != str(error):
            reports.logger.error("it cannot be noted how the outbox stands: %s", error)
        state.complaints[_NOTE] = str(error)
