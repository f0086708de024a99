"""The registry of rules. Ids are stable: acceptances and CI configurations name them."""

from __future__ import annotations

from collections.abc import Mapping

from ..findings.finding import Side
from .base import Rule
from .events import EVENTS, SOURCE
from .request import REQUEST
from .response import MIRRORS, RESPONSE
from .transport import TRANSPORT
from .words import WORDS

__all__ = ["RULES", "Rule", "rule_for"]

RULES: Mapping[str, Rule] = {
    rule.id: rule for rule in (*EVENTS, *REQUEST, *RESPONSE, *TRANSPORT, *SOURCE, *WORDS)
}

_BY_KIND: Mapping[Side, Mapping[str, str]] = {
    "request": {rule.id.removeprefix("RESP_"): rule.mirror for rule in MIRRORS},
    "response": {rule.id.removeprefix("RESP_"): rule.id for rule in MIRRORS},
}


def rule_for(side: Side, kind: str) -> str:
    """The id for a kind of change on one side; a kind without sides is an id itself.

    >>> rule_for("request", "TYPE_CHANGED"), rule_for("response", "DEPRECATED")
    ('REQ_TYPE_CHANGED', 'DEPRECATED')
    """
    return _BY_KIND[side].get(kind, kind)
