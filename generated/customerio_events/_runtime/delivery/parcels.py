"""What is stored of a call that is made later: all that its request needs but the credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ..calls.requests import (
    Body,
    Endpoint,
    Payload,
    RequestBuilder,
    call_headers,
)
from ..client.client import NOTHING, ClientCore
from ..http.credential_names import may_hold_credential, names_credential

_JSON: Final = "application/json"
"""What is sent where the operation has several types by now, and had one when this was put in."""


# Neither frozen nor of keywords alone: one is made for each event, and takes a fifth of the time.
@dataclass(slots=True)
class Parcel:
    """A call to be made, as data that can be stored and handed to another process.

    Attributes:
        operation: the name of the operation, behind that of the client: `track`.
        body: the bytes to send.
        content_type: of the body, where the operation has several; empty: the operation's own.
        target: path and query where they differ from call to call; empty: the operation's path.
        headers: of this call. Never credentials: these are the client's.
        key: parcels of one key are delivered in the order they were put in; empty: in any order.
        label: whatever whoever put it in wants to find it by again.
    """

    operation: str
    body: bytes = field(repr=False)
    content_type: str = ""
    target: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    key: str = field(default="", repr=False)
    label: str = ""


class CredentialError(ValueError):
    """A call holds a credential where it would be stored."""


class _Captured(Exception):
    """Ends a method of a client where it would send; its argument is the parcel."""


def capturing(client: ClientCore[Any]) -> Any:
    """A copy of a client whose methods check and write everything, and then end in `captured`."""
    clone: Any = copy(client)
    clone._call = partial(_capture, clone._requests)
    return clone


def captured(call: Callable[..., Any], arguments: Mapping[str, Any]) -> Parcel:
    """What a method of a client that is `capturing` would send.

    Args:
        call: the method.
        arguments: by name.

    Raises:
        TypeError: a body that can be read only once, as from an open file.
        Whatever the method raises for what it is given: a ValidationError, a TypeError.
    """
    try:
        call(**arguments).send(None)  # an async method, which never gets to wait
    except _Captured as caught:
        parcel: Parcel = caught.args[0]
        return parcel
    raise TypeError("this is not the method of a client that sends something")


def _capture(
    requests: RequestBuilder,
    endpoint: Endpoint,
    *,
    body: Body | None = None,
    target: str | None = None,
    parameters: Mapping[str, str] = NOTHING,
    headers: Mapping[str, str] | None = None,
    timeout: object = None,
    event: object = None,
) -> Any:
    content_type, content = "", body
    if isinstance(body, Payload):
        content_type, content = body.settled()
    if not isinstance(content, bytes):
        what = "no body" if content is None else "a body that can be read only once"
        raise TypeError(f"{endpoint.name} would send {what}: that cannot be stored")
    if timeout is not None:
        raise TypeError(
            "timeout is for calls that somebody waits for; give it to the client"
        )
    where = "" if target is None or target == endpoint.path else target
    if where or parameters:
        _check_parameters(endpoint, where, parameters)
    stored = _stored(requests, headers, parameters) if headers else parameters
    raise _Captured(Parcel(endpoint.name, content, content_type, where, stored))


def _check_parameters(
    endpoint: Endpoint, target: str, headers: Mapping[str, str]
) -> None:
    """Refuse a credential that the document declares as a parameter like any other."""
    query = target.partition("?")[2]
    names = [part.partition("=")[0] for part in query.split("&")] if query else []
    for name in (*headers, *names):
        if name.lower() != "cookie" and names_credential(name):
            raise CredentialError(
                f"{name} of {endpoint.name} is a parameter for a credential, and none is stored: "
                "declare it as a security scheme, by an overlay for example, and the client has it"
            )


def _stored(
    requests: RequestBuilder, headers: Mapping[str, str], parameters: Mapping[str, str]
) -> Mapping[str, str]:
    """The headers of a call as one mapping, those of its parameters before others."""
    checked = call_headers(headers)
    for name in headers:
        if requests.secret(name) or may_hold_credential(name):
            raise CredentialError(
                f"the header {name} is one for a credential, and none is stored: give it to the "
                "client, by the argument that it has for it or among its headers, which are sent "
                "with each event"
            )
    fixed = {name.lower() for name in parameters}
    own = {name: value for name, value in checked.pairs if name.lower() not in fixed}
    return {**own, **parameters}


def arguments_of(parcel: Parcel, endpoint: Endpoint) -> dict[str, Any]:
    """What the `_call` of a client is given beside the endpoint, to make the call at last."""
    body: Body = parcel.body
    media_type = parcel.content_type or endpoint.content_type or _JSON
    if media_type != endpoint.content_type:
        body = Payload(media_type, parcel.body)
    given: dict[str, Any] = {"body": body}
    if parcel.target:
        given["target"] = parcel.target
    if parcel.headers:
        given["parameters"] = parcel.headers
    return given
