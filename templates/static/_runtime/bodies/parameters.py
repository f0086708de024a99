"""Parameters: checked by their kinds, then put into the path, query, headers and cookies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from ..kinds.base import MISSING, Kind
from ..values.jsontext import dumps
from ..values.problems import Problem, ValidationError, shown

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_RESERVED = ":/?@!$'()*,;"
"""What `allowReserved` leaves as it is, without what would end the value."""
_RESERVED_IN_PATH = ":@!$&'()*+,;="
_PLAIN = "a string, a number, a bool, or a list or an object of these"
# How RFC 6570 expands: what leads, what separates exploded members, whether names are told.
_EXPANSIONS = {
    "simple": ("", ",", False),
    "label": (".", ".", False),
    "matrix": (";", ";", True),
    "form": ("", "&", True),
    "cookie": ("", "; ", True),
}
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


class Encoded(str):
    """Text that is percent-encoded already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """What the document says of a parameter.

    Attributes:
        location: "path", "query", "header", "cookie", or "querystring" for the whole query.
        name: on the wire.
        kind: what values it takes.
        style: how lists and objects are written, "content" for JSON, or "text".
        explode: each member of a list or object stands for itself.
        required: it cannot be left out.
        reserved: the reserved characters of URLs go as they are (`allowReserved`).
    """

    location: str
    name: str
    kind: Kind
    style: str
    explode: bool = False
    required: bool = False
    reserved: bool = False


@dataclass(slots=True)
class Sent:
    """The arguments of a call as they are sent."""

    path: dict[str, object] = field(default_factory=dict[str, object])
    query: list[tuple[str, object]] = field(
        default_factory=list[tuple[str, object]],
    )
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def target(self, path: str) -> str:
        """Path and query, percent-encoded; `path` as the document has it: `/users/{id}`."""
        return f"{fill_path(path, self.path)}{encode_query(self.query)}"


def encoded(declared: tuple[Parameter, ...], *values: object) -> Sent:
    """The values of an operation's parameters, in the order they are declared.

    None leaves out a parameter that is not required.

    Raises:
        ValidationError: not what the document allows, or nothing its style can write; it
            lists every problem.
    """
    problems: list[Problem] = []
    sent = Sent()
    cookies: list[str] = []
    for parameter, value in zip(declared, values, strict=True):
        if value is None and not parameter.required:
            continue
        path = (parameter.name,)
        given = MISSING if value is None else value
        before = len(problems)
        kept = parameter.kind.check(given, path, problems, False)
        if len(problems) == before:
            try:
                _put(parameter, parameter.kind.dump(kept), sent, cookies)
            except TypeError:  # a list or null where only text can stand
                problems.append(Problem(path, _PLAIN, shown(value)))
            except ValueError as error:
                problems.append(Problem(path, str(error), shown(value)))
    if problems:
        raise ValidationError("parameters", problems)
    if cookies:
        given_cookies = sent.headers.pop("Cookie", None)
        if given_cookies is not None:
            cookies.insert(0, given_cookies)
        sent.headers["Cookie"] = "; ".join(cookies)
    return sent


def _put(parameter: Parameter, value: Any, sent: Sent, cookies: list[str]) -> None:
    name = parameter.name
    if parameter.location == "query":
        sent.query += _query(parameter, value)
    elif parameter.location == "querystring":
        sent.query += _whole_query(parameter, value)
    elif parameter.location == "path":
        safe = _RESERVED_IN_PATH if parameter.reserved else ""
        within = partial(_quoted, safe=safe)
        sent.path[name] = Encoded(_expanded(parameter, value, within))
    elif parameter.location == "header":
        plural = isinstance(value, (list, dict)) and parameter.style != "content"
        sent.headers[name] = _expanded(
            parameter, value, _member if plural else plain_text
        )
    elif parameter.style == "content":
        cookies.append(f"{name}={_quoted(dumps(value))}")
    elif value not in ([], {}):
        text = _in_cookie if parameter.style == "cookie" else _quoted
        cookies.append(_expanded(parameter, value, text))


def _expanded(parameter: Parameter, value: Any, text: Callable[..., str]) -> str:
    if parameter.style == "content":
        return text(dumps(value))
    lead, separator, named = _EXPANSIONS[parameter.style]
    name = quote(parameter.name, safe="") if named else ""
    if isinstance(value, dict):
        if parameter.explode:
            pairs = [(text(key), text(item)) for key, item in _items(value)]
            members = [_named(parameter, *pair, always=True) for pair in pairs]
            return lead + separator.join(members)
        flat = [text(part) for pair in _items(value) for part in pair]
        return lead + _named(parameter, name, ",".join(flat))
    if isinstance(value, list):
        texts = [text(item) for item in _listed(value)]
        if parameter.explode:
            members = [_named(parameter, name, item) for item in texts]
            return lead + separator.join(members)
        return lead + _named(parameter, name, ",".join(texts))
    return lead + _named(parameter, name, text(value))


def _named(parameter: Parameter, name: str, text: str, *, always: bool = False) -> str:
    """`name=text`; of nothing in matrix the name alone (RFC 6570, 3.2.7)."""
    if not name and not always:
        return text
    return name if parameter.style == "matrix" and not text else f"{name}={text}"


def _whole_query(parameter: Parameter, value: Any) -> list[tuple[str, object]]:
    """The query as one value: the members of an object, or a text without a name."""
    if parameter.style == "content":
        return [("", Encoded(_quoted(dumps(value))))]
    if not isinstance(value, dict):
        return [("", Encoded(_quoted(value)))]
    return [(key, Encoded(_quoted(_content(each)))) for key, each in _flat(value)]


def _content(value: object) -> str:
    return dumps(value) if isinstance(value, (dict, list)) else plain_text(value)


def _query(parameter: Parameter, value: Any) -> list[tuple[str, object]]:
    def text(item: object) -> Encoded:
        safe = _RESERVED if parameter.reserved else ""
        return Encoded(quote(plain_text(item), safe=safe))

    name = parameter.name
    if parameter.style == "content":
        return [(name, text(dumps(value)))]
    if parameter.style == "deepObject":
        return [(path, text(item)) for path, item in deep(name, value)]
    if isinstance(value, dict):
        if parameter.explode:
            return [(key, text(item)) for key, item in _flat(value)]
        return _joined(
            parameter, [text(part) for pair in _items(value) for part in pair]
        )
    if isinstance(value, list):
        texts = [text(item) for item in _listed(value)]
        if parameter.explode:
            return [(name, item) for item in texts]
        return _joined(parameter, texts)
    return [(name, text(value))]


def _joined(parameter: Parameter, texts: Sequence[Encoded]) -> list[tuple[str, object]]:
    """The members as one value; a member that holds the separator is encoded, or refused."""
    separator = _DELIMITERS[parameter.style]
    if any(separator in text for text in texts):
        raise ValueError("members without the character that separates them")
    return [(parameter.name, Encoded(separator.join(texts)))] if texts else []


def _listed(value: Any) -> list[object]:
    return [*value]


def _items(value: Any) -> list[tuple[str, object]]:
    return [(str(key), item) for key, item in value.items()]


def _flat(value: Any) -> Iterator[tuple[str, object]]:
    """The members of an object, those of a list in it each with its key."""
    for key, item in _items(value):
        several = _listed(item) if isinstance(item, list) else [item]
        yield from ((key, each) for each in several)


def deep(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """`name[a][0]` and what is there, for each plain value within."""
    if isinstance(value, dict):
        inner = _items(value)
    elif isinstance(value, list):
        inner = [(str(index), item) for index, item in enumerate(_listed(value))]
    else:
        yield name, value
        return
    for key, item in inner:
        yield from deep(f"{name}[{key}]", item)


def _quoted(value: object, safe: str = "") -> str:
    return quote(plain_text(value), safe=safe)


def _in_cookie(value: object) -> str:
    """As it is (style `cookie`): what would end it is refused."""
    text = plain_text(value)
    if not text.isascii() or not text.isprintable() or set(text) & set(' ",;\\'):
        raise ValueError("text that may stand in a cookie as it is")
    return text


def _member(value: object) -> str:
    text = plain_text(value)
    if "," in text or "=" in text:
        raise ValueError("members without commas and equals signs")
    return text


def fill_path(template: str, values: Mapping[str, object]) -> str:
    """`/users/{id}` with its values percent-encoded.

    Raises:
        ValueError: a value is missing, empty, `.` or `..`: the path would become another one.
    """
    if "{" not in template:
        return template

    def value(match: re.Match[str]) -> str:
        name = match[1]
        given = values.get(name, "")
        text = plain_text(given)
        if text in ("", ".", ".."):
            raise ValueError(
                f"the path needs a value for {name!r}, other than '.' and '..'"
            )
        return text if isinstance(given, Encoded) else quote(text, safe="")

    return _PLACEHOLDER.sub(value, template)


def encode_query(pairs: Iterable[tuple[str, object]]) -> str:
    """`?a=1&b=x%20y`, or nothing for no pairs. What has no name stands alone."""
    text = "&".join(
        f"{quote(name, safe='')}={_encoded(value)}" if name else _encoded(value)
        for name, value in pairs
    )
    return f"?{text}" if text else ""


def _encoded(value: object) -> str:
    return value if isinstance(value, Encoded) else quote(plain_text(value), safe="")


def plain_text(value: object) -> str:
    """A parameter's value as text: true and false as in JSON, numbers as Python shows them.

    Raises:
        TypeError: not a string, number or bool.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise TypeError(
        f"a parameter must be a string, a number or a bool, not {type(value).__name__}"
    )
