"""The configuration: which clients to generate, from which documents, into which folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..diagnostics.diagnostic import Diagnostic
from .diff import DiffKeys
from .file import Table

if TYPE_CHECKING:
    from pathlib import Path

Feature: TypeAlias = Literal[
    "outbox", "send", "celery", "redis", "postgresql", "opentelemetry", "pytest"
]


FILLERS = ("uuid", "now", "none")
"""What a key can be filled in with: a UUID of version 4, the time in RFC 3339, or nothing."""
_FILLER: dict[str, Any] = {"enum": [*FILLERS]}
FILL_SCHEMA: dict[str, Any] = {
    "anyOf": [_FILLER, {"type": "object", "additionalProperties": _FILLER}]
}


def _key(description: str, **options: Any) -> dict[str, Any]:
    """What Pydantic reads of a key: its words for the JSON Schema, and how it is checked."""
    return {"description": description, **options}


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesConfig:
    """How an operation that lists things is asked for more of them."""

    items: str = field(
        default="",
        metadata=_key('A JSON pointer to the list in the answer; "": the answer itself.'),
    )
    next: str | None = field(
        default=None,
        metadata=_key("A JSON pointer to what leads on: a cursor, or a URL without `parameter`."),
    )
    link: bool = field(
        default=False,
        # A truth value is true or false, no number and no text.
        metadata=_key("Whether the header `Link` leads on, with rel=next.", strict=True),
    )
    parameter: str | None = field(
        default=None, metadata=_key("The query parameter that takes the cursor, or counts.")
    )
    counts: Literal["items", "pages"] | None = field(
        default=None, metadata=_key("What `parameter` counts, where no cursor leads on.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationConfig:
    """What is said about one operation."""

    name: str | None = field(
        default=None, metadata=_key("The Python method; without it, the operationId in snake case.")
    )
    errors: str | None = field(
        default=None,
        metadata=_key("A JSON pointer to the list of error texts in the body of an error."),
    )
    pages: PagesConfig | None = field(
        default=None, metadata=_key("How it is asked for more, where it answers page by page.")
    )
    idempotency: str | None = field(
        default=None,
        metadata=_key(
            "The header that takes a new key for each call; without it, `Idempotency-Key` or "
            '`X-Idempotency-Key` where the document declares it; "": none.'
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthConfig:
    """Basic auth with a blank password."""

    username: str = field(metadata=_key("The argument that holds the user name."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKeys:
    """What a `[[client]]` may say: the keys, their types and defaults.

    Paths are relative to `Config.root`, with forward slashes.
    """

    spec: str = field(metadata=_key("The OpenAPI document, JSON or YAML: a path from here."))
    output: str = field(
        metadata=_key("The folder of the package to write; the package is called as it is.")
    )
    source: str | None = field(
        default=None, metadata=_key("The URL that `eventwright pull` fetches the document from.")
    )
    source_sha256: str = field(
        default="", metadata=_key("The SHA-256 that the fetched document must have, hexadecimal.")
    )
    source_private: bool = field(
        default=False,
        # A truth value is true or false, no number and no text.
        metadata=_key("Whether the source may be at a private address.", strict=True),
    )
    send_to: str | None = field(
        default=None,
        metadata=_key("The URL that events go to, where `spec` is schemas or a tracking plan."),
    )
    overlays: tuple[str, ...] = field(
        default=(), metadata=_key("OpenAPI Overlays to apply, in order: paths from here.")
    )
    events: tuple[str, ...] | None = field(
        default=None,
        metadata=_key("The operations whose bodies are events; without it, all that look like it."),
    )
    groups: bool = field(
        default=True,
        # A truth value is true or false, no number and no text.
        metadata=_key(
            "Whether operations are grouped by their first tag, as in `client.orders.create(…)`.",
            strict=True,
        ),
    )
    types: tuple[Literal["byte", "decimal", "duration", "time", "uuid"], ...] = field(
        default=(),
        metadata=_key("Formats whose attributes are of Python's own type instead of text."),
    )
    flavours: tuple[Literal["pydantic"], ...] = field(
        default=(), metadata=_key("What is generated beside builders and clients.")
    )
    transports: tuple[Literal["aiohttp", "httpx", "urllib3"], ...] = field(
        default=(),
        metadata=_key("HTTP libraries that the program may have, to send with instead of sockets."),
    )
    features: tuple[Feature, ...] = field(
        default=(),
        metadata=_key("What the package can do beside making calls: delivery, and where it fits."),
    )
    order_by: str | None = field(
        default=None,
        metadata=_key(
            "The key by which an outbox keeps events in order, by its wire name; without it, "
            'userId where events have that; "": none does.'
        ),
    )
    templates_dir: str | None = field(
        default=None,
        metadata=_key("The folder of templates that stand in for built-in ones: a path from here."),
    )
    names: Mapping[str, str] = field(
        default_factory=dict, metadata=_key("JSON pointer of a schema to class name.")
    )
    fields: Mapping[str, str] = field(
        default_factory=dict, metadata=_key("JSON pointer of a property to attribute name.")
    )
    operations: Mapping[str, OperationConfig] = field(
        default_factory=dict, metadata=_key("What is said of operations, by operationId.")
    )
    fill: Mapping[str, Any] = field(
        default_factory=dict,
        metadata=_key(
            "What events are given where they lack it: a key, or the literal of an event and a "
            "table of its keys.",
            json_schema_extra={"additionalProperties": FILL_SCHEMA},
        ),
    )
    servers: Mapping[str, str] = field(
        default_factory=dict, metadata=_key("Names of servers: name to URL.")
    )
    auth: Mapping[str, AuthConfig] = field(
        default_factory=dict,
        metadata=_key("HTTP Basic with a blank password, by the key of the security scheme."),
    )
    strict: bool = field(
        default=False, metadata=_key("Whether notes stop generation, as errors do.", strict=True)
    )
    lenient: bool = field(
        default=False,
        metadata=_key(
            "Whether a document that is a little invalid is read as it is meant.", strict=True
        ),
    )
    silence: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata=_key("Notes that are meant: their code to the JSON pointers where they stand."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeKeys:
    """`[runtime]`: one runtime for all clients, instead of one within each."""

    output: str = field(
        metadata=_key("The folder of the runtime that all clients share, in a package with them.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig(ClientKeys):
    """One `[[client]]`; `table`: where it stands, None for one that no file says.

    `runtime`: the folder of the runtime that it shares with others; "" for one of its own.
    """

    runtime: str = ""
    table: Table | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, keys: ClientKeys, table: Table | None = None, runtime: str = "") -> ClientConfig:
        """What the keys say, and where they stand."""
        said = {key.name: getattr(keys, key.name) for key in fields(keys)}
        return cls(**said, table=table, runtime=runtime)

    def diagnostic(self, code: str, message: str, *tokens: str, help: str = "") -> Diagnostic:
        """An error at one of the keys, with its place and excerpt filled in."""
        if self.table is None:
            return Diagnostic(code=code, severity="error", message=message, help=help)
        return self.table.diagnostic(code, message, tokens, help)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration file. `path` as given or found; `root` is its folder, absolute."""

    path: Path
    root: Path
    clients: tuple[ClientConfig, ...]
    runtime: str = ""
    """The folder of the runtime that the clients share; "" where each has its own."""
    diff: DiffKeys = field(default_factory=DiffKeys)
