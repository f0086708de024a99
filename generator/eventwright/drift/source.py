"""What OLD and NEW name: a file, a URL, or a file in a revision of git."""

from __future__ import annotations

import ipaddress
import subprocess
from http.client import HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ..diagnostics import escape
from ..errors import CommandError
from ..load import Document, load_bytes, load_document

_TIMEOUT = 30.0
_LARGEST = 64 << 20


def open_document(source: str) -> Document:
    """The document that `source` names. Raises DocumentError, or CommandError (3: not fetched)."""
    if source.startswith("git:"):
        return load_bytes(_from_git(source), source)
    if "://" in source:
        return load_bytes(_fetched(source), source)
    return load_document(Path(source), shown=source)


def _from_git(source: str) -> bytes:
    """`git:REV:path`; the path is relative to the top of the repository, as git has it."""
    revision, colon, path = source.removeprefix("git:").partition(":")
    if not (revision and colon and path):
        raise CommandError(f"{source}: write git:REVISION:path, such as git:HEAD~1:spec/api.yaml")
    if revision.startswith("-"):
        raise CommandError(f"{source}: a revision does not begin with a dash")
    try:
        command = ["git", "cat-file", "blob", f"{revision}:{path}"]
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise CommandError(f"{source}: git is not installed") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CommandError(
            f"{source}: {said[-1] if said else 'git failed'}",
            help=f"git ls-tree -r --name-only {escape(revision)} lists what is there",
        )
    return done.stdout


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but never to an address that would be refused at first."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        _check_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetched(url: str) -> bytes:
    _check_address(url)
    opener = build_opener(_Redirects)
    try:
        with opener.open(Request(url), timeout=_TIMEOUT) as answer:
            data: bytes = answer.read(_LARGEST + 1)
    except HTTPError as error:
        raise CommandError(f"{url}: the server answered {error.code}", exit_code=3) from None
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise CommandError(f"{url}: {reason}", exit_code=3) from None
    if len(data) > _LARGEST:
        raise CommandError(f"{url}: larger than {_LARGEST >> 20} MiB", exit_code=3)
    return data


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        local = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    except ValueError as error:
        raise CommandError(f"{url}: {error}") from None
    if not (secure or local):
        raise CommandError(f"{url}: only https, or http to this machine, is fetched", exit_code=2)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
