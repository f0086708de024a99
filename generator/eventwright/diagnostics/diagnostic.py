"""What is wrong, where, and what to do: diagnostics, the errors that carry them, and their text.

Documents are hostile: nothing from one reaches a terminal unescaped, whatever made the diagnostic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NoReturn, TypeAlias, TypeVar

Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in a file.

    `path` is the file as shown to the user; `line` and `column` count from 1, columns in Unicode
    code points; `pointer` is a JSON pointer (RFC 6901), "" for the root.
    """

    path: str
    line: int
    column: int
    pointer: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding. `code` is a key of `codes.CODES`; `excerpt` and `help` may be empty."""

    code: str
    severity: Severity
    message: str
    location: Location | None = None
    excerpt: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A finding whose words are worked out when it is shown: thousands may be found, five are.

    `key` tells apart those of one code and place, and orders them.
    """

    code: str
    location: Location
    key: str
    work_out: Callable[[], Diagnostic] = field(compare=False, repr=False)


Found: TypeAlias = Diagnostic | Pending
_AnyFound = TypeVar("_AnyFound", Diagnostic, Found)


class UserError(Exception):
    """A mistake of the user's (exit status 2), told in `found`; never a bug of ours.

    `advice`: what helps against all of it together, "" for nothing.
    """

    def __init__(self, found: Sequence[Found], advice: str = "") -> None:
        super().__init__(tuple(found))
        self.found = tuple(found)
        self.advice = advice

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found, worked out."""
        return tuple(map(worked_out, self.found))

    def __str__(self) -> str:
        return format_diagnostics(self.found)


class DocumentError(UserError):
    """The document, or an overlay of it, cannot be used, or not as the configuration says."""


class TemplateError(UserError):
    """A template of the project's cannot be used."""


class ConfigError(UserError):
    """The configuration cannot be used."""


class Collector:
    """Gathers diagnostics, so that all of them are reported at once."""

    def __init__(self) -> None:
        self._found: dict[Found, None] = {}
        self._advice: dict[str, None] = {}

    def add(self, *found: Found) -> None:
        """Keep these; one that is already there counts once."""
        self._found.update(dict.fromkeys(found))

    def take(self, error: UserError) -> None:
        """Keep what an error tells."""
        self.add(*error.found)
        self._advice.update(dict.fromkeys(filter(None, [error.advice])))

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_as(self, error: type[UserError]) -> NoReturn:
        """Raise `error` with everything found."""
        raise error(tuple(self._found), "\n".join(self._advice))

    def check(self, error: type[UserError] = DocumentError) -> None:
        """Raise `error` if anything was found."""
        if self:
            self.raise_as(error)


def escape(text: str) -> str:
    """`text` on one line, with everything invisible or directional spelled out.

    Control characters, escape sequences, bidi overrides, zero-width characters, lone surrogates and
    exotic spaces come out as `\\x1b` or `\\u202e`. Escaping twice changes nothing.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _spelled(char) for char in text)


def _spelled(char: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if named:
        return named
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"


Paint: TypeAlias = Callable[[str, str], str]
"""A text and the name of a style → the text in that style."""


def _plain(text: str, style: str) -> str:
    return text


def format_diagnostics(
    diagnostics: Iterable[Found], limit: int = 5, *, paint: Paint = _plain
) -> str:
    """The text for a person: sorted by position, the first `limit` in full, then a count.

    `paint`: puts a text in a style, for a terminal.

    >>> print(format_diagnostics([Diagnostic(code="E012", severity="error", message="no")]))
    error[E012]: no
    """
    found = in_order(diagnostics)
    blocks = [_block(worked_out(each), paint) for each in found[:limit]]
    if len(found) > limit:
        blocks.append(f"… and {len(found) - limit} more")
    return "\n\n".join(blocks)


def in_order(diagnostics: Iterable[_AnyFound]) -> list[_AnyFound]:
    """Sorted by file and position."""
    return sorted(diagnostics, key=_order)


def _order(found: Found) -> tuple[str, int, int, str, str]:
    place = found.location
    where = (place.path, place.line, place.column) if place else ("", 0, 0)
    return (*where, found.code, found.key if isinstance(found, Pending) else found.message)


def worked_out(found: Found) -> Diagnostic:
    """With its words."""
    return found.work_out() if isinstance(found, Pending) else found


def _block(diagnostic: Diagnostic, paint: Paint) -> str:
    place = diagnostic.location
    severity = paint(f"{diagnostic.severity}[{diagnostic.code}]", "red")
    head = f"{severity}: {paint(escape(diagnostic.message), 'bold')}"
    if place:
        head = f"{paint(escape(str(place)), 'bold')}: {head}"
    lines = [head]
    if place and place.pointer:
        lines.append(f"  at {escape(place.pointer)}")
    if diagnostic.excerpt:
        lines += [escape(line) for line in diagnostic.excerpt.split("\n")]
    if diagnostic.help:
        first, *rest = [escape(line) for line in diagnostic.help.split("\n")]
        lines += [f"{paint('help', 'cyan')}: {first}", *(f"      {line}".rstrip() for line in rest)]
    return "\n".join(lines)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of `known`, or "" where none is near."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The one of `known` that is most like `word`, or "" where none is near."""
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(word, _likely(word, names), n=1)
    if near:
        return near[0]
    return {name.casefold(): name for name in names}.get(word.casefold(), "")


_LIKELY = 20


def _likely(word: str, names: Sequence[str]) -> Sequence[str]:
    """Of many names those with most letters in common: a real comparison is ten times dearer."""
    if len(names) <= _LIKELY:
        return names
    from difflib import SequenceMatcher
    from heapq import nlargest

    matcher = SequenceMatcher(b=word)

    def in_common(name: str) -> float:
        matcher.set_seq1(name)
        return matcher.quick_ratio()

    return nlargest(_LIKELY, names, key=in_common)
