"""Document -> Model: the only stage where OpenAPI becomes our domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import DocumentError
from ..diagnostics.remarks import Remark
from ..model.givennames import NO_NAMES, GivenNames
from ..model.model import Model
from ..schema.circles import circles
from ..schema.evaluation import MAX_SEEN, TooManyWays
from ..schema.inheritance import with_children
from ..schema.parse import Parser
from ..schema.selfunions import without_circles
from ..text.jsonvalues import Json
from ..text.pointers import Pointer, join_pointer
from ..validation.references import circular as places_of_circles
from .arrayevents import with_events_of_arrays
from .checks import clashing, misplaced
from .filling import unfillable
from .idempotency import faulty, with_idempotency
from .names.classnames import with_class_names
from .names.enumnames import with_enum_names
from .names.methodnames import with_method_names
from .names.names import Names
from .names.remembering import given_names
from .names.servernames import with_server_names
from .operations.callbacks import Callbacks
from .operations.operations import Operations
from .operations.servers import document_servers, lower_security_schemes
from .ordering import unordered
from .remarks import remarks_of
from .schemas.limits import MAX_DEPTH, MAX_MERGED, TooDeep, TooMany
from .schemas.types import Types
from .schemas.unread import Unread
from .sending import unsendable
from .silence import silencing_nothing, unsilenced

if TYPE_CHECKING:
    from ..config.config import ClientConfig
    from ..document.load import Document

_INFO = frozenset({"title", "version", "description"})
_ROOT = frozenset(
    "openapi info servers paths webhooks components security tags jsonSchemaDialect".split()
)


def lower(
    document: Document,
    client: ClientConfig,
    given: GivenNames = NO_NAMES,
    *,
    check: bool = True,
) -> Model:
    """The model of a validated document.

    `given`: what the package that is there calls its things, which stays while it can.
    `check=False` is for those who generate nothing: two classes or methods of one name are fine,
    and a schema that is too large, or in itself without end, is compared as it is written: the
    model's remarks say so.
    Raises DocumentError where the document, or configuration that speaks of it, makes no sense:
    two classes of one name, a configured pointer, server or operation that is not there.
    """
    try:
        return _lower(document, client, given, check)
    except TooDeep as error:
        message = f"lists, unions, conditions or maps are nested more than {MAX_DEPTH} deep"
        help = "give what is inside an object of its own, with properties"
        problem = document.diagnostic("E315", message, error.at, help=help)
        raise DocumentError([problem]) from None
    except TooMany as error:
        message = f"schemas in `allOf` or beside a choice make more than {MAX_MERGED} objects"
        help = "give what combines them one schema of its own, which says its properties itself"
        problem = document.diagnostic("E316", message, error.at, help=help)
        raise DocumentError([problem]) from None
    except TooManyWays as error:
        message = f"there are more than {MAX_SEEN} ways through the conditions that it sees"
        help = "say in fewer anyOf, oneOf, if and dependentSchemas what is evaluated"
        problem = document.diagnostic("E316", message, error.at, help=help)
        raise DocumentError([problem]) from None


def _lower(document: Document, client: ClientConfig, given: GivenNames, check: bool) -> Model:
    written = circular = _circular(document)
    data = with_children(without_circles(document.data, circular))
    if data is not document.data:
        circular = _circular(replace(document, data=data))
    known = circles(data, circular)
    parser = Parser(data, legacy=document.version == (3, 0), circles=known)
    names = Names(document, client, parser, given)
    types = Types(parser, names, unread=None if check else Unread(parser))
    operations = Operations(parser, types, client)
    # An extension may stand among the paths.
    paths = {k: v for k, v in (data.get("paths") or {}).items() if not k.startswith("x-")}
    requests = operations.lower(paths, "/paths", data.get("security"))
    webhooks = operations.lower(data.get("webhooks") or {}, "/webhooks", None)
    callbacks = Callbacks(parser, types, client)
    model = Model(
        title=data["info"]["title"],
        version=data["info"]["version"],
        description=data["info"].get("description", ""),
        servers=document_servers(
            data.get("servers") or [{"url": "/"}],
            client.servers,
            [server for operation in requests for server in operation.servers],
        ),
        security_schemes=lower_security_schemes(parser, data, client.auth),
        operations=callbacks.added(requests),
        webhooks=callbacks.added(webhooks),
        events=types.events.found(),
        objects=types.objects,
        aliases=types.aliases,
        other=_other(data),
    )
    model = with_events_of_arrays(model, client)
    model, apart = _told_apart(model, names, client, given)
    model = with_idempotency(model, client)
    if types.unread:
        return replace(model, remarks=(*document.notes, *types.unread.remarks()))
    apart = (*map(_in_itself, written), *operations.repeated, *apart)
    remarks = (*document.notes, *remarks_of(document, client, model, types, apart))
    _check(document, client, model, names, remarks)
    return replace(model, remarks=unsilenced(client, remarks))


def _told_apart(
    alone: Model, names: Names, client: ClientConfig, given: GivenNames
) -> tuple[Model, tuple[Remark, ...]]:
    """The model with final names, and what is to be said of those that met."""
    model, classes = with_class_names(alone, names.named, given)
    chosen = {identity for identity, each in client.operations.items() if each.name}
    model, methods = with_method_names(model, chosen, given)
    model, servers = with_server_names(model, client.servers, given)
    model = with_enum_names(model, given)
    model = replace(model, given=given_names(alone, model, names, client))
    return model, (*classes, *names.remarks(model), *methods, *servers)


def _in_itself(at: Pointer) -> Remark:
    return Remark(
        code="N119",
        message="this schema is an alternative of itself: as that it adds nothing",
        at=at,
        help="remove the reference that leads back to it",
    )


def _circular(document: Document) -> list[Pointer]:
    """Where schemas are that are in themselves, one of each circle at least."""
    return list(dict.fromkeys(map(join_pointer, places_of_circles(document))))


def _check(
    document: Document,
    client: ClientConfig,
    model: Model,
    names: Names,
    remarks: tuple[Remark, ...],
) -> None:
    problems = [
        *names.problems(model),
        *misplaced(document, client, model),
        *clashing(document, client, model),
        *unsendable(document, client, model),
        *faulty(document, client, model),
        *unfillable(document, client, model),
        *unordered(document, client, model),
        *silencing_nothing(client, remarks),
    ]
    if problems:
        raise DocumentError(problems)


def _other(data: Mapping[str, Any]) -> tuple[tuple[str, Json], ...]:
    info = {k: v for k, v in data["info"].items() if k not in _INFO and not k.startswith("x-")}
    root = {k: v for k, v in data.items() if k not in _ROOT and not k.startswith("x-")}
    return tuple(sorted({**root, **({"info": info} if info else {})}.items()))
