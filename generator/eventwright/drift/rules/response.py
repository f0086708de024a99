"""Rules about what comes back: each mirrors a request rule, or is about answers only."""

from __future__ import annotations

from ..findings.finding import Axis, Severity
from .base import Rule

_ONLY_ANSWERS = "only answers have it"
_SOURCE: tuple[Axis, ...] = ("SOURCE",)
_SEMANTIC: tuple[Axis, ...] = ("SEMANTIC",)


def _mirror(
    kind: str, severity: Severity, axes: tuple[Axis, ...], *words: str, request: str = ""
) -> Rule:
    meaning, why, mend, old, new = words
    return Rule(
        id=f"RESP_{kind}",
        severity=severity,
        axes=axes,
        meaning=meaning,
        why=why,
        mend=mend,
        old=old,
        new=new,
        mirror=request or f"REQ_{kind}",
    )


_HARMLESS = "what readers rely on still holds"
_NOTHING = "nothing to do"
_READERS = "check what reads it"

MIRRORS = (
    _mirror(
        "PROPERTY_ADDED_REQUIRED", "info", (), "answers have a new key, always",
        "readers may ignore it", _NOTHING, "properties: {id: …}",
        "properties: {id: …, at: …}\nrequired: [at]",
    ),
    _mirror(
        "PROPERTY_ADDED_OPTIONAL", "info", (), "answers may have a new key",
        "readers may ignore it", _NOTHING, "properties: {id: …}", "properties: {id: …, at: …}",
    ),
    _mirror(
        "PROPERTY_REMOVED", "error", _SOURCE, "answers no longer declare a key",
        "a reader of it finds nothing", "stop reading it", "properties: {id: …, at: …}",
        "properties: {id: …}",
    ),
    _mirror(
        "PROPERTY_BECAME_REQUIRED", "info", (), "a key is always there now",
        _HARMLESS, _NOTHING, "required: []", "required: [id]",
    ),
    _mirror(
        "PROPERTY_BECAME_OPTIONAL", "error", _SOURCE, "a key may be missing from answers",
        "a reader that takes it for granted fails", "handle its absence", "required: [id]",
        "required: []",
    ),
    _mirror(
        "TYPE_CHANGED", "error", _SOURCE, "a value in answers has another type",
        "a reader gets what it does not expect", _READERS, "errors: {items: {type: string}}",
        "errors: {items: {type: object}}",
    ),
    _mirror(
        "TYPE_NARROWED", "info", (), "answers hold fewer kinds of value",
        _HARMLESS, _NOTHING, "amount: {type: number}", "amount: {type: integer}",
    ),
    _mirror(
        "TYPE_WIDENED", "error", _SOURCE, "answers hold more kinds of value",
        "a reader meets a kind it does not know", _READERS, "amount: {type: integer}",
        "amount: {type: number}", request="REQ_CONSTRAINT_RELAXED",
    ),
    _mirror(
        "ENUM_VALUE_REMOVED", "info", (), "one of the fixed values no longer comes",
        _HARMLESS, _NOTHING, "enum: [ok, late]", "enum: [ok]",
    ),
    _mirror(
        "ENUM_VALUE_ADDED", "warning", _SEMANTIC, "one more fixed value may come",
        "a reader that tells the values apart meets a new one", "handle the new value",
        "enum: [ok]", "enum: [ok, late]",
    ),
    _mirror(
        "ENUM_CLOSED", "info", (), "only fixed values come",
        _HARMLESS, _NOTHING, "status: {type: string}", "status: {enum: [ok]}",
    ),
    _mirror(
        "ENUM_OPENED", "warning", _SEMANTIC, "any value of the type may come",
        "a reader that tells the values apart meets new ones", "handle unknown values",
        "status: {enum: [ok]}", "status: {type: string}",
    ),
    _mirror(
        "CONSTRAINT_TIGHTENED", "info", (), "a length, bound or condition promises more",
        _HARMLESS, _NOTHING, "id: {type: string}", "id: {type: string, maxLength: 64}",
    ),
    _mirror(
        "CONSTRAINT_RELAXED", "warning", _SEMANTIC, "a length, bound or condition promises less",
        "a column or a check that relied on it may be too narrow", _READERS,
        "id: {type: string, maxLength: 64}", "id: {type: string}",
    ),
    _mirror(
        "FORMAT_CHANGED", "error", _SOURCE, "a value in answers is written otherwise",
        "a reader that parses it fails", _READERS, "at: {type: string, format: date}",
        "at: {type: string, format: date-time}",
    ),
    _mirror(
        "OBJECT_CLOSED", "info", (), "answers hold declared keys only",
        _HARMLESS, _NOTHING, "additionalProperties: true", "additionalProperties: false",
    ),
    _mirror(
        "BECAME_NULLABLE", "error", _SOURCE, "a value in answers may be null",
        "a reader that takes it for granted fails", "handle null", "at: {type: string}",
        "at: {type: [string, 'null']}",
    ),
    _mirror(
        "DEFAULT_CHANGED", "warning", _SEMANTIC, "a key missing from an answer means another value",
        "a reader that fills in the old one is wrong", "fill in the new one",
        "n: {type: integer, default: 1}", "n: {type: integer, default: 2}",
    ),
    _mirror(
        "CONSTANT_CHANGED", "error", _SOURCE, "a fixed value in answers is another one",
        "a reader that relies on the old one never meets it again", "read the new value",
        "kind: {const: a}", "kind: {const: b}", request="REQ_ENUM_VALUE_REMOVED",
    ),
    _mirror(
        "CONSTRAINT_CHANGED", "warning", _SEMANTIC,
        "a pattern or a condition is another; which of the two takes more is not known",
        "a reader that relied on the old one may meet other values", _READERS,
        "id: {type: string, pattern: '^[a-z]+$'}", "id: {type: string, pattern: '^[0-9]+$'}",
    ),
    _mirror(
        "PROPERTY_BECAME_WRITE_ONLY", "error", _SOURCE, "a key of answers is one of requests only",
        "a reader of it finds nothing", "stop reading it", "id: {type: string}",
        "id: {type: string, writeOnly: true}", request="REQ_PROPERTY_BECAME_READ_ONLY",
    ),
    _mirror(
        "PROPERTY_BECAME_READABLE_REQUIRED", "info", (), "a key of requests only always comes",
        "readers may ignore it", _NOTHING, "id: {type: string, writeOnly: true}",
        "required: [id]\nid: {type: string}", request="REQ_PROPERTY_BECAME_WRITABLE_REQUIRED",
    ),
    _mirror(
        "PROPERTY_BECAME_READABLE", "info", (), "a key of requests only may come",
        "readers may ignore it", _NOTHING, "id: {type: string, writeOnly: true}",
        "id: {type: string}", request="REQ_PROPERTY_BECAME_WRITABLE",
    ),
    _mirror(
        "ENCODING_CHANGED", "error", _SOURCE, "a part of a form is written otherwise",
        "a reader that takes it apart as before misreads it", _READERS,
        "encoding: {ids: {style: form}}", "encoding: {ids: {style: spaceDelimited}}",
    ),
    _mirror(
        "MEDIA_TYPE_REMOVED", "error", _SOURCE, "answers no longer come in this media type",
        "a reader of it gets another", "ask for another", "content: {application/json: …}",
        "content: {text/plain: …}",
    ),
    _mirror(
        "MEDIA_TYPE_ADDED", "info", (), "answers may come in one more media type",
        "it comes only to those who ask for it", _NOTHING, "content: {application/json: …}",
        "content: {application/json: …, text/plain: …}",
    ),
)  # fmt: skip

_ANSWERS: tuple[tuple[str, Severity, tuple[Axis, ...], str, str, str, str, str], ...] = (
    (
        "RESP_STATUS_ADDED", "warning", _SEMANTIC, "an operation may answer with one more status",
        "callers may want to handle it", "decide what it means for the caller",
        "responses: {'200': …}", "responses: {'200': …, '429': …}",
    ),
    (
        "RESP_STATUS_REMOVED", "warning", _SEMANTIC, "a status is no longer documented",
        "code that waits for it may wait in vain", "find out what takes its place",
        "responses: {'200': …, '202': …}", "responses: {'200': …}",
    ),
    (
        "RESP_HEADER_ADDED", "info", (), "answers have a new header",
        "readers may ignore it", _NOTHING, "headers: {}", "headers: {X-Id: …}",
    ),
    (
        "RESP_HEADER_REMOVED", "error", _SOURCE, "answers no longer declare a header",
        "a reader of it finds nothing", "stop reading it", "headers: {X-Id: …}", "headers: {}",
    ),
    (
        "RESP_HEADER_BECAME_REQUIRED", "info", (), "a header is always there now",
        _HARMLESS, _NOTHING, "X-Id: {schema: …}", "X-Id: {required: true, schema: …}",
    ),
    (
        "RESP_HEADER_BECAME_OPTIONAL", "error", _SOURCE, "a header may be missing",
        "a reader that takes it for granted fails", "handle its absence",
        "X-Id: {required: true, schema: …}", "X-Id: {schema: …}",
    ),
)  # fmt: skip

RESPONSE = (
    *MIRRORS,
    *(
        Rule(
            id=name,
            severity=severity,
            axes=axes,
            meaning=meaning,
            why=why,
            mend=mend,
            old=old,
            new=new,
            waiver=_ONLY_ANSWERS,
        )
        for name, severity, axes, meaning, why, mend, old, new in _ANSWERS
    ),
)
