"""Why there is no connection: the errors that the sync and the async side share."""

from __future__ import annotations

from .errors import ConnectionFailed, MalformedAnswer, TimedOut, TransportError


def not_connected(host: str, port: int, error: Exception | None) -> TransportError:
    """The error for a server or proxy that could not be reached."""
    if isinstance(error, TimeoutError):
        return TimedOut(f"connecting to {host}:{port} takes too long")
    reason = describe(error) if error is not None else "it has no address"
    return ConnectionFailed(f"cannot connect to {host}:{port}: {reason}")


def no_executor(host: str, error: RuntimeError) -> ConnectionFailed:
    """The error for work that no thread takes on any more: the program is about to end."""
    reason = f"cannot connect to {host}: the program is ending ({error})"
    return ConnectionFailed(reason, permanent=True)


def cut_short(error: Exception) -> ConnectionFailed:
    """The error for a call at the very end of a program, when Python is half gone already."""
    reason = f"the program is ending ({type(error).__name__}: {error})"
    return ConnectionFailed(reason, maybe_sent=True, permanent=True)


def tunnel_failed(error: TransportError) -> TransportError:
    """The same failure, of the proxy: the request itself was not sent."""
    reason = f"the proxy opens no tunnel: {error}"
    if isinstance(error, TimedOut):
        return TimedOut(reason)
    return ConnectionFailed(reason, permanent=isinstance(error, MalformedAnswer))


def check_tunnel(status: int, clean: bool) -> None:
    """Raise ConnectionFailed unless the proxy's answer to CONNECT is a clean yes."""
    if not 200 <= status < 300:
        permanent = 400 <= status < 500 and status not in (408, 429)
        raise ConnectionFailed(
            f"the proxy opens no tunnel: {status}", permanent=permanent
        )
    if not clean:
        raise ConnectionFailed("the proxy sent something of its own into the tunnel")


def tls_failed(host: str, error: Exception) -> ConnectionFailed:
    """A handshake that failed; for good, unless the connection merely broke."""
    import ssl

    broke = isinstance(error, (ConnectionError, ssl.SSLEOFError))
    return ConnectionFailed(
        f"no TLS with {host}: {describe(error)}", permanent=not broke
    )


def describe(error: BaseException) -> str:
    """What the system said, without its numbers: those differ by platform."""
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error) or type(error).__name__
