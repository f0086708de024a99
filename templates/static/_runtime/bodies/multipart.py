"""Bodies of several parts, with files: `multipart/form-data` (RFC 7578)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from ..calls.requests import Payload
from ..http.headers import Headers
from ..http.streamed import Streamed
from ..http.uploads import Readable, Source, Upload, source_of
from ..kinds.base import AnyValue
from ..values.frozen import EMPTY
from ..values.problems import Problem, shown
from .fields import Field, texts
from .forms import Form, Pairs

_BINARY = "application/octet-stream"
_BYTES = (bytes, bytearray, memoryview)
_WANTED = "bytes, a binary file, a pathlib.Path or an UploadFile"
_Part = tuple[Headers, "bytes | Source"]


class _Files(list[_Part]):
    """The parts that a field of files is."""


class UploadFile:
    """A file of a form, with what the server is told of it.

    Args:
        content: bytes, text (sent as UTF-8), an open binary file, a path, or an iterable of bytes.
            What is no bytes or text is read while it is sent.
        name: of the file; by default that of `content`, or else the name of the field.
        content_type: its media type; by default what the document says, or else what the name
            suggests.
        headers: of its part, beside these.

    Raises:
        ValueError: a header that HTTP does not allow.
    """

    def __init__(
        self,
        content: bytes
        | str
        | Readable
        | os.PathLike[str]
        | Iterable[bytes]
        | AsyncIterable[bytes],
        *,
        name: str | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] = EMPTY,
    ) -> None:
        self.content = content
        self.name = name
        self.content_type = content_type
        self.headers = Headers(headers)
        given = {} if content_type is None else {"Content-Type": content_type}
        Headers({**given, **headers}).encoded()

    def __repr__(self) -> str:
        return f"<UploadFile {self.name or ''}>"


FileLike: TypeAlias = bytes | Readable | os.PathLike[str] | UploadFile
"""What a file may be: see `UploadFile`."""


class Multipart(Form):
    """What the document says of a form of several parts: see `Form`."""

    media_type = "multipart/form-data"

    def _undeclared(self, name: str) -> Field:
        return Field(name, self._extra, file=isinstance(self._extra, AnyValue))

    def _checked(self, field: Field, value: Any, problems: list[Problem]) -> Any:
        if field.file:
            several = field.many and isinstance(value, (list, tuple))
            files: list[Any] = [*value] if several else [value]
            if all(map(_is_file, files)) and several == field.many:
                return _Files(_file(field, file) for file in files)
        if field.kind is not None:
            return super()._checked(field, value, problems)
        wanted = f"a list, each {_WANTED}" if field.many else _WANTED
        got = "nothing (it is required)" if value is None else shown(value)
        problems.append(Problem((field.name,), wanted, got))
        return None

    def _payload(self, kept: Pairs, problems: list[Problem]) -> Payload:
        parts: list[_Part] = []
        for field, value in kept:
            try:
                parts += value if isinstance(value, _Files) else _parts(field, value)
            except (TypeError, ValueError) as error:  # a lone surrogate, say
                path = (field.name,)
                problems.append(Problem(path, "a value with a text", str(error)))
        return _Payload(self.media_type, parts)


class _Payload(Payload):
    def __init__(self, media_type: str, parts: list[_Part]) -> None:
        super().__init__(media_type)
        self._parts = parts

    def settled(self, boundary: str = "") -> tuple[str, bytes | Streamed]:
        boundary = boundary or os.urandom(16).hex()
        mark = boundary.encode("ascii")
        pieces: list[bytes | Source] = []
        for headers, content in self._parts:
            pieces.append(b"--%b\r\n%b\r\n" % (mark, _head(headers)))
            pieces += [content, b"\r\n"]
        pieces.append(b"--%b--\r\n" % mark)
        known = [piece for piece in pieces if isinstance(piece, bytes)]
        whole = len(known) == len(pieces)
        return (
            f"{self._media_type}; boundary={boundary}",
            b"".join(known) if whole else Upload(*pieces),
        )


def _head(headers: Headers) -> bytes:
    """As `Headers.encoded`, in UTF-8: browsers write names of files so."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.pairs).encode()


def _is_file(value: object) -> bool:
    return isinstance(value, (*_BYTES, Readable, os.PathLike, UploadFile))


def _parts(field: Field, value: Any) -> Iterator[_Part]:
    media_type = field.media_type or ("" if field.style else _implied(value))
    for name, text in texts(field, value, str):
        headers = {"Content-Disposition": _disposition(name)}
        if media_type:
            headers["Content-Type"] = media_type.partition(",")[0].strip()
        yield Headers(headers), text.encode()


def _implied(value: Any) -> str:
    """The media type of what is not written as plain text; "" for what is."""
    items: list[Any] = [*value] if isinstance(value, list) else [value]
    structured = any(isinstance(each, (dict, list)) for each in items)
    return "application/json" if structured else ""


def _file(field: Field, given: Any) -> _Part:
    file = given if isinstance(given, UploadFile) else UploadFile(given)
    name = file.name or _name(file.content) or field.name
    media_type = file.content_type or _media_type(field.media_type, name)
    headers = {
        "Content-Disposition": _disposition(field.name, name),
        "Content-Type": media_type,
    }
    content: Any = file.content
    if isinstance(content, str):
        content = content.encode()
    elif isinstance(content, _BYTES):
        content = bytes(cast("bytes", content))
    else:
        content = source_of(content)
    return Headers([*headers.items(), *file.headers.pairs]), content


def _name(content: object) -> str:
    """What a file is called, as far as it tells."""
    if isinstance(content, os.PathLike):
        return os.path.basename(os.fsdecode(cast("os.PathLike[str]", content)))
    found: object = getattr(content, "name", "")
    return os.path.basename(found) if isinstance(found, str) else ""


def _disposition(name: str, filename: str = "") -> str:
    said = f'form-data; name="{_escaped(name)}"'
    return f'{said}; filename="{_escaped(filename)}"' if filename else said


def _escaped(text: str) -> str:
    """As browsers do (HTML, multipart/form-data encoding algorithm)."""
    for character in '\r\n"':
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _media_type(declared: str, name: str) -> str:
    """What the name suggests, if the document has it; else the first that the document has."""
    allowed = [each.strip().lower() for each in declared.split(",") if each.strip()]
    if len(allowed) == 1 and "*" not in allowed[0]:
        return allowed[0]
    from mimetypes import MimeTypes  # slow to import

    guessed = MimeTypes().guess_type(name)[0] or ""
    if not allowed or (guessed and any(_covers(each, guessed) for each in allowed)):
        return guessed or _BINARY
    return next((each for each in allowed if "*" not in each), _BINARY)


def _covers(allowed: str, media_type: str) -> bool:
    every = f"{media_type.partition('/')[0]}/*"
    return allowed in ("*/*", every, media_type)
