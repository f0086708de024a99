"""The view of credentials: arguments of the constructor, and the keys they become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...model.model import Model, Operation, SecurityScheme
from ...model.supported import is_basic, is_bearer, token_urls, ways_in
from ...python.naming import FIXED_ARGUMENTS, Distinct, field_name
from ...python.quoting import literal

_GRANTS = {
    "client_credentials": "ClientCredentials",
    "password": "PasswordCredentials",
    "refresh_token": "RefreshToken",
}
_FUNCTION = "str | Callable[[], str]"
_ASYNC_FUNCTION = "str | Callable[[], str | Awaitable[str]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """An argument of the client's constructor."""

    name: str
    annotation: str
    async_annotation: str
    """The same for the async client."""
    needed: bool
    """Every operation that takes a credential takes this one."""
    doc: str
    environment: str
    """Source of what the environment can give for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialsView:
    """What the constructor takes, and what it hands on."""

    arguments: tuple[CredentialView, ...]
    keys: tuple[str, ...]
    """Expressions for the ApiKeys, of which some may be None."""
    headers: tuple[str, ...]
    """The headers of API keys that the client may not have been given."""
    imports: tuple[str, ...]
    """What is imported from the runtime for them."""
    grants: tuple[str, ...]
    """The runtime's classes that can stand for an OAuth 2 token."""

    @property
    def abstract(self) -> tuple[str, ...]:
        """What annotations name of `collections.abc`."""
        return _abstract(argument.annotation for argument in self.arguments)

    @property
    def async_abstract(self) -> tuple[str, ...]:
        """The same for the async client."""
        return _abstract(argument.async_annotation for argument in self.arguments)


def credentials_view(model: Model, switches: Iterable[str]) -> CredentialsView:
    """`switches`: names of the constructor's arguments that are taken."""
    schemes = _schemes(model)
    names = Distinct(*FIXED_ARGUMENTS, *switches)
    for scheme in schemes:  # configured names are kept as they are
        if scheme.basic_argument:
            names.of((scheme.key, "user"), scheme.basic_argument)
    needed = _needed(model)
    arguments: list[CredentialView] = []
    keys: list[str] = []
    for scheme in schemes:
        found = [
            CredentialView(
                name=names.of((scheme.key, part), wanted),
                annotation=_annotation(scheme, _FUNCTION),
                async_annotation=_annotation(scheme, _ASYNC_FUNCTION),
                needed=scheme.key in needed,
                doc=doc or _words(scheme),
                environment="",
            )
            for part, wanted, doc in _arguments(scheme, schemes)
        ]
        arguments += [replace(each, environment=_environment(each)) for each in found]
        keys.append(_key(scheme, [argument.name for argument in found], scheme.key in needed))
    imports = {
        "ApiKey": bool(schemes),
        "basic": any(map(is_basic, schemes)),
        "bearer": any(map(is_bearer, schemes)),
        "private": True,
        "ssl": True,
    }
    return CredentialsView(
        arguments=tuple(arguments),
        keys=tuple(keys),
        headers=_headers(schemes, needed),
        imports=tuple(name for name, used in imports.items() if used),
        grants=tuple(sorted({name for scheme in schemes for name in _grants(scheme)})),
    )


def security(model: Model, operation: Operation) -> tuple[tuple[str, ...], ...]:
    """The keys of the schemes of each way in; () where no credential is asked for."""
    ways = tuple(tuple(scheme.key for scheme in way) for way in ways_in(model, operation))
    return ways if any(ways) else ()


def _schemes(model: Model) -> list[SecurityScheme]:
    """Those that operations ask for, each once."""
    ways = (way for operation in model.operations for way in ways_in(model, operation))
    return list({scheme.key: scheme for way in ways for scheme in way}.values())


def _needed(model: Model) -> set[str]:
    asking = [ways for operation in model.operations if any(ways := security(model, operation))]
    each = [set(way) for ways in asking for way in ways]
    return set.intersection(*each) if each else set()


def _arguments(scheme: SecurityScheme, schemes: list[SecurityScheme]) -> list[tuple[str, str, str]]:
    """Part, name and description of the arguments that a scheme takes."""
    if is_basic(scheme):
        user = scheme.basic_argument
        if user:
            return [("user", user, scheme.description)]
        only = len([s for s in schemes if is_basic(s) and not s.basic_argument]) == 1
        lead = "" if only else f"{field_name(scheme.key)}_"
        return [
            ("user", f"{lead}username", scheme.description),
            ("password", f"{lead}password", "Its password."),
        ]
    if is_bearer(scheme):
        only = len(list(filter(is_bearer, schemes))) == 1
        return [("token", "token" if only else field_name(scheme.key), scheme.description)]
    only = len([s for s in schemes if s.kind == "apiKey"]) == 1
    return [("key", "api_key" if only else field_name(scheme.key), scheme.description)]


def _headers(schemes: Iterable[SecurityScheme], needed: set[str]) -> tuple[str, ...]:
    return tuple(
        scheme.wire
        for scheme in schemes
        if scheme.kind == "apiKey" and scheme.location == "header" and scheme.key not in needed
    )


def _words(scheme: SecurityScheme) -> str:
    """What a credential is, where the document does not say."""
    if is_basic(scheme):
        return "The user of HTTP Basic."
    if is_bearer(scheme):
        return "The bearer token."
    return f"The API key, for the {scheme.location} parameter `{scheme.wire}`."


def _has_source(scheme: SecurityScheme) -> bool:
    """Whether a function can stand for the credential: it is one argument."""
    return not is_basic(scheme) or bool(scheme.basic_argument)


def _annotation(scheme: SecurityScheme, function: str) -> str:
    if not _has_source(scheme):
        return "str"
    return " | ".join([function, *(f"_oauth.{name}" for name in _grants(scheme))])


def _grants(scheme: SecurityScheme) -> list[str]:
    """The classes that get tokens by a scheme's flows."""
    return [_GRANTS[kind] for kind in token_urls(scheme)]


def _key(scheme: SecurityScheme, names: list[str], needed: bool) -> str:
    place = [scheme.location, scheme.wire]
    value, write = names[0], []
    if scheme.kind != "apiKey":
        place = ["header", "Authorization"]
        write = ["basic" if is_basic(scheme) else "bearer"]
    if urls := token_urls(scheme):
        value = f"granted({value}, {literal(urls)})"
    if not _has_source(scheme):
        password = names[1] if needed else f'{names[1]} or ""'
        value, write = f"basic({value}, {password})", []
    parts = [*map(literal, place), value, literal(scheme.key), *write]
    key = f"ApiKey({', '.join(parts)})"
    return key if needed else f"None if {names[0]} is None else {key}"


def _environment(argument: CredentialView) -> str:
    given = [literal(argument.name), literal(argument.needed)]
    if "_oauth.ClientCredentials" in argument.annotation:
        given.append("_oauth.ClientCredentials")
    return f"FromEnvironment({', '.join(given)})"


def _abstract(annotations: Iterable[str]) -> tuple[str, ...]:
    text = " ".join(annotations)
    return tuple(name for name in ("Awaitable", "Callable") if name in text)
