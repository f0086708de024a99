"""Where a mistake is shown that the configuration or the document may have made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics.diagnostic import Diagnostic
from ...text.pointers import Pointer

if TYPE_CHECKING:
    from ...config.config import ClientConfig
    from ...document.load import Document
    from ...text.pointers import Tokens


class Faults:
    """Makes the diagnostics about a document and what a client's configuration says of it."""

    def __init__(self, document: Document, client: ClientConfig) -> None:
        self._document = document
        self._client = client

    def of(self, code: str, message: str, said: Tokens, at: Pointer, help: str) -> Diagnostic:
        """At `said`, the keys of the configuration, which is about `at` in the document.

        Without keys the configuration says nothing of it, and the fault is the document's.
        """
        if not said:
            return self._document.diagnostic(code, message, at, help=help)
        return self._client.diagnostic(code, message, *said, help=help + self._about(at))

    def _about(self, at: Pointer) -> str:
        nearest = self._document.nearest(at)
        if not nearest:
            return ""
        what = "in the document" if nearest == at else f"the document goes as far as {nearest}"
        return f"\n{what}: {self._document.locate(nearest)}"
