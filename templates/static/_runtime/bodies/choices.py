"""Bodies of operations that take several media types, or one of a whole range of them."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any

from ..builders.base import Builder
from ..calls.requests import Filling, Payload
from ..http.streamed import Streamed
from ..http.uploads import Readable
from ..kinds.base import Kind
from ..values.problems import Problem
from .forms import Form
from .json_bodies import json_body
from .line_bodies import lines_body
from .raw_bodies import raw_body
from .text_bodies import text_body

_BYTES = (bytes, bytearray, memoryview)


class Offer(ABC):
    """A media type that an operation takes; `media_type`: it, or a range like `image/*`."""

    media_type = ""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type

    @abstractmethod
    def fits(self, value: object) -> bool:
        """Whether it may be meant, by the type of the argument."""

    def certain(self, value: object) -> bool:
        """Whether the value is what the document has for it, as far as that is known."""
        return True

    @abstractmethod
    def made(self, value: Any, fill: Filling | None) -> bytes | Streamed | Payload:
        """The body; raises what its kind of body raises."""


class Raw(Offer):
    """Bytes."""

    def fits(self, value: object) -> bool:
        if isinstance(value, (*_BYTES, Readable, os.PathLike, AsyncIterable)):
            return True
        return isinstance(value, Iterable) and not isinstance(
            value, (str, Mapping, list, tuple)
        )

    def made(self, value: Any, fill: Filling | None) -> bytes | Streamed:
        return raw_body(value)


class Text(Offer):
    """Text, in a charset."""

    def __init__(self, media_type: str, charset: str = "utf-8") -> None:
        super().__init__(media_type)
        self._charset = charset

    def fits(self, value: object) -> bool:
        return isinstance(value, str)

    def made(self, value: Any, fill: Filling | None) -> bytes:
        return text_body(value, self._charset)


class Json(Offer):
    """Any JSON value of a kind."""

    def __init__(self, media_type: str, kind: Kind) -> None:
        super().__init__(media_type)
        self._kind = kind

    def fits(self, value: object) -> bool:
        plain = (str, int, float, Mapping, list, tuple, Builder)
        return value is None or isinstance(value, plain)

    def certain(self, value: object) -> bool:
        problems: list[Problem] = []
        self._kind.check(value, (), problems, False)
        return not problems

    def made(self, value: Any, fill: Filling | None) -> bytes:
        return json_body(value, self._kind, fill)


class Lines(Offer):
    """JSON values, one after the other."""

    def __init__(self, media_type: str, kind: Kind, lead: bytes = b"") -> None:
        super().__init__(media_type)
        self._kind = kind
        self._lead = lead

    def fits(self, value: object) -> bool:
        if isinstance(value, (str, Mapping, Readable, *_BYTES)):
            return False
        return isinstance(value, (Iterable, AsyncIterable))

    def made(self, value: Any, fill: Filling | None) -> bytes | Streamed:
        return lines_body(value, self._kind, self._lead, fill)


class Members(Offer):
    """A mapping, or a builder, as a form."""

    def __init__(self, form: Form) -> None:
        super().__init__(form.media_type)
        self._form = form

    def fits(self, value: object) -> bool:
        return isinstance(value, (Mapping, Builder))

    def made(self, value: Any, fill: Filling | None) -> Payload:
        return self._form.of_mapping(value)


class Choice:
    """What the document has for a body: several media types, the preferred one first."""

    def __init__(self, *offers: Offer) -> None:
        self._offers = offers

    def of(
        self,
        value: object,
        media_type: str | None = None,
        fill: Filling | None = None,
    ) -> Payload:
        """The body, of a media type that is given or else told by the type of the value.

        Raises:
            TypeError: nothing of what the operation takes.
            ValueError: a media type that it does not take, or one that has to be given.
        """
        offer = self._told(value) if media_type is None else self._given(media_type)
        chosen = media_type or offer.media_type
        if "*" in chosen:
            raise ValueError(f"content_type is needed: which of {chosen} it is")
        made = offer.made(value, fill)
        if isinstance(made, Payload):
            return made
        return Payload(chosen, made)

    def _told(self, value: object) -> Offer:
        fitting = [offer for offer in self._offers if offer.fits(value)]
        if not fitting:
            came = type(value).__name__
            raise TypeError(f"a {came} is nothing of {self._listed()}")
        return next((each for each in fitting if each.certain(value)), fitting[0])

    def _given(self, media_type: str) -> Offer:
        bare = media_type.partition(";")[0].strip().lower()
        for offer in self._offers:
            if _covers(offer.media_type.partition(";")[0].strip().lower(), bare):
                return offer
        raise ValueError(f"{media_type!r} is none of {self._listed()}")

    def _listed(self) -> str:
        return ", ".join(offer.media_type for offer in self._offers)


def _covers(offered: str, media_type: str) -> bool:
    every = f"{media_type.partition('/')[0]}/*"
    return offered in (media_type, every, "*/*")
