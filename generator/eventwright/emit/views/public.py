"""The view of `__init__.py`: what the package exports, and what it loads only when asked for."""

from __future__ import annotations

from dataclasses import dataclass

from ...python.order import import_names, sorted_names
from ..declarations.events import EventsView
from .client import ClientView
from .errors import ErrorsView

_SENDING = {
    "_runtime.calls.responses": ("Answer",),
    "_runtime.http.messages": (
        "AnswerError",
        "AsyncTransport",
        "BadRequest",
        "ClientError",
        "Conflict",
        "ConnectionFailed",
        "Forbidden",
        "NotFound",
        "Request",
        "Response",
        "ServerFailure",
        "TimedOut",
        "Timeouts",
        "TooManyRequests",
        "Transport",
        "TransportError",
        "Unauthorized",
        "UnexpectedAnswer",
        "UnprocessableContent",
    ),
    "_runtime.http.headers": ("Headers",),
    "_runtime.client.retries": ("RetryPolicy",),
    "async_client": ("AsyncClient",),
    "client": ("Client",),
}
_BESIDE = {
    # A class of the document comes before these.
    "_runtime.client.hooks": frozenset({"Attempt"}),
    "_runtime.http.sockets": frozenset({"SocketTransport"}),
    "_runtime.http.streams": frozenset({"AsyncSocketTransport"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicView:
    """Names by where they come from; module paths relative to the package."""

    eager: tuple[tuple[str, tuple[str, ...]], ...]
    """Module and names of what is loaded at once."""
    lazy: tuple[tuple[str, tuple[str, ...]], ...]
    """Loaded on first use, so that builders do not pull in http, ssl or asyncio."""
    names: tuple[str, ...]


def public_view(events: EventsView, client: ClientView, errors: ErrorsView) -> PublicView:
    """`__all__`, and the imports behind it."""
    own = {"Problem"} & {*events.exported}
    eager: dict[str, tuple[str, ...]] = {
        "_runtime.builders.dispatch": ("UnknownEvent",) if events.events else (),
        "_runtime.kinds.base": ("Unrecognized",) if _has_unrecognized(events, client) else (),
        "_runtime.values": ("UNSET", "Unset", "or_none"),
        # A class of the document comes before what the runtime calls the same.
        "_runtime.values.problems": import_names({"Problem", "ValidationError"} - own),
    }
    lazy: dict[str, tuple[str, ...]] = dict(_SENDING) if client.methods else {}
    for module, names in _BESIDE.items() if client.methods else ():
        lazy[module] = import_names(names - {*events.exported})
    for module, kept in (("downloads", "Download"), ("json_lines", "JsonLines")):
        if any(operation.answers.kept == kept for operation in client.methods):
            lazy[f"_runtime.calls.{module}"] = (kept,)
    if any(operation.answers.paging for operation in client.methods):
        lazy["_runtime.calls.pages"] = ("AsyncPages", "Pages")
    declared = {each.name for each in errors.errors}
    if declared:
        messages = "_runtime.http.messages"
        lazy[messages] = tuple(name for name in lazy[messages] if name not in declared)
        lazy["errors"] = import_names(declared)
    (lazy if events.modules else eager)["events"] = events.exported
    if any(view.body and view.body.takes_files for view in client.methods):
        lazy["_runtime.bodies.multipart"] = ("UploadFile",)
    grants = client.credentials.grants
    if grants and client.methods:  # classes of the document come first here too
        lazy["_runtime.auth.oauth"] = import_names({*grants, "TokenError"} - {*events.exported})
    if client.servers and client.methods:
        lazy["api"] = ("Server",)
    everything = [name for names in (*eager.values(), *lazy.values()) for name in names]
    return PublicView(
        eager=tuple((module, import_names(names)) for module, names in eager.items() if names),
        lazy=tuple((each, import_names(lazy[each])) for each in sorted(lazy) if lazy[each]),
        names=sorted_names(everything),
    )


def _has_unrecognized(events: EventsView, client: ClientView) -> bool:
    texts = [operation.answers.annotation for operation in client.methods]
    texts += [key.annotation for each in events.classes for key in each.keys]
    return any("Unrecognized" in text for text in texts)
