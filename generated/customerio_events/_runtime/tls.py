"""The TLS settings of a client that was given none."""

from __future__ import annotations

import ssl


def default_context() -> ssl.SSLContext:
    """Certificates checked against the system's trust store; HTTP/1.1 and nothing else."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
