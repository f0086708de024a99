"""Is a configuration well-formed? Pydantic looks at its shape, `configrules` at its values."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from .config import AuthConfig, ClientConfig, Config, OperationConfig
from .configfile import EXAMPLE, ConfigFile
from .configrules import check_values, normal_path
from .diagnostics import Collector, ConfigError, Diagnostic, did_you_mean
from .load import kind
from .positions import Tokens


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Operation(_Strict):
    name: str | None = None
    errors: str | None = None


class _Auth(_Strict):
    username: str


class _Client(_Strict):
    spec: str
    output: str
    source: str | None = None
    source_sha256: str = ""
    source_private: bool = False
    overlays: list[str] = []
    events: list[str] | None = None
    flavours: list[Literal["pydantic"]] = []
    names: dict[str, str] = {}
    fields: dict[str, str] = {}
    operations: dict[str, _Operation] = {}
    servers: dict[str, str] = {}
    auth: dict[str, _Auth] = {}


class _File(_Strict):
    client: list[_Client]


def check_config(file: ConfigFile) -> Config:
    """The configuration that the file holds. Raises ConfigError with all that is wrong."""
    if not file.data.get("client") and not file.data.keys() - {"client"}:
        message = "no client is configured"
        raise ConfigError([file.diagnostic("C005", message, (), f"add\n{EXAMPLE}")])
    try:
        parsed = _File.model_validate(file.data)
    except ValidationError as error:
        found = Collector()
        found.add(*(_diagnostic(file, each) for each in error.errors(include_url=False)))
        found.raise_as(ConfigError)
    root = file.path.parent.absolute()
    clients = tuple(_client(client) for client in parsed.client)
    problems = Collector()
    problems.add(*check_values(file, clients, root))
    problems.check(ConfigError)
    return Config(path=file.path, root=root, clients=clients)


def _client(client: _Client) -> ClientConfig:
    return ClientConfig(
        spec=client.spec,
        output=normal_path(client.output),
        source=client.source,
        source_sha256=client.source_sha256,
        source_private=client.source_private,
        overlays=tuple(client.overlays),
        events=None if client.events is None else tuple(client.events),
        flavours=tuple(client.flavours),
        names=client.names,
        fields=client.fields,
        operations={
            key: OperationConfig(name=each.name, errors=each.errors)
            for key, each in client.operations.items()
        },
        servers=client.servers,
        auth={key: AuthConfig(username=each.username) for key, each in client.auth.items()},
    )


_FILE_KEYS: dict[int, type[BaseModel]] = {1: _File, 3: _Client}
_TABLES: dict[str, type[BaseModel]] = {"operations": _Operation, "auth": _Auth}


def _diagnostic(file: ConfigFile, error: ErrorDetails) -> Diagnostic:
    tokens = tuple(map(str, error["loc"]))
    match error["type"]:
        case "extra_forbidden":
            return _unknown(file, tokens)
        case "missing":
            help = EXAMPLE if tokens[0] == "client" and len(tokens) == 1 else ""
            return file.diagnostic("C005", f"'{tokens[-1]}' is required", tokens[:-1], help)
        case "literal_error":
            value = error["input"]
            near = did_you_mean(value, ("pydantic",)) if isinstance(value, str) else ""
            message = f"there is no flavour '{value}'{near}"
            return file.diagnostic("C007", message, tokens, 'the only flavour is "pydantic"')
    wanted = _WANTED.get(error["type"], error["msg"])
    message = f"'{tokens[-1]}' must be {wanted}, not {kind(error['input'])}"
    help = "write [[client]], with two brackets" if tokens == ("client",) else ""
    return file.diagnostic("C006", message, tokens, help)


_WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "list_type": "an array",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def _unknown(file: ConfigFile, tokens: Tokens) -> Diagnostic:
    owner = _FILE_KEYS.get(len(tokens)) or _TABLES[tokens[2]]
    fields = ", ".join(owner.model_fields)
    near = did_you_mean(tokens[-1], owner.model_fields)
    message = f"unknown key '{tokens[-1]}'{near}"
    return file.diagnostic("C004", message, tokens, f"the keys here are {fields}")
