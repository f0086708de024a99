"""Credentials and headers as they are given: how they are written, and which are refused."""

from __future__ import annotations

import copy
import pickle
import traceback
from typing import Any

import pytest

from behaviour.leaks import connect, leaks
from behaviour.runtime import load
from behaviour.scenarios import KEY, TRACK

credentials = load("_runtime.http.security")
http = load("_runtime.http.messages")
BREAKS = ["\n", "\r", "\r\nX-Evil: 1", "\x00", "\x1b[31m", "\x7f", "\u2028", "\ud800"]


def test_basic_is_the_key_and_a_blank_password() -> None:
    assert credentials.basic("key") == "Basic a2V5Og=="
    assert credentials.basic("käse", "p:w") == "Basic a8Okc2U6cDp3"
    assert credentials.bearer("abc.def") == "Bearer abc.def"


@pytest.mark.parametrize("broken", BREAKS)
def test_key_with_a_line_break_is_refused_unseen(broken: str) -> None:
    makers: list[Any] = [
        credentials.basic,
        credentials.bearer,
        lambda key: credentials.basic("user", key),
        lambda key: credentials.ApiKey("header", "X", key),
        lambda key: load("_runtime.client.client").BaseClient("http://x", authorization=key),
    ]
    for make in makers:
        with pytest.raises(ValueError, match="control character") as caught:
            make(f"{KEY}{broken}")
        assert not leaks("".join(traceback.format_exception(caught.value)))


@pytest.mark.parametrize("empty", ["", "  ", "\t"])
def test_empty_key_is_refused(empty: str) -> None:
    for make in (credentials.basic, credentials.bearer):
        with pytest.raises(ValueError, match="empty"):
            make(empty)


def test_keys_that_cannot_travel_are_refused_unseen() -> None:
    with pytest.raises(ValueError, match="colon") as caught:
        credentials.basic(f"{KEY}:x")
    assert not leaks(str(caught.value))
    with pytest.raises(ValueError, match="not ASCII") as caught:
        credentials.bearer(f"{KEY} é")
    assert not leaks(str(caught.value))
    with pytest.raises(TypeError, match="must be a string"):
        credentials.basic(None)


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\x00", " a", "\u20ac", "a\n"])
def test_header_that_http_forbids_is_refused_unseen(value: str) -> None:
    with pytest.raises(ValueError, match="X-Own") as caught:
        connect("http://x", headers={"X-Own": value})
    assert value not in str(caught.value)
    with connect("http://127.0.0.1:9") as client, pytest.raises(ValueError, match="X-Own"):
        client._call(TRACK, headers={"X-Own": value})
    for name in ("", "a b", "a:", "é", "a\r\nb", "Host", "content-length"):
        with pytest.raises(ValueError, match="header"):
            connect("http://x", headers={name: "v"})


def test_headers() -> None:
    headers = http.Headers([("Set-Cookie", "a=1"), ("X", "y"), ("set-cookie", "b=2")])
    assert headers["SET-COOKIE"] == "a=1, b=2"
    assert headers.get_all("Set-Cookie") == ("a=1", "b=2")
    assert (dict(headers), len(headers)) == ({"set-cookie": "a=1, b=2", "x": "y"}, 2)
    assert (headers.get("none"), headers.get("none", "d"), "x" in headers) == (None, "d", True)
    assert headers == pickle.loads(pickle.dumps(headers))
    assert hash(headers) == hash(copy.copy(headers))
    with pytest.raises(KeyError):
        headers["none"]
