"""Ask, follow redirects, and see that what came can be what was asked for."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, urljoin, urlsplit

from ..diagnostics.diagnostic import escape
from ..diagnostics.publicurls import public
from ..quick.fingerprint import sha256
from .exchange import Answer, ask, port_of
from .rules import Deadline, FetchError, Refused, Rules

_REDIRECTS = (301, 302, 303, 307, 308)
_HOPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """`body` is None when the server says that nothing changed. `etag`: "" when it sent none."""

    url: str
    body: bytes | None
    etag: str


def fetch(url: str, rules: Rules, *, etag: str = "") -> Fetched:
    """The document at `url`, unless it is still what `etag` stands for.

    Redirects are followed to https only, at most five. Raises FetchError.
    """
    deadline = Deadline(rules.timeout)
    try:
        answer = _follow(url, etag, rules, deadline)
        if answer.status == 304 and etag:
            return Fetched(url=url, body=None, etag=etag)
        _inspect(answer, rules)
    except (Refused, OSError, HTTPException, ValueError) as error:
        raise _explained(url, error, rules) from error
    return Fetched(url=url, body=answer.body, etag=answer.headers.get("etag", ""))


def _follow(url: str, etag: str, rules: Rules, deadline: Deadline) -> Answer:
    parts = _accepted(url)
    for _ in range(_HOPS + 1):
        answer = ask(parts, etag, rules, deadline)
        if answer.status not in _REDIRECTS:
            return answer
        place = answer.headers.get("location", "")
        if not place:
            raise Refused(f"it answered {answer.status} without saying where to go")
        parts = _accepted(urljoin(parts.geturl(), place))
        if parts.scheme != "https":
            raise Refused(f"it redirects to {_shown(parts.geturl())}, which is not https")
    raise Refused(f"it redirects more than {_HOPS} times")


def _accepted(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"{_shown(url)} is not an https URL")
    if "@" in parts.netloc or not url.isprintable():
        raise Refused("a URL with credentials or control characters is not followed")
    port_of(parts)
    return parts._replace(fragment="")


def _inspect(answer: Answer, rules: Rules) -> None:
    """Raise Refused where the answer is no document, or not the pinned one."""
    if answer.status != 200:
        raise Refused(f"the server answered {answer.status} {escape(answer.reason)}".rstrip())
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = answer.body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if kind in ("text/html", "application/xhtml+xml") or start.startswith(b"<"):
        raise Refused("the server answered a web page, not a document", "open the URL in a browser")
    if not start:
        raise Refused("the server answered an empty document")
    check_pin(answer.body, rules)


def check_pin(body: bytes, rules: Rules) -> None:
    """Raise Refused where `body` is not what is pinned."""
    found = sha256(body)
    if rules.sha256 and rules.sha256.lower() != found:
        help = "look at what changed; if it is right, pin the new hash"
        raise Refused(f"its sha256 is {found}, not {rules.sha256.lower()} as pinned", help)


def _shown(url: str) -> str:
    return escape(public(url))


def _explained(url: str, error: Exception, rules: Rules) -> FetchError:
    shown = _shown(url)
    match error:
        case Refused():
            return FetchError(shown, error.reason, help=error.help)
        case TimeoutError():
            return FetchError(shown, f"no complete answer within {rules.timeout:g} s")
        case ssl.SSLCertVerificationError():
            reason = f"its TLS certificate is not valid: {error.verify_message}"
            return FetchError(shown, reason, help="a private authority: SSL_CERT_FILE=its.pem")
        case OSError():
            return FetchError(shown, error.strerror or str(error) or type(error).__name__)
        case HTTPException():
            return FetchError(shown, "the answer is not whole, or not HTTP")
    # What Python says of it may show a part of a password.
    return FetchError(shown, "the URL makes no sense: its host or port is malformed")
