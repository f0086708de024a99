"""Rules about events as a whole, and about Python names."""

from __future__ import annotations

from .base import BREAKS, Rule

_BOTH_WAYS = "an event is known by its literal whichever way it travels; the rule serves both"
_NAMES = "names are Python's, not the wire's: they have no direction"

EVENTS = (
    Rule(
        id="EVENT_REMOVED",
        severity="error",
        axes=BREAKS,
        meaning="an event is no longer accepted",
        why="what is still sent is refused, or answered 200 and dropped where the API is lenient",
        mend="stop sending it; ask what takes its place",
        old="oneOf: [{$ref: user_deleted}, {$ref: user_suppressed}]",
        new="oneOf: [{$ref: user_deleted}]",
        waiver=_BOTH_WAYS,
    ),
    Rule(
        id="EVENT_NAME_CHANGED",
        severity="error",
        axes=BREAKS,
        meaning="an event of the same shape now has another literal",
        why="payloads with the old literal match nothing any more; the builder's class is renamed",
        mend="regenerate and use the new class; sent and queued payloads need the new literal",
        old="event: {const: User Deleted}",
        new="event: {const: Person Deleted}",
        waiver=_BOTH_WAYS,
    ),
    Rule(
        id="EVENT_SCHEMA_REASSIGNED",
        severity="error",
        axes=BREAKS,
        meaning="a literal now stands for what was another event's schema",
        why="the set of events and of keys is unchanged, yet each payload needs the other's keys",
        mend="check with the vendor that this is meant; then rewrite what builds these events",
        old="a: {event: {const: A}, x: …}, b: {event: {const: B}, y: …}",
        new="a: {event: {const: B}, x: …}, b: {event: {const: A}, y: …}",
        waiver=_BOTH_WAYS,
    ),
    Rule(
        id="EVENT_ADDED",
        severity="info",
        axes=(),
        meaning="an event is new",
        why="nothing has to change",
        mend="regenerate to be able to build it",
        old="oneOf: [{$ref: user_deleted}]",
        new="oneOf: [{$ref: user_deleted}, {$ref: user_suppressed}]",
        waiver=_BOTH_WAYS,
    ),
)

SOURCE = (
    Rule(
        id="SOURCE_OPERATION_ID_CHANGED",
        severity="error",
        axes=("SOURCE",),
        meaning="an operation has another operationId, so its method has another name",
        why="calls of the old method fail; the wire is the same",
        mend="call the new method, or give it the old name under [client.operations]",
        old="operationId: track",
        new="operationId: track_events",
        waiver=_NAMES,
    ),
    Rule(
        id="SOURCE_NAME_CHANGED",
        severity="error",
        axes=("SOURCE",),
        meaning="a generated class, argument, attribute or server is called otherwise",
        why="code that uses the old name fails; the wire is the same",
        mend="use the new name, or configure the old one",
        old="address: {$ref: '#/components/schemas/address'}",
        new="address: {$ref: '#/components/schemas/postal_address'}",
        waiver=_NAMES,
    ),
)
