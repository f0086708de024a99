"""What an answer costs after its last byte is bounded, whatever a server puts into it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from behaviour.clients import BODY, CALLS, async_client
from behaviour.faultserver import FaultServer, reply
from behaviour.runtime import load
from behaviour.scenarios import KEY, ONCE, TRACK

errors = load("_runtime.http.messages")
errortexts = load("_runtime.calls.responses")
hiding = load("_runtime.http.security")
LIMIT = load("_runtime.http.http1").DEFAULT_LIMITS.body
PATIENT = load("_runtime.http.messages").Timeouts(read=20.0, total=60.0)
Secrets = hiding.Secrets


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    return CALLS[request.param]


def listed(texts: str, size: int) -> bytes:
    """A 400's body of about so many bytes, all of it one list of texts."""
    items = ",".join([json.dumps(texts)] * (size // (len(texts) + 3)))
    return f'{{"meta":{{"errors":[{items}]}}}}'.encode()


LARGE = {
    "many texts": listed("no", LIMIT - 100),
    "long texts": listed("no " * 100_000, LIMIT - 100),
    "beyond the limit": listed("no event", LIMIT * 4),
    "escapes": listed('"\\/' * 300, LIMIT // 2),
    "the key": listed(f"{KEY} ", LIMIT - 100),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_long_list_of_errors(
    call: Callable[..., Any], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []
    search = Secrets.hide_bytes

    def counted(self: Any, data: bytes, **options: Any) -> Any:
        searched.append(len(data))
        return search(self, data, **options)

    monkeypatch.setattr(Secrets, "hide_bytes", counted)
    with FaultServer(reply(400, LARGE[kind])) as server, pytest.raises(errors.BadRequest) as caught:
        call(server.url, timeout=PATIENT, retries=ONCE)
    error = caught.value
    assert 1 <= len(error.errors) <= 51
    assert max(map(len, error.errors)) <= 1001
    assert len(str(error)) <= 1200
    assert len(error.body) <= 262_144
    assert KEY not in f"{error}{error.errors}{error.body!r}"
    # The body that is kept, the texts, a few headers: each once.
    assert sum(searched) < 262_144 + 51 * 6 * 1000 + 2000


def test_no_more_texts_are_read_than_shown() -> None:
    body = b'{"a": {"x": [{}], "b": ["1", 2, {"c": "d"}, "4'
    assert list(errortexts.error_texts(body, ("a", "b"))) == ["1", "2", '{"c": "d"}']
    assert list(errortexts.error_texts(b'{"a": "x"} junk', ("a",))) == ["x"]
    wide = b"{" + b'"k":0,' * 2000 + b'"a": ["x"]}'
    assert list(errortexts.error_texts(wide, ("a",))) == []
    for body in (b"", b"[", b'{"a"', b'{"a": 7}', b"[1]", b"\xff\xfe", b'{"a":' + b"[" * 99_999):
        assert list(errortexts.error_texts(body, ("a",))) == []


KEYS = ["\\" * 8, "\\" * 8 + "key", "a" * 40 + "b", "%41" * 9, "&amp;" * 9, "\\u0041" * 4, "+" * 9]


@pytest.mark.parametrize("key", KEYS)
def test_any_credential_is_looked_for_in_time(key: str) -> None:
    """Those that a pattern takes for ever with; each is found among much that begins like it."""
    for filler in ("\\", "a", "%41", "&amp;", "\\u0041", "%25", "&#0", "+"):
        text = filler * (20_000 // len(filler))
        assert Secrets([key]).hide(f"{text}<{key}>").endswith(("<***>", "***>"))


@pytest.mark.parametrize("cut", range(1, len(KEY)))
def test_a_text_that_is_cut_shows_no_beginning_of_the_key(cut: int) -> None:
    secrets = Secrets([KEY])
    for spelt in (KEY, "".join(f"%{ord(c):02x}" for c in KEY), json.dumps(KEY)[1:-1]):
        part = spelt[: cut * len(spelt) // len(KEY)]
        for rest in ("", "%", "\\", "\\u00", "&#x", "%2"):
            shown = secrets.hide(f"no such key: {part}{rest}", cut=True)
            assert shown in ("no such key: ***", "no such key: ")


@pytest.mark.heavy
@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"[" + b"[]," * (LIMIT // 3 - 9) + b"[]]"),
        reply(200, json.dumps(["x"] * (LIMIT // 6)).encode()),
        reply(400, LARGE["many texts"]),
        reply(400, LARGE["escapes"]),
        reply(400, b"%41" * (LIMIT // 3)),
    ],
)
def test_the_loop_is_not_held_up_for_long(answer: Any) -> None:
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    async def main() -> None:
        beating = asyncio.create_task(beat())
        async with async_client(server.url, timeout=PATIENT, retries=ONCE) as client:
            with contextlib.suppress(errors.BadRequest):
                await client._call(TRACK, body=BODY)
        beating.cancel()

    with FaultServer(answer) as server:
        asyncio.run(main())
    assert longest < 1.5  # CPU seconds of this thread; a quarter of one here


def test_a_long_body_is_read_without_a_look_at_all_objects() -> None:
    """How long a collection takes is up to the program around, not to the answer."""
    seen: list[str] = []
    body = b"[" + b"[]," * (LIMIT // 30) + b"[]]"

    def collecting(phase: str, _: dict[str, int]) -> None:
        seen.append(phase)

    read = load("_runtime.http.content").parsed
    gc.callbacks.append(collecting)
    try:
        assert len(read(body)) == LIMIT // 30 + 1
        assert seen == []
        assert gc.isenabled()
        gc.disable()
        read(body)
        assert not gc.isenabled(), "as the program has it"
    finally:
        gc.enable()
        gc.callbacks.remove(collecting)
