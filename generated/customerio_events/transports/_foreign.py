"""Errors of other libraries, told apart by name: the library may not be installed."""

from __future__ import annotations

from .._runtime.errors import ConnectionFailed, TimedOut, TransportError


def class_names(error: BaseException, libraries: frozenset[str]) -> frozenset[str]:
    """The names of the error's classes that one of the libraries defines; empty: not theirs."""
    return frozenset(
        cls.__name__
        for cls in type(error).__mro__
        if cls.__module__.partition(".")[0] in libraries
    )


def timed_out(error: BaseException, *, maybe_sent: bool) -> TransportError:
    """TimedOut, in the library's words."""
    return TimedOut(_words(error), maybe_sent=maybe_sent)


def failed(error: BaseException, *, maybe_sent: bool) -> TransportError:
    """ConnectionFailed, in the library's words; for good if a certificate is not trusted."""
    words = _words(error)
    untrusted = "CERTIFICATE_VERIFY_FAILED" in words
    return ConnectionFailed(words, maybe_sent=maybe_sent, permanent=untrusted)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
