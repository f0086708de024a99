"""What the values of a configuration may be: names, pointers, URLs, and folders to write into."""

from __future__ import annotations

import keyword
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ..diagnostics.codes import CODES
from ..diagnostics.diagnostic import Diagnostic, did_you_mean
from ..diagnostics.publicurls import public
from ..text.jsonvalues import kind
from ..text.pointers import Tokens
from .config import FILLERS, ClientConfig

_MAX_FOLDERS = 64
_MAX_NAME = 200
"""Bytes of a file's or folder's name: file systems take 255, and some of ours have endings."""

_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOTES = [code for code in CODES if code.startswith("N")]


def normal_path(path: str) -> str:
    """`./generated/events/` → `generated/events`."""
    return str(PurePosixPath(path))


def check_values(clients: tuple[ClientConfig, ...], root: Path) -> Iterator[Diagnostic]:
    """What is wrong with the values of a configuration whose types are right."""
    misplaced: list[Diagnostic] = []
    for client in clients:
        misplaced += _output(client, root)
        yield from _paths(client)
        yield from _templates(client, root)
        yield from _source(client)
        yield from _send_to(client)
        yield from _texts(client)
    # Folders that are out of bounds have no say on whose they are.
    yield from misplaced or _overlaps(clients, root)


def _output(client: ClientConfig, root: Path) -> Iterator[Diagnostic]:
    problem = output_problem(client.output, root)
    if problem:
        message = f"the output '{_short(client.output)}' {problem}"
        help = 'such as "src/events_client"'
        yield client.diagnostic("C008", message, "output", help=help)


def output_problem(output: str, root: Path) -> str:
    """Why a folder cannot be written to as a package; "" if it can."""
    path = PurePosixPath(output)
    problem = ""
    if not output.isprintable() or "\\" in output:
        problem = "must be a plain path with forward slashes"
    elif path.is_absolute() or ".." in path.parts or not path.parts or ":" in output:
        problem = "must be a folder below the configuration's, without '..'"
    elif not _is_name(path.name):
        problem = f"cannot be imported: '{path.name}' is not a Python package name"
    elif _is_too_long(path):
        problem = "is too long a path"
    elif not (root / path).resolve().is_relative_to(root.resolve()):
        problem = "leads out of the project through a symbolic link"
    return problem


def _paths(client: ClientConfig) -> Iterator[Diagnostic]:
    places: list[tuple[Tokens, str]] = [(("spec",), client.spec)]
    places += [(("overlays", str(n)), path) for n, path in enumerate(client.overlays)]
    for at, path in places:
        if "://" in path:
            help = "keep a copy in the project, and give the URL as `source`"
            yield client.diagnostic("C007", f"{path} is a URL, not a file", *at, help=help)
        elif not path.strip() or not path.isprintable() or _is_too_long(PurePosixPath(path)):
            yield client.diagnostic("C007", f"'{_short(path)}' is not the path of a file", *at)


def _templates(client: ClientConfig, root: Path) -> Iterator[Diagnostic]:
    if client.templates_dir is None:
        return
    path = PurePosixPath(client.templates_dir)
    problem = ""
    if not client.templates_dir.isprintable() or "\\" in client.templates_dir:
        problem = "must be a plain path with forward slashes"
    elif path.is_absolute() or ".." in path.parts or not path.parts or ":" in client.templates_dir:
        problem = "must be a folder below the configuration's, without '..'"
    elif _is_too_long(path):
        problem = "is too long a path"
    elif not (root / path).resolve().is_relative_to(root.resolve()):
        problem = "leads out of the project through a symbolic link"
    elif path.is_relative_to(PurePosixPath(client.output)):
        problem = "is in the output, which eventwright writes"
    if problem:
        message = f"the folder of templates '{_short(client.templates_dir)}' {problem}"
        yield client.diagnostic("C012", message, "templates_dir", help='such as "templates"')


def _is_too_long(path: PurePosixPath) -> bool:
    named = path.parts
    return len(named) > _MAX_FOLDERS or any(len(os.fsencode(n)) > _MAX_NAME for n in named)


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


def _source(client: ClientConfig) -> Iterator[Diagnostic]:
    if client.source is not None and not _is_url(client.source, query=True):
        message = f"'{public(client.source)}' is not an https or http URL"
        help = "without user name, password, fragment or space" if "://" in client.source else ""
        yield client.diagnostic("C007", message, "source", help=help)
    if client.source_sha256 and not _is_sha256(client.source_sha256):
        message = f"'{client.source_sha256}' is not the SHA-256 of a document"
        help = "64 hexadecimal digits"
        yield client.diagnostic("C007", message, "source_sha256", help=help)


def _send_to(client: ClientConfig) -> Iterator[Diagnostic]:
    if client.send_to is not None and not _is_url(client.send_to):
        message = f"'{public(client.send_to)}' is not the URL of a server"
        help = "it begins with https:// and has no user, query or fragment"
        yield client.diagnostic("C007", message, "send_to", help=help)


def _texts(client: ClientConfig) -> Iterator[Diagnostic]:
    for pointer, name in client.names.items():
        yield from _pointer(client, pointer, "names", pointer)
        yield from _name(client, name, "class", "names", pointer)
    for pointer, name in client.fields.items():
        yield from _pointer(client, pointer, "fields", pointer)
        yield from _name(client, name, "attribute", "fields", pointer)
    for key, operation in client.operations.items():
        if operation.name is not None:
            yield from _name(client, operation.name, "method", "operations", key, "name")
        if operation.errors is not None:
            yield from _pointer(client, operation.errors, "operations", key, "errors")
        if operation.idempotency and not _HEADER.fullmatch(operation.idempotency):
            message = f"'{_short(operation.idempotency)}' is not the name of a header"
            help = 'such as "Idempotency-Key"'
            at = ("operations", key, "idempotency")
            yield client.diagnostic("C007", message, *at, help=help)
    for key, auth in client.auth.items():
        yield from _name(client, auth.username, "argument", "auth", key, "username")
    for key, said in client.fill.items():
        yield from _fill(client, said, "fill", key)
    yield from _servers(client)
    yield from _silence(client)


def _fill(client: ClientConfig, said: Any, *at: str) -> Iterator[Diagnostic]:
    if isinstance(said, Mapping) and len(at) == 2:
        for key, each in said.items():
            yield from _fill(client, each, *at, key)
    elif not isinstance(said, str):
        wanted = "a text, or a table" if len(at) == 2 else "a text"
        message = f"'{at[-1]}' must be {wanted}, not {kind(said)}"
        help = f"one of {', '.join(FILLERS)}"
        yield client.diagnostic("C006", message, *at, help=help)
    elif said not in FILLERS:
        message = f"no key is filled in with '{_short(said)}'{did_you_mean(said, FILLERS)}"
        help = f"one of {', '.join(FILLERS)}"
        yield client.diagnostic("C007", message, *at, help=help)


def _silence(client: ClientConfig) -> Iterator[Diagnostic]:
    for code, pointers in client.silence.items():
        if not code.startswith("N") or code not in CODES:
            message = f"no note has the code '{code}'{did_you_mean(code, _NOTES)}"
            help = "only notes can be silenced: errors stop generation in any case"
            yield client.diagnostic("C007", message, "silence", code, help=help)
        for index, pointer in enumerate(pointers):
            if pointer:  # "" is the document as a whole
                yield from _pointer(client, pointer, "silence", code, str(index))


def _servers(client: ClientConfig) -> Iterator[Diagnostic]:
    names: dict[str, str] = {}
    for name, url in client.servers.items():
        yield from _name(client, name, "attribute", "servers", name)
        if not _is_url(url):
            message = f"'{url}' is not the base URL of a server"
            help = "it begins with https:// and has no user, query or fragment"
            yield client.diagnostic("C007", message, "servers", name, help=help)
        other = names.setdefault(url.rstrip("/"), name)
        if other != name:
            message = f"{url} is called {other} already"
            help = "a server has one name: remove one of the two"
            yield client.diagnostic("C010", message, "servers", name, help=help)


def _pointer(client: ClientConfig, pointer: str, *at: str) -> Iterator[Diagnostic]:
    if not pointer.startswith("/"):
        message = f"'{pointer}' is not a JSON pointer"
        help = 'it begins with a slash, as in "/meta/errors"'
        yield client.diagnostic("C007", message, *at, help=help)


def _name(client: ClientConfig, name: str, what: str, *at: str) -> Iterator[Diagnostic]:
    if not _is_name(name) or name.startswith("_"):
        message = f"'{name}' cannot name a Python {what}"
        help = "letters, digits and underscores, no keyword, no underscore in front"
        yield client.diagnostic("C007", message, *at, help=help)


def _is_name(text: str) -> bool:
    # Python folds compatibility characters in names: such a name would not be what it looks like.
    plain = unicodedata.normalize("NFKC", text) == text
    return plain and text.isidentifier() and not keyword.iskeyword(text)


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")


def _is_url(text: str, query: bool = False) -> bool:
    try:
        parts = urlsplit(text)
        sound = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text and "@" not in parts.netloc and "#" not in text
    bare = query or "?" not in text
    return sound and plain and bare and parts.scheme in ("http", "https") and bool(parts.hostname)


def _overlaps(clients: tuple[ClientConfig, ...], root: Path) -> Iterator[Diagnostic]:
    # Resolved and without case: two spellings may be one folder.
    folders = [
        (client, Path(str((root / client.output).resolve()).casefold())) for client in clients
    ]
    for (_, one), (client, two) in combinations(folders, 2):
        if one == two:
            message = f"another client has the output '{client.output}' already"
        elif one.is_relative_to(two) or two.is_relative_to(one):
            message = f"the output '{client.output}' and another client's are nested"
        else:
            continue
        help = "give each client a folder of its own"
        yield client.diagnostic("C009", message, "output", help=help)
