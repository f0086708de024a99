"""Several parcels in one request, where the document has an operation for that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from ..delivery.couriers import Courier
from ..delivery.parcels import Parcel
from ..delivery.routes import Batch
from ..delivery.verdicts import Meaning, Verdict
from ..store.storage import Stored

Judged: TypeAlias = list[tuple[Stored, Verdict]]
"""What came of some parcels."""
Land: TypeAlias = Callable[[Judged], Awaitable[None]]
"""What is done with it, at once."""
_MOST_BYTES = 400_000


class Batches:
    """Sends parcels, several in a request where they can be, and finds out which is refused.

    Args:
        courier: makes the calls.
        batch: the operation that takes many; None: each parcel is a request.
        most: how many there may be in one.
    """

    def __init__(self, courier: Courier, batch: Batch | None, most: int) -> None:
        self._courier = courier
        self._batch = batch
        limits = [most] if batch is None or batch.most is None else [most, batch.most]
        self.most = 1 if batch is None else max(1, min(limits))

    def fits(self, taken: list[Stored], other: Stored) -> bool:
        """Whether another parcel may travel with those that were taken."""
        first = taken[0]
        same = (
            self._alone(first) is self._alone(other) is False
            and first.parcel.operation == other.parcel.operation
            and first.parcel.headers == other.parcel.headers
        )
        size = sum(len(stored.parcel.body) for stored in taken)
        return same and size + len(other.parcel.body) <= _MOST_BYTES

    def _alone(self, stored: Stored) -> bool:
        # What has failed before may be what others fail for.
        parcel = stored.parcel
        carried = self._batch is not None and parcel.operation in self._batch.carries
        plain = not parcel.target and not parcel.content_type
        return not carried or not plain or stored.seen >= 0

    async def carry(self, taken: list[Stored], land: Land) -> None:
        """Send them, and `land` what came of them, some by some; what is refused is split.

        What has landed is taken out of `taken`: of what is left there nothing is known where this
        comes to an end that nobody foresaw, or is cancelled.
        """
        waiting = [[*taken]]
        while waiting:
            group = waiting.pop()
            verdict = await self._courier.attempt(
                self._parcel(group), self._batch_of(group)
            )
            for judged in _judged(group, verdict, waiting):
                landing = land(judged)
                _take_out(taken, judged)
                await landing

    def _batch_of(self, group: list[Stored]) -> Batch | None:
        return self._batch if len(group) > 1 else None

    def _parcel(self, group: list[Stored]) -> Parcel:
        parcel = group[0].parcel
        if len(group) == 1 or self._batch is None:
            return parcel
        return Parcel(
            operation=self._batch.endpoint.name,
            body=self._batch.body(stored.parcel.body for stored in group),
            headers=parcel.headers,
        )


def _take_out(taken: list[Stored], judged: Judged) -> None:
    if len(judged) == len(taken):
        taken.clear()
    else:
        gone = {stored.id for stored, _ in judged}
        taken[:] = [stored for stored in taken if stored.id not in gone]


def _judged(
    group: list[Stored], verdict: Verdict, waiting: list[list[Stored]]
) -> list[Judged]:
    """What is known of those in a request; halves of it are left waiting where that is nothing."""
    if verdict.meaning is Meaning.REJECTED and len(group) > 1:
        if verdict.retry_after:  # not now: each goes by itself, after that
            verdict = replace(verdict, meaning=Meaning.RETRY)
        else:
            half = len(group) // 2
            waiting += [group[half:], group[:half]]
            return []
    judged = [[(stored, verdict) for stored in group]]
    if verdict.meaning in (Meaning.RETRY, Meaning.PAUSE) and waiting:
        # The server is to be left in peace now.
        rest = (stored for others in reversed(waiting) for stored in others)
        judged.append([(stored, verdict) for stored in rest])
        waiting.clear()
    return judged
