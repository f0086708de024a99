"""Notes that the configuration says are meant as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic
from ..diagnostics.remarks import Remark
from ..text.pointers import nearest_pointer

if TYPE_CHECKING:
    from ..config.config import ClientConfig


def unsilenced(client: ClientConfig, remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Those that `[client.silence]` does not name by code and pointer."""
    return tuple(each for each in remarks if each.at not in client.silence.get(each.code, ()))


def silencing_nothing(client: ClientConfig, remarks: Sequence[Remark]) -> Iterator[Diagnostic]:
    """Entries of `[client.silence]` that no note answers to: they would hide the next one there."""
    there = {(each.code, each.at) for each in remarks}
    for code, pointers in client.silence.items():
        places = [at for known, at in there if known == code]
        for index, pointer in enumerate(pointers):
            if (code, pointer) not in there:
                near = nearest_pointer(pointer, places)
                message = f"there is no note {code} at {pointer or 'the document as a whole'}"
                help = f"did you mean {near}?" if near else "remove the entry"
                yield client.diagnostic("E319", message, "silence", code, str(index), help=help)
