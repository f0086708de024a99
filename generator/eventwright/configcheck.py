"""Is a configuration well-formed? Pydantic looks at its shape, `configrules` at its values."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from .config import ClientConfig, ClientKeys, Config
from .configfile import EXAMPLE, ConfigFile, Table
from .configrules import check_values, normal_path
from .diagnostics import Collector, ConfigError, Diagnostic, did_you_mean
from .load import kind
from .pointers import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What the file says, by its keys."""

    client: tuple[ClientKeys, ...]


def check_config(file: ConfigFile) -> Config:
    """The configuration that the file holds. Raises ConfigError with all that is wrong."""
    if "tool" in file.data and not file.prefix:
        help = "in this file write [[client]]; [[tool.eventwright.client]] is for pyproject.toml"
        raise ConfigError([file.diagnostic("C004", "unknown key 'tool'", ("tool",), help)])
    if not file.data.get("client") and not file.data.keys() - {"client"}:
        message = "no client is configured"
        raise ConfigError([file.diagnostic("C005", message, (), f"add\n{EXAMPLE}")])
    root = file.path.parent.absolute()
    clients = tuple(
        ClientConfig.of(
            replace(keys, output=normal_path(keys.output)), Table(file, ("client", str(index)))
        )
        for index, keys in enumerate(_parsed(file).client)
    )
    problems = Collector()
    problems.add(*check_values(clients, root))
    problems.check(ConfigError)
    return Config(path=file.path, root=root, clients=clients)


def _parsed(file: ConfigFile) -> File:
    try:
        return TypeAdapter(File).validate_python(file.data, extra="forbid")
    except ValidationError as error:
        found = Collector()
        found.add(*(_diagnostic(file, each) for each in error.errors(include_url=False)))
        found.raise_as(ConfigError)


def _diagnostic(file: ConfigFile, error: ErrorDetails) -> Diagnostic:
    tokens = tuple(map(str, error["loc"]))
    match error["type"]:
        case "unexpected_keyword_argument":
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
    "tuple_type": "an array",
    "dict_type": "a table",
    "dataclass_type": "a table",
}


def _unknown(file: ConfigFile, tokens: Tokens) -> Diagnostic:
    known = [key.name for key in fields(_table(tokens[:-1]))]
    near = did_you_mean(tokens[-1], known)
    message = f"unknown key '{tokens[-1]}'{near}"
    return file.diagnostic("C004", message, tokens, f"the keys here are {', '.join(known)}")


def _table(tokens: Tokens) -> Any:
    """The class that says which keys there are at `tokens`."""
    found: Any = File
    for token in tokens:
        if is_dataclass(found):
            found = get_type_hints(found)[token]
        else:  # an array or a table of tables
            found = next(filter(is_dataclass, get_args(found)))
    return found
