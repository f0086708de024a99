"""The model: what a document says, in eventwright's own terms.

Dataclasses only. Names are final here; there is no Python syntax, template name or import line in
it. It carries any OpenAPI 3.0, 3.1 or 3.2 document: all spellings of one thing give equal models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..diagnostics.remarks import Remark
from ..text.exactnumbers import has_exact
from ..text.jsonvalues import Json
from ..text.pointers import Pointer
from .givennames import GivenNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What a schema says beside its constraints."""

    title: str = ""
    description: str = ""
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    default: tuple[Json, ...] = ()
    """Empty, or one value: a default of null is not the same as none."""
    examples: tuple[Json, ...] = ()
    other: tuple[tuple[str, Json], ...] = ()
    """Keywords without a rule here, sorted; `x-*` left out. Kept so that drift sees them."""


NO_NOTES = Notes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A condition on the JSON value that no type expresses, such as `anyOf` of two `required`s.

    `keyword` is one of allOf, anyOf, oneOf, not, if (types: condition, then, else), contains,
    propertyNames, dependentSchemas, dependentRequired, required, notRequired; array, number, object
    and string (what a value is, if it is one of those); additionalProperties,
    unevaluatedProperties and unevaluatedItems (what the keys or items that are in none of
    `evaluated` hold).
    """

    keyword: str
    types: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()
    """required: the keys; dependentRequired and dependentSchemas: the key that triggers, first."""
    bounds: tuple[int | None, int | None] = (None, None)
    """contains: minContains and maxContains."""
    evaluated: tuple[Evaluated, ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Keys and items that a schema speaks of, where all of `where` take the value."""

    where: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    first: int = 0
    """How many of the leading items."""
    every: bool = False
    """All keys, or all items."""
    matching: tuple[Type, ...] = ()
    """Items that one of these takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    at: Pointer = field(default="", compare=False)
    notes: Notes = NO_NOTES
    assertions: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyType(_Node):
    """Every JSON value: `{}` or `true`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverType(_Node):
    """No value at all: `false`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullType(_Node):
    """null and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BooleanType(_Node):
    """true or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberType(_Node):
    """`type: number`, or `integer` when `integral`. Bounds are inclusive unless exclusive_*."""

    integral: bool
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StringType(_Node):
    """`type: string`; lengths in Unicode code points.

    `native`: attributes hold the value that Python has for texts of the format, as configured.
    """

    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    format: str = ""
    native: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType(_Node):
    """One of several fixed values. One value is a constant: `enum: [a]` = `const: a`."""

    values: tuple[Json, ...]
    name: str = field(default="", compare=False)
    """The alias it wants; `Model.enums` says which one it has."""
    component: bool = field(default=False, compare=False)
    """Whether it is a schema of its own, with a name in the document."""

    @property
    def constant(self) -> bool:
        return len(self.values) == 1

    @property
    def identity(self) -> tuple[str, str]:
        """The same for enums that share an alias."""
        return self.name, repr(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumAlias:
    """The name of an enum in Python: `Currency`, and `CURRENCY_VALUES` for its values."""

    name: str
    values_name: str
    type: EnumType


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayType(_Node):
    """`type: array`; `prefix` holds the types of the leading items (3.1 `prefixItems`)."""

    items: Type
    prefix: tuple[Type, ...] = ()
    min_items: int | None = None
    max_items: int | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRef(_Node):
    """An object; `key` finds it in `Model.objects`, so that recursion ends."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRef(_Node):
    """A recursive schema that is not an object; `key` finds it in `Model.aliases`."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NullableType(_Node):
    """null, or a value of `inner`."""

    inner: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionType(_Node):
    """`oneOf` (when `exclusive`) or `anyOf`. `tag`: the key whose constants tell the arms apart."""

    arms: tuple[Type, ...]
    exclusive: bool
    tag: str = ""
    discriminator: str = ""
    """The key that the document itself calls so; "" where it does not say."""
    mapping: tuple[str, ...] = ()
    """The literals that the discriminator maps, sorted; the arms hold them as their constants."""


Type: TypeAlias = (
    AnyType
    | NeverType
    | NullType
    | BooleanType
    | NumberType
    | StringType
    | EnumType
    | ArrayType
    | ObjectRef
    | AliasRef
    | NullableType
    | UnionType
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A declared key of an object: `userId` on the wire, `user_id` in Python."""

    wire: str
    name: str
    required: bool
    type: Type
    at: Pointer = field(default="", compare=False)

    @property
    def constant(self) -> bool:
        """Filled in, never an argument: required, with one value and no condition on it.

        A value that Python has no literal for is not filled in.
        """
        if not isinstance(self.type, EnumType) or self.type.assertions:
            return False
        return self.required and self.type.constant and not has_exact(self.type.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType:
    """`type: object`, with `allOf` merged.

    `name` is the class name, final, or "" for an object without declared keys (a plain mapping) and
    for one that only an assertion refers to. `extra` is the type of undeclared keys: AnyType when
    open, NeverType when closed.
    """

    key: str
    name: str
    fields: tuple[Field, ...]
    extra: Type
    patterns: tuple[tuple[str, Type], ...] = ()
    min_properties: int | None = None
    max_properties: int | None = None
    notes: Notes = NO_NOTES
    assertions: tuple[Assertion, ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An object told apart by a literal: tag `event`, literal `Device Deleted`."""

    literal: str
    """As text; the first where several tell it."""
    literals: tuple[str | int, ...] = ()
    """All of them, as they are in JSON."""
    tag: str
    key: str
    """Of its ObjectType in `Model.objects`."""
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A header, query, path or cookie parameter, or (in a Response) a response header."""

    wire: str
    name: str
    location: Literal["header", "query", "path", "cookie", "querystring"]
    required: bool
    type: Type
    description: str = ""
    deprecated: bool = False
    style: str = "simple"
    explode: bool = False
    allow_reserved: bool = False
    examples: tuple[Json, ...] = ()
    other: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)

    @property
    def switch(self) -> str:
        """The one string an optional header may hold, which makes it on or off; or ""."""
        value = self.type.values[0] if isinstance(self.type, EnumType) else None
        on = self.location == "header" and not self.required and isinstance(value, str)
        return str(value) if on and isinstance(self.type, EnumType) and self.type.constant else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How one property of a form is written (OpenAPI, Encoding Object); `name`: on the wire."""

    name: str
    content_type: str = ""
    style: str = ""
    """As of a query parameter; "" where the value's media type says how it is written."""
    explode: bool = True
    allow_reserved: bool = False
    headers: tuple[str, ...] = ()
    """The names of the headers that its part may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One media type of a body."""

    media_type: str
    type: Type
    encodings: tuple[Encoding, ...] = field(default=(), compare=False)
    """Of the properties of a form; drift sees them in `other`."""
    examples: tuple[Json, ...] = ()
    other: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body."""

    required: bool
    contents: tuple[Content, ...]
    description: str = ""
    other: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an operation answers: `status` is "200", "4XX" or "default"."""

    status: str
    description: str
    contents: tuple[Content, ...] = ()
    headers: tuple[Parameter, ...] = ()
    errors: tuple[str, ...] = ()
    """The keys that lead to the error texts in the body; () where that is not known."""
    other: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A base URL, its variables filled with their defaults, and the name callers choose it by."""

    name: str
    url: str
    description: str = ""
    template: str = ""
    """The URL as the document has it, of a server that has variables."""
    variables: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """`kind` is the document's `type`: "http", "apiKey", "oauth2", "openIdConnect", "mutualTLS"."""

    key: str
    kind: str
    scheme: str = ""
    """For http: "basic", "bearer", …, in lower case."""
    location: str = ""
    """For apiKey: "header", "query" or "cookie"."""
    wire: str = ""
    """For apiKey: the name of the header, query parameter or cookie."""
    description: str = ""
    basic_argument: str = ""
    """For http basic whose user name is a key and whose password is blank: the argument's name."""
    other: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How an operation is asked for more; `items` and `next` are keys in the body."""

    items: tuple[str, ...]
    next: tuple[str, ...] | None = None
    link: bool = False
    parameter: str = ""
    counts: str = ""


Requirement: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Scheme keys with their scopes, all needed together; an operation accepts any one of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method and a path. `name` is the Python method: operationId, unless configured."""

    id: str
    name: str
    method: str
    """Upper case."""
    path: str
    summary: str = ""
    description: str = ""
    deprecated: bool = False
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[Requirement, ...] = ()
    servers: tuple[Server, ...] = ()
    """The operation's own servers; empty: the model's."""
    callbacks: tuple[Operation, ...] = ()
    """What the other side calls; `path` holds the callback's name and its URL expression."""
    paging: Paging | None = field(default=None, compare=False)
    idempotency: str = field(default="", compare=False)
    """The header that takes a new key for each call; "" for none."""
    path_summary: str = ""
    path_description: str = ""
    """Said of all operations of the path."""
    other: tuple[tuple[str, Json], ...] = ()
    at: Pointer = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One document. Events in the document's order, each once; objects in order of first use."""

    title: str
    version: str
    description: str
    servers: tuple[Server, ...]
    security_schemes: tuple[SecurityScheme, ...]
    operations: tuple[Operation, ...]
    webhooks: tuple[Operation, ...] = ()
    """3.1 `webhooks`; `path` holds the webhook's name."""
    events: tuple[Event, ...]
    objects: Mapping[str, ObjectType]
    aliases: Mapping[str, Type]
    enums: Mapping[tuple[str, str], EnumAlias] = field(default_factory=dict, compare=False)
    """`EnumType.identity` → its alias, in order of first use."""
    other: tuple[tuple[str, Json], ...] = ()
    """Of the document's root and info object: what no other part of the model carries."""
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
    given: GivenNames = field(default_factory=GivenNames, compare=False)
    """What the lock remembers of the names."""
    worked_out: dict[str, Mapping[str, ObjectType]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was asked of this model, for who asks again; a changed copy begins anew."""
