"""Names: from text in a document to Python identifiers.

Whatever goes in, what comes out is an identifier made of letters, digits and underscores that is no
keyword, no dunder and no name the generated code relies on. So document text cannot become code.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from types import MappingProxyType

from .distinct import Wish, distinct, is_plain_identifier, spellings

RESERVED_FIELDS = frozenset(
    # What a declaration and its annotations refer to, and what every builder offers.
    "self cls extra omitted datetime bool float int str tuple "
    "to_dict to_json to_json_text from_dict from_json".split()
)
FIXED_ARGUMENTS = frozenset(
    # What every client's constructor takes or refers to, those that record included.
    "self server headers timeout retries on_request on_response on_retry fill disabled transport "
    "ssl_context trust_env answer_limit answers options basic bearer granted server_url "
    "server_urls".split()
)
_OF_CLIENTS = frozenset({"disabled", "fill"})
"""What methods have no use for, and documents have."""
RESERVED_ARGUMENTS = (FIXED_ARGUMENTS - _OF_CLIENTS) | frozenset(
    # The same for the methods, and the usual names of credentials.
    "api body encoded event event_body json_body sent api_key password token username".split()
)
RESERVED_METHODS = frozenset(
    # What every client has, those that record included, and what the annotations refer to.
    "self close aclose from_env events requests bool bytes datetime float int ssl str".split()
)
RESERVED_CLASSES = frozenset(
    # What the generated modules import or define, and builtins that a class must not shadow.
    "ANSWER_LIMIT Annotated Answer AnswerError Any ApiKey AsyncBaseClient AsyncBodyLines "
    "AsyncClient AsyncPages AsyncRawBody AsyncRecordingClient AsyncTransport AttributeError "
    "Awaitable BadRequest BaseClient BodyLines Builder Callable "
    "ClassVar Client ClientError Conflict ConnectionFailed DEFAULT_RETRIES DEFAULT_TIMEOUTS "
    "DefaultingBuilder Download EMPTY Endpoint Enum Errors Event "
    "EventBuilder False FileLike Forbidden FromEnvironment Headers Iterable JsonLines Literal "
    "Mapping None "
    "NotFound RawBody Pages Recorder RecordingClient "
    "Request Response RetryPolicy Sequence Server ServerFailure "
    "TYPE_CHECKING TimedOut Timeouts TooManyRequests Transport TransportError True TypeAlias "
    "UNSET UTC Unauthorized UnexpectedAnswer UnknownEvent UnprocessableContent Unrecognized "
    "Unset UploadFile ValidationError".split()
)

NO_NAMES: Mapping[str, str] = MappingProxyType({})

_OUR_MODULES = frozenset({"_runtime", "_pydantic"})
_LONGEST_MODULE = 80
"""Characters: file systems take 255 bytes for a name."""
_WORD = re.compile(r"[^\W_]+")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+")
_HUMP = re.compile(
    # `getURLs`, `IPv4` and `OAuth` are no `get_ur_ls`, `i_pv4` and `o_auth`.
    r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?!(?<=O)Auth)(?=[A-Z](?!s(?![a-z])|v[0-9])[a-z])"
)


def words(text: str) -> list[str]:
    """The words of a text, compatibility forms folded: `"Device Created"`, `"device_created"`.

    >>> words("X-Strict-Mode"), words("\u2075\u00b2")
    (['X', 'Strict', 'Mode'], ['52'])
    """
    if text.isascii():  # nearly all are, and a document has a hundred thousand
        return _PLAIN_WORD.findall(text)
    folded = unicodedata.normalize("NFKC", text)
    found = _WORD.findall("".join(c if _allowed(c) else " " for c in folded))
    return [str(word) for word in found]


def class_name(text: str, prefix: str = "Event") -> str:
    """`"Device Created or Updated"` -> `DeviceCreatedOrUpdated`; "" when no word is in the text.

    A name that could not start a class (`2FA`), that has no case to tell it from a field, or that
    the generated code needs for itself gets the prefix.

    >>> class_name("user_deleted"), class_name("2FA on"), class_name("None"), class_name("!")
    ('UserDeleted', 'Event2FAOn', 'EventNone', '')
    """
    joined = _folded("".join(word[:1].upper() + word[1:] for word in words(text)))
    if not joined:
        return ""
    name = joined if joined[0].isupper() and joined.isidentifier() else prefix + joined
    while name in RESERVED_CLASSES:
        name = prefix + name
    return name


def constant_name(name: str) -> str:
    """`track` -> `TRACK`: a name as a constant."""
    return _folded(name.upper())


def nested_name(owner: str, key: str) -> str:
    """The class of what stands inside another: no key of it is without a word.

    >>> nested_name("DeviceDeleted", "context"), nested_name("DeviceDeleted", "!")
    ('DeviceDeletedContext', 'DeviceDeletedKey')
    """
    return class_name(f"{owner} {key if words(key) else 'key'}")


def field_name(wire: str, reserved: frozenset[str] = RESERVED_FIELDS) -> str:
    """`"objectTypeId"` -> `object_type_id`.

    >>> field_name("userId"), field_name("class"), field_name("__init__"), field_name("2fa")
    ('user_id', 'class_', 'init', 'field_2fa')
    >>> field_name("getURLs"), field_name("IPv4Address"), field_name("XAxis")
    ('get_urls', 'ipv4_address', 'x_axis')
    """
    humps = [hump for word in words(wire) for hump in _HUMP.split(word)]
    name = "_".join(hump.lower() for hump in humps)
    if not name.isidentifier():
        name = f"field_{name}" if name else "field"
    return f"{name}_" if keyword.iskeyword(name) or name in reserved else name


def field_names(
    wires: Iterable[str],
    configured: Mapping[str, str] = NO_NAMES,
    given: Mapping[str, str] = NO_NAMES,
) -> dict[str, str]:
    """A distinct Python name for each wire name; of two that would have one, the one already
    spelled in Python style has it, and the others tell how they are spelled.

    `configured`: names that were chosen, by wire name; they come first. `given`: those that
    programs know already; they come next.

    >>> field_names(["userId", "user_id", "+1", "-1"])
    {'userId': 'userId', 'user_id': 'user_id', '+1': 'plus_1', '-1': 'minus_1'}
    """
    names = {w: configured.get(w) or given.get(w) or field_name(w) for w in wires}
    if len(set(names.values())) == len(names):  # nearly all objects
        return names
    count = Counter(names.values())
    wishes = {
        wire: Wish(
            name=name,
            rank=(wire not in configured, wire not in given, wire != name),
            others=tuple(_attributes(wire)) if count[name] > 1 else (),
        )
        for wire, name in names.items()
    }
    return distinct(wishes)


def _attributes(wire: str) -> Iterator[str]:
    """Names that tell a key from others that would be one attribute with it."""
    if is_plain_identifier(wire) and wire not in RESERVED_FIELDS:
        yield wire
    yield from map(field_name, spellings(wire))
    yield field_name(f"key {wire}")
    yield field_name(f"key {list(spellings(wire))[-1]}")


class Distinct:
    """Gives each key a name of its own: the one wanted, with underscores while that is taken.

    >>> names = Distinct("a")
    >>> names.of(1, "a"), names.of(2, "b"), names.of(1, "a")
    ('a_', 'b', 'a_')
    """

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)
        self._names: dict[Hashable, str] = {}

    def of(self, key: Hashable, wanted: str) -> str:
        """The same name whenever the key is asked for."""
        if key not in self._names:
            while wanted in self._taken:
                wanted += "_"
            self._taken.add(wanted)
            self._names[key] = wanted
        return self._names[key]


def module_name(text: str) -> str:
    """A private module: `"Order Placed"` -> `_order_placed`.

    It has ASCII letters alone, and not too many: no file system writes it otherwise.

    >>> module_name("OrderPlaced"), module_name("\u00e9t\u00e9"), module_name("")
    ('_order_placed', '_ue9tue9', '_field')
    """
    name = field_name(text, frozenset()).strip("_")
    plain = "".join(c if c.isascii() else f"u{ord(c):x}" for c in name)[:_LONGEST_MODULE]
    return f"_of_{plain}" if f"_{plain}" in _OUR_MODULES else f"_{plain}"


def parameter_name(wire: str, place: str = "header") -> str:
    """The argument for a parameter: `X-Strict-Mode` -> `strict_mode` (RFC 6648 retired the `X-`).

    A header may be an argument of the client, too.

    >>> parameter_name("X-Strict-Mode"), parameter_name("Accept-Language"), parameter_name("X-")
    ('strict_mode', 'accept_language', 'x')
    >>> parameter_name("disabled"), parameter_name("disabled", "query")
    ('disabled_', 'disabled')
    """
    bare = re.sub(r"(?i)^x-(?=.)", "", wire)
    taken = RESERVED_ARGUMENTS | _OF_CLIENTS if place == "header" else RESERVED_ARGUMENTS
    return field_name(bare, taken)


def is_class_name(name: str) -> bool:
    """Whether a configured class name can stand in the generated code as it is.

    Names with a small letter in front are for what the modules import and define, and for builtins.
    """
    plain = name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")
    return plain and not name[0].islower() and name not in RESERVED_CLASSES


def is_field_name(name: str) -> bool:
    """Whether a configured attribute name can stand in the generated code as it is.

    Names with a capital in front are for classes and constants, which the methods refer to.
    """
    return name not in RESERVED_FIELDS and not name[:1].isupper()


def _folded(name: str) -> str:
    # Python folds identifiers (PEP 3131), and the capital of a folded letter may not be folded.
    return unicodedata.normalize("NFKC", name)


def _allowed(character: str) -> bool:
    # Only what may stand inside an identifier, so that joining words always gives one.
    return f"x{character}".isidentifier()
