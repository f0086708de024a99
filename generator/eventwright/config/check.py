"""Is a configuration well-formed? Its JSON Schema says, Pydantic words what is not; `config.values`
looks at its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from ..diagnostics.diagnostic import Collector, ConfigError, Diagnostic, did_you_mean
from ..text.jsonvalues import kind
from ..text.pointers import Tokens
from .config import ClientConfig, ClientKeys, Config, Feature, RuntimeKeys
from .diff import DiffKeys, Weight
from .file import EXAMPLE, ConfigFile, Table
from .runtime import check_runtime
from .shaping import shaped
from .values import check_values, normal_path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What the file says, by its keys."""

    client: tuple[ClientKeys, ...] = field(metadata={"description": "What to generate."})
    runtime: RuntimeKeys | None = field(
        default=None, metadata={"description": "One runtime for all clients."}
    )
    diff: DiffKeys = field(
        default_factory=DiffKeys,
        metadata={"description": "What the findings of `eventwright diff` count as."},
    )


def check_config(file: ConfigFile) -> Config:
    """The configuration that the file holds. Raises ConfigError with all that is wrong."""
    if "tool" in file.data and not file.prefix:
        help = "in this file write [[client]]; [[tool.eventwright.client]] is for pyproject.toml"
        raise ConfigError([file.diagnostic("C004", "unknown key 'tool'", ("tool",), help)])
    if not file.data.get("client") and not file.data.keys() - {"client"}:
        message = "no client is configured"
        raise ConfigError([file.diagnostic("C005", message, (), f"add\n{EXAMPLE}")])
    root = file.path.parent.absolute()
    said = _parsed(file)
    runtime = normal_path(said.runtime.output) if said.runtime else ""
    clients = tuple(
        ClientConfig.of(
            replace(keys, output=normal_path(keys.output)),
            Table(file, ("client", str(index))),
            runtime,
        )
        for index, keys in enumerate(said.client)
    )
    problems = Collector()
    problems.add(*check_values(clients, root))
    if said.runtime:
        problems.add(*check_runtime(Table(file, ("runtime",)), runtime, clients, root))
    problems.check(ConfigError)
    return Config(path=file.path, root=root, clients=clients, runtime=runtime, diff=said.diff)


def check_diff(file: ConfigFile) -> DiffKeys:
    """`[diff]` alone, whatever the rest of the file says. Raises ConfigError."""
    return _parsed_as(_DiffOnly, file, {"diff": file.data.get("diff", {})}).diff


@dataclass(frozen=True, slots=True, kw_only=True)
class _DiffOnly:
    diff: DiffKeys


def _parsed(file: ConfigFile) -> File:
    return shaped(File, file.data) or _parsed_as(File, file, file.data)


def _parsed_as(shape: type[T], file: ConfigFile, data: Mapping[str, Any]) -> T:
    # Pydantic takes longer to import than most commands take to run: it is asked for words.
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(shape).validate_python(data, extra="forbid")
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
            return _none_of(file, tokens, error["input"])
    wanted = _WANTED.get(error["type"], error["msg"])
    message = f"'{tokens[-1]}' must be {wanted}, not {kind(error['input'])}"
    help = "write [[client]], with two brackets" if tokens == ("client",) else ""
    return file.diagnostic("C006", message, tokens, help)


_SEVERITIES: tuple[str, tuple[str, ...]] = ("severity", get_args(Weight))
_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "flavours": ("flavour", ("pydantic",)),
    "transports": ("transport", ("aiohttp", "httpx", "urllib3")),
    "features": ("feature", get_args(Feature)),
}
"""What some keys of a client choose from: what it is called, and what there is."""
_WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "greater_than_equal": "a number of days, 0 or more",
    "tuple_type": "an array",
    "dict_type": "a table",
    "dataclass_type": "a table",
}


def _none_of(file: ConfigFile, tokens: Tokens, value: Any) -> Diagnostic:
    what, known = _CHOICES.get(tokens[2] if tokens[0] == "client" else "", _SEVERITIES)
    near = did_you_mean(value, known) if isinstance(value, str) else ""
    help = f'the only {what} is "{known[0]}"' if len(known) == 1 else f"one of {', '.join(known)}"
    return file.diagnostic("C007", f"there is no {what} '{value}'{near}", tokens, help)


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
            if NoneType in get_args(found):
                found = next(filter(is_dataclass, get_args(found)))
        else:  # an array or a table of tables
            found = next(filter(is_dataclass, get_args(found)))
    return found
