"""How an outbox stands, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic, time

from ..delivery.stalls import Stall, read, seconds
from ..store.storage import Stored
from .states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """How an outbox stands.

    Attributes:
        pending: events that wait, those under way included; of all processes that share the file.
        delivered: how many the server has, since the file was made.
        dead: dead letters that are kept.
        in_flight: being sent now, by this process.
        retried: attempts of this process that were in vain.
        failure: what the last of them came to, such as `HTTP 503`; empty: there was none.
        oldest: seconds for which the oldest pending event has waited; 0: none waits.
        paused: why nothing is sent until somebody mends something; empty: it is.
        stalled: what keeps everything back for the moment, as while the server is down; None:
            nothing does, as far as this process knows, or the one that delivers has written.
        shut_out: whether it is stalled as nothing is left to be tried but what the server, as with
            a 403, let in nowhere while it took others; known to the process that delivers.
        delivers: whether this process is the one that sends from the file.
    """

    pending: int
    delivered: int
    dead: int
    in_flight: int
    retried: int
    failure: str
    oldest: float
    paused: str
    stalled: Stall | None
    shut_out: bool
    delivers: bool


def stats_of(state: State) -> Stats:
    """How it stands now."""
    counts = state.store.counts()
    stalled = stall_of(state)
    oldest = 0.0 if counts.oldest is None else max(0.0, time() - counts.oldest)
    return Stats(
        pending=counts.pending,
        delivered=counts.delivered,
        dead=counts.dead,
        in_flight=state.desk.in_flight,
        retried=state.desk.retried,
        failure=state.desk.failure,
        oldest=oldest,
        paused=state.store.paused(),
        stalled=stalled,
        shut_out=stalled is not None and state.desk.shut_out,
        delivers=state.desk.leads(monotonic()),
    )


def stall_of(state: State) -> Stall | None:
    """What keeps everything back, as this process knows, or the one that delivers has written."""
    now = monotonic()
    if state.desk.leads(now):
        return state.desk.pacing.stall(now)
    return read(state.store.stalled())


def why_nothing_is_sent(state: State) -> str:
    """That a pause or a stall keeps everything back, in a line; empty: nothing does."""
    return state.store.paused() or str(stall_of(state) or "")


def why_it_waits(state: State, id: int) -> str:
    """The same of one event; where all others get through, what came of it so far."""
    why = why_nothing_is_sent(state)
    with state.lock:
        now = monotonic()
        first = state.desk.holding_up(id) if state.desk.leads(now) else None
        if why or first is None:
            return why
        what = _tried(first, now)
    if first.id == id or not what:
        return what
    return f"event {first.id} of its key goes first: {what}"


def _tried(stored: Stored, now: float) -> str:
    """What came of an event in this process; empty: nothing that is worth a word."""
    if not stored.attempts:
        return "it is being sent" if stored.under_way else ""
    times = "once" if stored.attempts == 1 else f"{stored.attempts} times"
    again = f", again in {seconds(stored.due - now)}" if stored.due > now else ""
    return f"tried {times}, last: {stored.failure}{again}"
