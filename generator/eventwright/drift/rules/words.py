"""Rules about words, deprecation, and whatever no other rule knows."""

from __future__ import annotations

from .base import Rule

_NO_DIRECTION = "it means the same in both directions; the rule serves both"

WORDS = (
    Rule(
        id="DEPRECATED",
        severity="warning",
        axes=("SEMANTIC",),
        meaning="something is deprecated now",
        why="it still works, but is going to be removed",
        mend="plan to do without it",
        old="href: {type: string}",
        new="href: {type: string, deprecated: true}",
        waiver=_NO_DIRECTION,
    ),
    Rule(
        id="SUNSET_TOO_SOON",
        severity="error",
        axes=("SEMANTIC",),
        meaning="something ends earlier than `sunset_notice` of the configuration allows",
        why="whoever sends has less time to do without it than was promised",
        mend="ask for a later `x-sunset`, or do without it by then",
        old="deprecated: false",
        new="{deprecated: true, x-sunset: 2030-01-01}",
        waiver=_NO_DIRECTION,
    ),
    Rule(
        id="DEPRECATION_LIFTED",
        severity="info",
        axes=(),
        meaning="something is no longer deprecated",
        why="it stays",
        mend="nothing to do",
        old="href: {type: string, deprecated: true}",
        new="href: {type: string}",
        waiver=_NO_DIRECTION,
    ),
    Rule(
        id="DOCS_DESCRIPTION_CHANGED",
        severity="docs",
        axes=("DOCS",),
        meaning="a title, summary or description reads otherwise",
        why="only docstrings move; sometimes the words say more than the schema",
        mend="read them",
        old="description: The ID.",
        new="description: The ID of the delivery.",
        waiver=_NO_DIRECTION,
    ),
    Rule(
        id="DOCS_EXAMPLE_CHANGED",
        severity="docs",
        axes=("DOCS",),
        meaning="an example, or a merely suggested value, is another",
        why="nothing moves but documentation",
        mend="nothing to do",
        old="example: 42",
        new="example: 43",
        waiver=_NO_DIRECTION,
    ),
    Rule(
        id="DOCS_INFO_CHANGED",
        severity="docs",
        axes=("DOCS",),
        meaning="the document's title, version, tags or contacts are others",
        why="metadata",
        mend="nothing to do",
        old="info: {version: 1.0.0}",
        new="info: {version: 1.0.1}",
        waiver=_NO_DIRECTION,
    ),
    Rule(
        id="UNCLASSIFIED",
        severity="warning",
        axes=("SEMANTIC",),
        meaning="something changed that no rule knows",
        why="it may break; nothing that changes the model is ever silent",
        mend="read both places and decide",
        old="data: {type: string, contentEncoding: base64}",
        new="data: {type: string, contentEncoding: base16}",
        waiver=_NO_DIRECTION,
    ),
)
