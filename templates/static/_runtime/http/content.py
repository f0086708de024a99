"""What came with an answer, and how the document has it read."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from json import JSONDecoder
from typing import TYPE_CHECKING, Any, TypeAlias

from ..kinds.base import Kind
from .headers import Headers

# What an error keeps of an answer: looking for credentials in it takes time.
LONG_JSON = 64 * 1024
_loads = JSONDecoder().decode


class Readable:
    """A body, and what the document says of it."""

    headers: Headers
    body: bytes
    incomplete: str = ""
    _read: Read | None = None
    if TYPE_CHECKING:
        data: Any

    @cached_property
    def json(self) -> Any:
        """The parsed JSON; None where none came."""
        try:
            return parsed(self.body) if self.body else None
        except (ValueError, RecursionError):
            return None

    @property
    def text(self) -> str:
        """The body as text, in the charset that the Content-Type names, or else UTF-8.

        What does not fit the charset is replaced.
        """
        charset = "utf-8"
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip(" \t").lower() == "charset":
                charset = value.strip(' \t"')
        try:
            return self.body.decode(charset, "replace")
        except (LookupError, ValueError):  # none that is known, or none at all
            return self.body.decode("utf-8", "replace")

    def _as_documented(self, wire: int) -> Any:
        self._check_whole()
        return self.json if self._read is None else self._read(self, wire)

    def _check_whole(self) -> None:
        if self.incomplete:
            from ..values.problems import Problem, ValidationError

            missing = Problem((), "the whole body", self.incomplete)
            raise ValidationError("answer", [missing])

    def _state(self) -> dict[str, Any]:
        """The attributes, for a copy or a pickle: what reads the body cannot be part of it."""
        from ..values.problems import ValidationError

        with suppress(ValidationError):
            _ = self.data  # read, it is an attribute as any other
        return {**self.__dict__, "_read": None}


Read: TypeAlias = Callable[[Readable, int], Any]
"""Reads a body; the number says how closely to look: see `ANSWER` and `JSON` of the kinds."""


def text(answer: Readable, wire: int) -> str:
    """A body that is text."""
    return answer.text


def octets(answer: Readable, wire: int) -> bytes:
    """A body that is neither JSON nor text."""
    return answer.body


class JsonBody:
    """A body that is JSON of a kind; `make` makes the kind when it is first read."""

    def __init__(self, make: Callable[[], Kind]) -> None:
        self._make = make
        self._kind: Kind | None = None

    def __call__(self, answer: Readable, wire: int) -> Any:
        """Raises ValidationError, which lists what does not fit."""
        from ..values.problems import Problem, ValidationError

        if self._kind is None:
            self._kind = self._make()
        problems: list[Problem] = []
        found = self._value(answer)
        if found is None and answer.body.strip() != b"null":
            kind = answer.headers.get("content-type", "no Content-Type")[:60]
            got = (
                f"{len(answer.body)} bytes ({kind})" if answer.body else "an empty body"
            )
            problems.append(Problem((), "JSON", got))
            raise ValidationError("answer", problems)
        value = self._kind.check(found, (), problems, wire)
        if problems:
            raise ValidationError("answer", problems)
        return value

    def _value(self, answer: Readable) -> Any:
        return answer.json


class TextOrJson(JsonBody):
    """A body that is a text: as JSON where it says that it is JSON, else as itself."""

    def _value(self, answer: Readable) -> Any:
        said = answer.headers.get("content-type", "")
        return answer.json if "json" in said.lower() else answer.text


def parsed(body: bytes) -> Any:
    """The JSON in a body, the garbage collector paused while a long one is read.

    It would look through all objects of the program again and again, as millions are made at once,
    and hold up an event loop for it.
    """
    if len(body) < LONG_JSON and body.isascii() and b"\0" not in body:
        return _loads(body.decode("ascii"))  # spares a look at how it is encoded
    paused = len(body) > LONG_JSON and gc.isenabled()
    if paused:
        gc.disable()
    try:
        return json.loads(body)
    finally:
        if paused:
            gc.enable()
