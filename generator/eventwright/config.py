"""The configuration: which clients to generate, from which documents, into which folders."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

from .configfile import Table, find_config, read_config
from .diagnostics import Diagnostic

if TYPE_CHECKING:
    from pathlib import Path

_STRICT = {"strict": True}
"""To Pydantic: a truth value is true or false, no number and no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationConfig:
    """What is said about one operation. `name`: the Python method, None for the operationId.

    `errors`: a JSON pointer to the list of error texts in an error's body.
    """

    name: str | None = None
    errors: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthConfig:
    """Basic auth with a blank password; `username`: the argument that holds the user name."""

    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKeys:
    """What a `[[client]]` may say: the keys, their types and defaults, read off by `configcheck`.

    Paths are relative to `Config.root`, with forward slashes.

    `names`: JSON pointer of a schema to class name; `fields`: of a property to attribute name;
    `operations` by operationId; `servers`: name to URL; `auth` by the key of the security scheme;
    `source`: where the document comes from,
    with the hash it must have (hex SHA-256) and whether that may be a private address;
    `events`: the operations whose bodies are events, None for every one that looks like it;
    `strict`: notes stop generation; `silence`: code of a note to the JSON pointers where it is
    meant as it is.
    """

    spec: str
    output: str
    source: str | None = None
    source_sha256: str = ""
    source_private: bool = field(default=False, metadata=_STRICT)
    overlays: tuple[str, ...] = ()
    events: tuple[str, ...] | None = None
    flavours: tuple[Literal["pydantic"], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    operations: Mapping[str, OperationConfig] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    auth: Mapping[str, AuthConfig] = field(default_factory=dict)
    strict: bool = field(default=False, metadata=_STRICT)
    silence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig(ClientKeys):
    """One `[[client]]`; `table`: where it stands, None for one that no file says."""

    table: Table | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, keys: ClientKeys, table: Table | None = None) -> ClientConfig:
        """What the keys say, and where they stand."""
        return cls(**{key.name: getattr(keys, key.name) for key in fields(keys)}, table=table)

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


def load_config(path: Path | None, cwd: Path) -> Config:
    """The configuration at `path`, relative to `cwd`; None: the nearest one in `cwd` or above.

    That is an `eventwright.toml`, or a `pyproject.toml` with `[tool.eventwright]`. Raises
    ConfigError with everything that is wrong.
    """
    found = find_config(cwd) if path is None else cwd / path
    file = read_config(found, shown=str(path or os.path.relpath(found, cwd)))
    # Pydantic takes longer to import than most commands take to run.
    from .configcheck import check_config

    return check_config(file)
