"""What is compared with what, and which goal it has."""

from __future__ import annotations

from dataclasses import dataclass

PYDANTIC = "Pydantic v2"
OPC = "openapi-python-client"
DCG = "datamodel-codegen"
VENDOR = "customerio-cdp-analytics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A comparison.

    Attributes:
        ours: the candidate whose cost is divided.
        theirs: the one whose cost it is divided by.
        goal: the highest ratio aimed at; None: for information.
        limit: the most of it that is aimed at, whatever the others take; None: no such limit.
        memory: whether bytes are compared, not CPU time.
    """

    what: str
    against: str
    ours: str
    theirs: str
    goal: float | None = None
    limit: float | None = None
    memory: bool = False


_EVENTS: tuple[tuple[str, str, float | None, float | None], ...] = (
    ("objects", "objects", 0.40, 0.50),
    ("… and one undeclared key", "undeclared", 0.60, 0.75),
    ("… in a zone: an offset of its own", "offset", 0.80, None),
    ("… in a zone: Europe/Berlin", "zone", 0.80, None),
    ("… and integrations={…}", "integrations", 0.60, None),
    ("the README's: a mapping, an undeclared key", "readme", 0.75, 0.85),
)
"""What it is built from, its name in `building`, and the goals of building and of writing it."""


def _against_pydantic(verb: str, what: str, name: str, goal: float | None) -> Row:
    ours, theirs = f"{verb} {name} eventwright", f"{verb} {name} pydantic"
    return Row(what=what, against=PYDANTIC, ours=ours, theirs=theirs, goal=goal)


BUILDING = (
    *(_against_pydantic("build", f"build: {what}", name, goal) for what, name, goal, _ in _EVENTS),
    *(
        _against_pydantic("write", f"build → JSON bytes: {what}", name, goal)
        for what, name, _, goal in _EVENTS
    ),
    Row(
        what="build → JSON bytes: objects",
        against=OPC,
        ours="write objects eventwright",
        theirs="write objects openapi-python-client",
        goal=0.4,
    ),
)

CONVERTING = (
    Row(
        what="to_dict",
        against=PYDANTIC,
        ours="to_dict eventwright",
        theirs="to_dict pydantic",
        goal=0.5,
    ),
    Row(
        what="from_dict",
        against=PYDANTIC,
        ours="from_dict eventwright",
        theirs="from_dict pydantic",
        goal=0.75,
    ),
    Row(
        what="from_json",
        against=PYDANTIC,
        ours="from_json eventwright",
        theirs="from_json pydantic",
        goal=1.8,
    ),
    Row(
        what="from_json: one undeclared key",
        against=PYDANTIC,
        ours="from_json undeclared eventwright",
        theirs="from_json undeclared pydantic",
    ),
    Row(
        what="from_json",
        against=OPC,
        ours="from_json eventwright",
        theirs="from_json openapi-python-client",
    ),
)

SENDING = (
    Row(
        what="send, sync",
        against="bare http.client",
        ours="send eventwright",
        theirs="send http.client",
        goal=0.6,
    ),
    Row(
        what="send, sync",
        against=OPC,
        ours="send eventwright",
        theirs="send openapi-python-client",
        goal=0.25,
    ),
    Row(
        what="send, sync",
        against=VENDOR,
        ours="send eventwright",
        theirs="send customerio-cdp-analytics",
        goal=0.2,
    ),
    Row(
        what="send, async, 32 in flight",
        against="bare aiohttp",
        ours="async eventwright",
        theirs="async aiohttp",
        goal=0.6,
    ),
    Row(
        what="cold process to the first answer",
        against=VENDOR,
        ours="start eventwright",
        theirs="start customerio-cdp-analytics",
        goal=0.4,
    ),
)

DELIVERING = (
    Row(
        what="put, durable",
        against=f"the volatile queue of {VENDOR}",
        ours="put eventwright",
        theirs="put customerio-cdp-analytics",
        goal=1.0,
        limit=25e3,
    ),
    Row(
        what="put, durable, by eight threads at once",
        against="by one",
        ours="put eventwright of eight threads",
        theirs="put eventwright",
    ),
    Row(
        what="put, durable, behind a million events",
        against="none before it",
        ours="put eventwright behind a million",
        theirs="put eventwright",
        goal=1.2,
    ),
    Row(
        what="open an outbox of a million events",
        against="one put",
        ours="open eventwright of a million",
        theirs="put eventwright",
        limit=1e9,
    ),
    Row(
        what="put and delivered, in memory, a request each",
        against=f"{VENDOR}, a hundred in a request",
        ours="deliver eventwright in memory",
        theirs="deliver customerio-cdp-analytics",
        goal=1.67,
    ),
    Row(
        what="… with a hook, so that each request has a thread",
        against=f"{VENDOR}, a hundred in a request",
        ours="deliver eventwright with a hook",
        theirs="deliver customerio-cdp-analytics",
    ),
    Row(
        what="… by an AsyncOutbox",
        against=f"{VENDOR}, a hundred in a request",
        ours="deliver eventwright on a loop",
        theirs="deliver customerio-cdp-analytics",
    ),
    Row(
        what="… durable",
        against=f"{VENDOR}, a hundred in a request",
        ours="deliver eventwright",
        theirs="deliver customerio-cdp-analytics",
    ),
    Row(
        what="a process that delivers 5,000 of a million",
        against="5,000 of 100,000",
        ours="deliver of a million",
        theirs="deliver of few",
        goal=1.2,
    ),
    Row(
        what="… its peak memory",
        against="5,000 of 100,000",
        ours="deliver of a million peak",
        theirs="deliver of few peak",
        limit=100 * 2**20,
        memory=True,
    ),
)

IMPORTING = (
    Row(
        what="import and build one event of a thousand",
        against="one of eight",
        ours="import one of 1000",
        theirs="import one of 8",
        goal=1.25,
    ),
    Row(
        what="import all thousand events",
        against="one of them",
        ours="import all of 1000",
        theirs="import one of 1000",
    ),
)

GENERATING = (
    Row(
        what="check, nothing changed",
        against="python -c pass",
        ours="check script",
        theirs="check python -c pass",
        goal=2.0,
    ),
    Row(
        what="python -m eventwright check",
        against="python -c pass",
        ours="check module",
        theirs="check python -c pass",
    ),
    Row(
        what="check, nothing changed",
        against="datamodel-codegen --check",
        ours="check script",
        theirs="check datamodel-codegen",
    ),
    Row(
        what="generate",
        against=f"{DCG}, its quick formatter",
        ours="generate eventwright",
        theirs="generate datamodel-codegen unformatted",
        goal=0.6,
    ),
    Row(
        what="generate",
        against=DCG,
        ours="generate eventwright",
        theirs="generate datamodel-codegen",
    ),
    Row(
        what="generate with pydantic",
        against=DCG,
        ours="generate eventwright with pydantic",
        theirs="generate datamodel-codegen",
    ),
    Row(
        what="generate, 100 events",
        against=OPC,
        ours="generate 100 eventwright",
        theirs="generate 100 openapi-python-client",
        goal=0.8,
    ),
    Row(
        what="generate, 3 MB of YAML",
        against=OPC,
        ours="generate 3 MB eventwright",
        theirs="generate 3 MB openapi-python-client",
        goal=0.5,
    ),
    Row(
        what="generate, 13 MB",
        against=OPC,
        ours="generate 13 MB eventwright",
        theirs="generate 13 MB openapi-python-client",
        goal=0.5,
    ),
    Row(
        what="generate, 13 MB: peak memory",
        against=OPC,
        ours="generate 13 MB eventwright peak",
        theirs="generate 13 MB openapi-python-client peak",
        limit=2.0**30,
        memory=True,
    ),
)

DIFFING = (
    Row(what="diff, 1.3 MB", against="the flagship", ours="diff 1.3 MB", theirs="diff flagship"),
    Row(what="diff, 13 MB", against="1.3 MB", ours="diff 13 MB", theirs="diff 1.3 MB", goal=12.0),
    Row(
        what="diff, two releases of 13 MB",
        against="1.3 MB",
        ours="diff released",
        theirs="diff 1.3 MB",
        goal=12.0,
    ),
)

ROWS = (*BUILDING, *CONVERTING, *SENDING, *DELIVERING, *IMPORTING, *GENERATING, *DIFFING)
