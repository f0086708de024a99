"""Rules about servers, paths, credentials and parameters."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings.finding import Axis, Severity
from .base import BREAKS, Rule

_ONE_WAY = "it belongs to requests alone"
_WIRE: tuple[Axis, ...] = ("WIRE",)
_NOTHING = "nothing to do"
_Row = tuple[str, Severity, tuple[Axis, ...], str, str, str, str, str]

_ROWS: tuple[_Row, ...] = (
    (
        "SERVER_URL_CHANGED", "error", _WIRE, "a server has another URL",
        "clients with the vendored URL call an address that is no longer announced",
        "regenerate and deploy before the old address goes", "servers: [{url: https://a/v1}]",
        "servers: [{url: https://a/v2}]",
    ),
    (
        "SERVER_REMOVED", "error", BREAKS, "a server is no longer announced",
        "clients that use it call a dead address; its name is gone", "move to another server",
        "servers: [{url: https://us}, {url: https://eu}]", "servers: [{url: https://us}]",
    ),
    (
        "SERVER_ADDED", "info", (), "a server is new", "nobody must use it", _NOTHING,
        "servers: [{url: https://us}]", "servers: [{url: https://us}, {url: https://au}]",
    ),
    (
        "SERVER_VARIABLE_ADDED", "info", (), "a part of a server's URL may be chosen now",
        "its default gives the URL as it was", _NOTHING, "servers: [{url: https://us.a}]",
        "servers: [{url: 'https://{region}.a', variables: {region: {default: us}}}]",
    ),
    (
        "SERVER_VARIABLE_REMOVED", "error", BREAKS, "a part of a server's URL is fixed now",
        "who had chosen another value calls an address that is no longer announced",
        "find out which address takes its place",
        "servers: [{url: 'https://{region}.a', variables: {region: {default: us}}}]",
        "servers: [{url: https://us.a}]",
    ),
    (
        "SERVER_VARIABLE_DEFAULT_CHANGED", "warning", ("SEMANTIC",),
        "who chooses no value for a part of a server's URL means another server",
        "the old value is still allowed, but a regenerated client calls another address",
        "choose the value that is meant", "region: {default: us}", "region: {default: eu}",
    ),
    (
        "SERVER_VARIABLE_VALUE_REMOVED", "error", BREAKS,
        "a part of a server's URL may no longer be one of the values",
        "who had chosen it calls an address that is no longer announced", "choose another value",
        "region: {default: us, enum: [us, eu]}", "region: {default: us, enum: [us]}",
    ),
    (
        "SERVER_VARIABLE_VALUE_ADDED", "info", (),
        "a part of a server's URL may be one more value, or any", "nobody must choose it", _NOTHING,
        "region: {default: us, enum: [us]}", "region: {default: us, enum: [us, eu]}",
    ),
    (
        "SERVER_VARIABLE_CLOSED", "error", BREAKS,
        "a part of a server's URL, which could be anything, has fixed values now",
        "who had chosen another value calls an address that is not announced",
        "choose one of the values", "region: {default: us}", "region: {default: us, enum: [us]}",
    ),
    (
        "PATH_CHANGED", "error", _WIRE, "an operation has another path or method",
        "requests to the old one are answered 404 or 405", "regenerate and deploy",
        "paths: {/track: …}", "paths: {/v2/track: …}",
    ),
    (
        "OPERATION_REMOVED", "error", BREAKS, "an operation is gone",
        "requests to it fail; its method is gone", "find out what takes its place",
        "paths: {/track: {post: …}, /page: {post: …}}", "paths: {/track: {post: …}}",
    ),
    (
        "OPERATION_ADDED", "info", (), "an operation is new", "nobody must call it", _NOTHING,
        "paths: {/track: {post: …}}", "paths: {/track: {post: …}, /page: {post: …}}",
    ),
    (
        "SECURITY_SCHEME_CHANGED", "error", BREAKS, "the credentials sent until now do not suffice",
        "requests are answered 401 or 403", "get the new credentials; regenerate",
        "basic: {type: http, scheme: basic}", "basic: {type: http, scheme: bearer}",
    ),
    (
        "SECURITY_RELAXED", "info", (), "fewer or other credentials suffice as well",
        "those sent until now still do", _NOTHING, "security: [{basic: []}]",
        "security: [{basic: []}, {bearer: []}]",
    ),
    (
        "PARAMETER_STYLE_CHANGED", "error", _WIRE, "a parameter is written otherwise",
        "lists, objects or reserved characters are misread", "regenerate and deploy",
        "{in: query, name: ids, explode: true}", "{in: query, name: ids, explode: false}",
    ),
)  # fmt: skip


def _parameters(place: str) -> Iterator[_Row]:
    name, where = place.upper(), f"in: {place}"
    yield (
        f"{name}_ADDED_REQUIRED", "error", BREAKS, f"a new {place} parameter must be sent",
        "requests until now lack it", "regenerate; pass the argument", "parameters: []",
        f"parameters: [{{{where}, name: x, required: true}}]",
    )  # fmt: skip
    yield (
        f"{name}_ADDED_OPTIONAL", "info", (), f"a new {place} parameter may be sent",
        "a caller may ignore it", _NOTHING, "parameters: []",
        f"parameters: [{{{where}, name: x}}]",
    )  # fmt: skip
    yield (
        f"{name}_BECAME_REQUIRED", "error", BREAKS, f"a {place} parameter must be sent",
        "requests without it are refused", "pass the argument everywhere",
        f"{{{where}, name: x}}", f"{{{where}, name: x, required: true}}",
    )  # fmt: skip
    yield (
        f"{name}_BECAME_OPTIONAL", "info", (), f"a {place} parameter may be left out",
        "requests with it stay valid", _NOTHING, f"{{{where}, name: x, required: true}}",
        f"{{{where}, name: x}}",
    )  # fmt: skip
    yield (
        f"{name}_REMOVED", "error", ("SOURCE", "SEMANTIC"), f"a {place} parameter is gone",
        "it has no effect any more, and its argument is gone", "stop passing it",
        f"parameters: [{{{where}, name: x}}]", "parameters: []",
    )  # fmt: skip


TRANSPORT = tuple(
    Rule(
        id=name,
        severity=severity,
        axes=axes,
        meaning=meaning,
        why=why,
        mend=mend,
        old=old,
        new=new,
        waiver=_ONE_WAY,
    )
    for name, severity, axes, meaning, why, mend, old, new in (
        *_ROWS,
        *_parameters("header"),
        *_parameters("query"),
        *_parameters("cookie"),
    )
)
