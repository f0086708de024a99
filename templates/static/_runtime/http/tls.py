"""TLS, and `ssl` itself, which takes long to import and is not needed for building events.

`typing.get_type_hints` and `inspect.signature(…, eval_str=True)` find it here; type checkers read
the real import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
else:

    class _Lazy:
        """Stands for a module, which is imported when it is looked into."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            return getattr(__import__(self._name), name)

    ssl = _Lazy("ssl")

__all__ = ["default_context", "ssl"]


def default_context() -> ssl.SSLContext:
    """Certificates checked against the system's trust store; HTTP/1.1 and nothing else."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
