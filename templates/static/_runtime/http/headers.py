"""Header fields of requests and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

# Sets, as a pattern would have to be compiled whenever a program starts.
_IN_NAME = frozenset(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
_IN_VALUE = frozenset(map(chr, (9, *range(32, 127), *range(128, 256))))


class Headers(Mapping[str, str]):
    """Header fields; names are matched without regard to case, and nothing changes them.

    `headers[name]` joins a field that came several times with ", "; `get_all` keeps them apart.
    The repr shows names only: a value may hold a credential, also in an answer.

    Attributes:
        pairs: every field as it was given, in order.
        by_name: the values by their names in lower case.
    """

    def __init__(
        self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()
    ) -> None:
        if isinstance(fields, Mapping):
            fields = cast("Mapping[str, str]", fields).items()
        self.pairs = tuple(fields)
        self.by_name = {name.lower(): value for name, value in self.pairs}
        self._encoded: bytes | None = None
        if len(self.by_name) < len(self.pairs):
            for name in self.by_name:
                self.by_name[name] = ", ".join(self.get_all(name))

    def __getitem__(self, name: str) -> str:
        return self.by_name[name.lower()]

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in order; empty when it is absent."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)

    def __hash__(self) -> int:
        return hash(frozenset(self.by_name.items()))

    def __repr__(self) -> str:
        return f"Headers({{{', '.join(f'{name!r}: …' for name, _ in self.pairs)}}})"

    def including(self, others: Headers) -> Headers:
        """These fields and `others`, which replace what has their names."""
        names = others.by_name
        if names.keys().isdisjoint(self.by_name):
            made = Headers(self.pairs + others.pairs)
            made._encoded = self.encoded() + others.encoded()
            return made
        kept = [pair for pair in self.pairs if pair[0].lower() not in names]
        return Headers([*kept, *others.pairs])

    def encoded(self) -> bytes:
        """The fields as they go on the wire, each ended by CR LF. Made once.

        Raises:
            ValueError: a name or value that HTTP does not allow; the value is not shown.
        """
        if self._encoded is None:
            self._encoded = b"".join(_field(name, value) for name, value in self.pairs)
        return self._encoded


def _field(name: str, value: str) -> bytes:
    if not (name and _IN_NAME.issuperset(name)):
        raise ValueError(f"{name!r} is not a header name")
    if value != value.strip(" \t") or not _IN_VALUE.issuperset(value):
        raise ValueError(
            f"the value of the header {name} holds characters that HTTP forbids there"
        )
    return f"{name}: {value}\r\n".encode("latin-1")
