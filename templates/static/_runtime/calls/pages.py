"""Lists that a server answers page by page, as one.

The configuration says what leads from page to page: a cursor in the body, a URL there or in the
header Link (RFC 8288), or a parameter that counts. Every page is asked of the operation itself: of
a URL no more than the query is used, so that no answer sends a credential anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ..http.servers import quoted
from ..values import UNSET
from ..values.problems import Problem, ValidationError
from .responses import Answer

T_co = TypeVar("T_co", covariant=True)
I_co = TypeVar("I_co", covariant=True)

_LINK = re.compile(r"<([^>]*)>((?:[^,\"<]|\"[^\"]*\")*)")
_NEXT = re.compile(
    r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next\b)", re.IGNORECASE
)
_QUERY = re.compile(r"[!$-;=?-Z_a-z~\[\]|%]*")


@dataclass(frozen=True, kw_only=True)
class Paging:
    """What the document's configuration says of an operation that lists things.

    Attributes:
        items: the attributes that lead to the list; empty: the data itself.
        next: those that lead to a cursor or a URL; None: `link` or `counts` leads on.
        link: the header Link leads on.
        parameter: of the query, what takes the cursor or counts.
        counts: "items" or "pages".
    """

    items: tuple[str, ...] = ()
    next: tuple[str, ...] | None = None
    link: bool = False
    parameter: str = ""
    counts: str = ""

    def following(self, answer: Answer[Any], target: str) -> str:
        """The target of the next page; "" after the last one.

        Raises:
            ValidationError: what should lead on does not.
        """
        if self.counts:
            return self._counted(answer, target)
        found = _linked(answer) if self.link else _at(answer.data, self.next or ())
        if found is None or found == "" or found is False:
            return ""
        path, _, query = target.partition("?")
        if self.parameter:
            return f"{path}?{_replaced(query, self.parameter, str(found))}"
        query = str(found).partition("#")[0].partition("?")[2]
        if not query or not _QUERY.fullmatch(query):
            _refuse("a URL with a query", found)
        return f"{path}?{query}"

    def _counted(self, answer: Answer[Any], target: str) -> str:
        count = len(self.listed(answer))
        path, _, query = target.partition("?")
        first = "0" if self.counts == "items" else "1"
        asked = dict(part.partition("=")[::2] for part in query.split("&"))
        given = asked.get(quoted(self.parameter), first)
        if not (given.isascii() and given.isdigit()):
            _refuse(f"a number as {self.parameter}", given)
        step = count if self.counts == "items" else 1
        return (
            f"{path}?{_replaced(query, self.parameter, str(int(given) + step))}"
            if count
            else ""
        )

    def listed(self, answer: Answer[Any]) -> Sequence[Any]:
        """What a page lists. Raises ValidationError for an answer that does not fit."""
        found = _at(answer.data, self.items)
        return found if isinstance(found, Sequence) else ()


@dataclass(frozen=True, repr=False)
class _Listed(Answer[T_co], Generic[T_co, I_co]):
    paging: Paging = field(default_factory=Paging, compare=False)
    target: str = field(default="", compare=False)
    call: Any = field(default=None, compare=False)

    def _next(self, seen: set[str]) -> str:
        following = self.paging.following(self, self.target)
        if following in seen:
            _refuse("another page", following.partition("?")[2])
        seen.add(following)
        return following


class Pages(_Listed[T_co, I_co]):
    """An answer that is the first of several pages; the others are asked for when needed."""

    @classmethod
    def first(
        cls, call: Callable[[str], Answer[Any]], target: str, paging: Paging
    ) -> Pages[Any, Any]:
        """The page that a call brings; `call`: asks for a target, path and query."""
        first: Pages[Any, Any] = _page(cls, call(target), paging, target, call)
        return first

    def pages(self) -> Iterator[Pages[T_co, I_co]]:
        """This page, and those that follow.

        Raises:
            ClientError: a page could not be had.
            ValidationError: a page is not what the document says, or leads to one that was there.
        """
        page, seen = self, {self.target}
        while True:
            yield page
            following = page._next(seen)
            if not following:
                return
            page = _page(
                type(self), self.call(following), self.paging, following, self.call
            )

    def items(self) -> Iterator[I_co]:
        """What this page lists, and those that follow; see `pages`."""
        for page in self.pages():
            yield from self.paging.listed(page)


class AsyncPages(_Listed[T_co, I_co]):
    """An answer that is the first of several pages; see `Pages`."""

    @classmethod
    async def first(
        cls, call: Callable[[str], Awaitable[Answer[Any]]], target: str, paging: Paging
    ) -> AsyncPages[Any, Any]:
        """As `Pages.first`."""
        answer = await call(target)
        first: AsyncPages[Any, Any] = _page(cls, answer, paging, target, call)
        return first

    async def pages(self) -> AsyncIterator[AsyncPages[T_co, I_co]]:
        """As `Pages.pages`."""
        page, seen = self, {self.target}
        while True:
            yield page
            following = page._next(seen)
            if not following:
                return
            answer = await self.call(following)
            page = _page(type(self), answer, self.paging, following, self.call)

    async def items(self) -> AsyncIterator[I_co]:
        """As `Pages.items`."""
        async for page in self.pages():
            for item in self.paging.listed(page):
                yield item


def _page(
    kind: Any, answer: Answer[Any], paging: Paging, target: str, call: Any
) -> Any:
    given = (
        answer.status,
        answer.headers,
        answer.body,
        answer.problem,
        answer.incomplete,
    )
    made = kind(*given, answer._read, paging=paging, target=target, call=call)
    made.__dict__["json"] = answer.json  # parsed already
    return made


def _at(data: Any, names: Sequence[str]) -> Any:
    for name in names:
        data = (
            data.get(name) if isinstance(data, Mapping) else getattr(data, name, None)
        )
    return None if data is UNSET else data


def _linked(answer: Answer[Any]) -> str | None:
    found = _LINK.findall(answer.headers.get("link", ""))
    return next((url for url, parameters in found if _NEXT.search(parameters)), None)


def _replaced(query: str, name: str, value: str) -> str:
    """A query in which a parameter has another value."""
    name = quoted(name)
    rest = [
        part for part in query.split("&") if part and part.partition("=")[0] != name
    ]
    return "&".join([*rest, f"{name}={quoted(value)}"])


def _refuse(expected: str, got: Any) -> None:
    raise ValidationError("page", [Problem((), expected, repr(got)[:200])])
