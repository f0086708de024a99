"""Fetching from servers that are not trusted: where it goes, and what it refuses."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eventwright.diagnostics.publicurls import public
from eventwright.fetch.addresses import is_public, parse
from eventwright.fetch.fetching import Fetched, fetch
from eventwright.fetch.rules import FetchError, Rules
from eventwright.quick.fingerprint import sha256
from upstream import Route, Upstream, make_authority, raw, status

BODY = b'{"openapi": "3.1.0"}'
BOMB = gzip.compress(b" " * 9_000_000, mtime=0)
PRIVATE = Rules(allow_private=True, timeout=10)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server(trusted: None, authority: tuple[Path, ssl.SSLContext]) -> Iterator[Upstream]:
    with Upstream(authority[1]).running() as upstream:
        yield upstream


@pytest.fixture
def plain() -> Iterator[Upstream]:
    with Upstream(None).running() as upstream:
        yield upstream


def refused(url: str, rules: Rules = PRIVATE, etag: str = "") -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, rules, etag=etag)
    assert caught.value.exit_code == 3
    assert caught.value.message == f"cannot fetch {public(url)}: {caught.value.reason}"
    assert "\n" not in caught.value.message
    return caught.value.reason


def test_a_document_and_its_etag(server: Upstream) -> None:
    url = server.publish("/spec.json?v=1", BODY, '"one"')
    assert fetch(url, PRIVATE) == Fetched(url=url, body=BODY, etag='"one"')
    (path, headers), *_ = server.seen
    assert path == "/spec.json?v=1"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["accept-encoding"] == "identity"
    assert "if-none-match" not in headers


def test_nothing_new(server: Upstream) -> None:
    url = server.publish("/spec.json", BODY, 'W/"one"')
    assert fetch(url, PRIVATE, etag='W/"one"').body is None
    assert fetch(url, PRIVATE, etag='W/"two"').body == BODY


def test_an_etag_that_would_be_another_header_is_not_sent(server: Upstream) -> None:
    url = server.publish("/spec.json", BODY)
    assert fetch(url, PRIVATE, etag='"a"\r\nX-Evil: 1').body == BODY
    assert not {"if-none-match", "x-evil"} & server.seen[0][1].keys()


def test_chunked(server: Upstream) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.routes["/"] = raw(
        head, b"5\r\n" + BODY[:5] + b"\r\n", b"f\r\n" + BODY[5:] + b"\r\n0\r\n\r\n"
    )
    assert fetch(server.base, PRIVATE).body == BODY


def test_redirects_within_https(server: Upstream) -> None:
    server.publish("/spec.json", BODY)
    server.routes["/a"] = status(301, {"Location": "/b"})
    server.routes["/b"] = status(302, {"Location": f"{server.base}/spec.json"})
    assert fetch(f"{server.base}/a", PRIVATE).body == BODY


def test_redirects_end(server: Upstream) -> None:
    server.routes["/a"] = status(307, {"Location": "/a"})
    assert refused(f"{server.base}/a") == "it redirects more than 5 times"
    assert len(server.seen) == 6
    server.routes["/b"] = status(307)
    assert refused(f"{server.base}/b") == "it answered 307 without saying where to go"


def test_no_redirect_to_http(server: Upstream, plain: Upstream) -> None:
    url = plain.publish("/spec.json", BODY)
    server.routes["/a"] = status(302, {"Location": url})
    assert refused(f"{server.base}/a") == f"it redirects to {url}, which is not https"
    assert plain.seen == []


@pytest.mark.parametrize(
    "place",
    ["file:///etc/passwd", "https://[::1", "https://a:b/"],
)
def test_no_redirect_to_what_is_no_url(server: Upstream, place: str) -> None:
    server.routes["/a"] = status(302, {"Location": place})
    assert refused(f"{server.base}/a")
    assert len(server.seen) == 1


def test_no_redirect_with_credentials(server: Upstream) -> None:
    server.publish("/spec.json", BODY)
    place = f"https://user:secret@127.0.0.1:{server.port}/spec.json"
    server.routes["/a"] = status(302, {"Location": place})
    reason = refused(f"{server.base}/a")
    assert reason == "a URL with credentials or control characters is not followed"
    assert len(server.seen) == 1


Resolve = Callable[..., list[Any]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names that resolve as a hostile DNS server says: one address list per question asked."""
    table: dict[str, list[str]] = {}
    real: Resolve = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host in table:
            found, table[host] = table[host][0], table[host][1:]
            return [info for each in found.split() for info in real(each, port, *args, **options)]
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return table


def test_private_addresses_are_refused(server: Upstream, names: dict[str, list[str]]) -> None:
    url = server.publish("/spec.json", BODY)
    assert refused(url, Rules()) == "127.0.0.1 is not a public address"
    names["upstream.test"] = ["8.8.8.8 127.0.0.1"]
    reason = refused(f"https://upstream.test:{server.port}/spec.json", Rules())
    assert reason == "upstream.test (127.0.0.1) is not a public address"
    assert server.seen == []


def test_no_redirect_to_private(
    server: Upstream, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first server passes for a public one; it sends on to the metadata service."""
    monkeypatch.setattr("eventwright.fetch.addresses.is_public", lambda a: str(a) == "127.0.0.1")
    server.routes["/a"] = status(302, {"Location": "https://169.254.169.254/latest/"})
    reason = refused(f"{server.base}/a", Rules(timeout=5))
    assert reason == "169.254.169.254 is not a public address"


def test_a_name_is_resolved_once(server: Upstream, names: dict[str, list[str]]) -> None:
    """What was checked is what is connected to: the second answer would be another address."""
    server.publish("/spec.json", BODY)
    names["upstream.test"] = ["127.0.0.1", "169.254.169.254"]
    assert fetch(f"https://upstream.test:{server.port}/spec.json", PRIVATE).body == BODY
    assert names["upstream.test"] == ["169.254.169.254"]


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 "
    "224.0.0.1 ::1 :: fe80::1 fc00::1 fec0::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 "
    "64:ff9b::10.0.0.1 ::127.0.0.1 2002:7f00:1::1 2001:db8::1".split(),
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(parse(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public(address: str) -> None:
    assert is_public(parse(address))


def test_http_is_for_this_machine_only(plain: Upstream, names: dict[str, list[str]]) -> None:
    url = plain.publish("/spec.json", BODY)
    assert fetch(url, PRIVATE).body == BODY
    assert "is not a public address" in refused(url, Rules())
    names["upstream.test"] = ["8.8.8.8"]
    assert (
        refused("http://upstream.test/", PRIVATE) == "http is not encrypted; only https is fetched"
    )


def test_the_certificate_is_verified(
    server: Upstream, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["other.test"] = ["127.0.0.1"]
    assert "Hostname mismatch" in refused(f"https://other.test:{server.port}/")
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refused(server.base).startswith("its TLS certificate is not valid: ")
    assert server.seen == []


def test_the_pin(server: Upstream) -> None:
    url = server.publish("/spec.json", BODY)
    right, wrong = sha256(BODY), "0" * 64
    pinned = Rules(allow_private=True, sha256=right.upper())
    assert fetch(url, pinned).body == BODY
    assert refused(url, Rules(allow_private=True, sha256=wrong)) == (
        f"its sha256 is {right}, not {wrong} as pinned"
    )


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ENDLESS = raw(HEAD + b"\r\n", *[b"x" * 1000] * 100)
BAD: dict[str, tuple[Route, str]] = {
    "not found": (status(404), "the server answered 404 Not Found"),
    "failing": (status(500), "the server answered 500 Internal Server Error"),
    "not asked": (status(304), "the server answered 304 Not Modified"),
    "page": (status(200, {"Content-Type": "text/html"}, BODY), "a web page, not a document"),
    "page in disguise": (status(200, {}, b"\xef\xbb\xbf \n<!doctype html>"), "a web page"),
    "empty": (status(200, {}, b" \n"), "the server answered an empty document"),
    "truncated": (raw(HEAD + b"Content-Length: 50\r\n\r\n", b"{"), "broke off, 49 bytes before"),
    "truncated chunk": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"ff\r\n{"),
        "the answer is not whole, or not HTTP",
    ),
    "no chunk": (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n"), "the answer is not whole"),
    "not HTTP": (raw(b"SSH-2.0-OpenSSH_9\r\n"), "the answer is not whole, or not HTTP"),
    "silent": (raw(), "closed connection without response"),
    "announced too large": (raw(HEAD + b"Content-Length: 99999\r\n\r\n"), "larger than 20,000"),
    "too large": (ENDLESS, "it is larger than 20,000 bytes"),
    "compressed, cut": (
        status(200, {"Content-Encoding": "gzip"}, gzip.compress(BODY, mtime=0)[:-6]),
        "it came compressed (gzip), and not whole",
    ),
    "not compressed": (status(200, {"Content-Encoding": "deflate"}, BODY), "(deflate), and not"),
    "bomb": (status(200, {"Content-Encoding": "gzip"}, BOMB), "it is larger than 20,000 bytes"),
    "deflated bomb": (
        status(200, {"Content-Encoding": "deflate"}, zlib.compress(b" " * 9_000_000)),
        "it is larger than 20,000 bytes",
    ),
    "brotli": (status(200, {"Content-Encoding": "br"}, b"\x0b"), "a way that is not known (br)"),
    "many headers": (raw(HEAD + b"A: b\r\n" * 200 + b"\r\n"), "not whole, or not HTTP"),
}


DEFLATED = zlib.compress(BODY)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("X-GZIP ", gzip.compress(BODY, mtime=0)),
        ("gzip", gzip.compress(BODY[:5], mtime=0) + gzip.compress(BODY[5:], mtime=0)),
        ("deflate", DEFLATED),
        ("deflate", DEFLATED[2:-4]),
        ("identity", BODY),
    ],
)
def test_a_document_compressed_unasked_is_read(server: Upstream, coding: str, body: bytes) -> None:
    server.routes["/"] = status(200, {"Content-Encoding": coding}, body)
    assert fetch(server.base, Rules(allow_private=True)).body == BODY


@pytest.mark.parametrize("case", BAD)
def test_bad_answers(server: Upstream, case: str) -> None:
    server.routes["/"], reason = BAD[case]
    assert reason in refused(server.base, Rules(allow_private=True, max_bytes=20_000, timeout=10))


@pytest.mark.parametrize(
    "route",
    [
        raw(*[b"HTTP/1.1 200 OK\r\nX-Slow: yes\r\n"] * 50, pause=0.1),
        raw(HEAD + b"Content-Length: 50\r\n\r\n", *[b"x"] * 50, pause=0.1),
    ],
    ids=["head", "body"],
)
def test_the_timeout_is_of_the_whole(server: Upstream, route: Route) -> None:
    """Each byte comes in good time, all of them do not."""
    server.routes["/"] = route
    began = time.monotonic()
    rules = Rules(allow_private=True, timeout=0.5)
    assert refused(server.base, rules) == "no complete answer within 0.5 s"
    assert time.monotonic() - began < 2


def test_a_resolver_that_hangs(monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    def hang(*_: object, **__: object) -> list[Any]:
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    url = "https://upstream.test/"
    assert refused(url, Rules(timeout=0.2)) == "no complete answer within 0.2 s"


def test_offline(monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    assert "cannot be resolved" in refused("https://upstream.invalid/")
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert refused(f"https://127.0.0.1:{port}/") == "Connection refused"


def proxy_script(answer: bytes, seen: list[bytes], target: int) -> Callable[[socket.socket], None]:
    """What a forwarding proxy does with one connection."""
    import threading

    def pump(one: socket.socket, two: socket.socket) -> None:
        while data := one.recv(65536):
            two.sendall(data)

    def serve(listener: socket.socket) -> None:
        here, _ = listener.accept()
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += here.recv(1)
        seen.append(head)
        here.sendall(answer)
        if b" 200 " in answer:
            there = socket.create_connection(("127.0.0.1", target))
            threading.Thread(target=pump, args=(there, here), daemon=True).start()
            pump(here, there)
        here.close()

    return serve


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 407 No\r\n\r\n"])
def test_a_proxy(server: Upstream, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """The name goes to the proxy unresolved, the credentials to the proxy alone."""
    import threading

    server.publish("/spec.json", BODY)
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:p%40ss@127.0.0.1:{port}")
        serve = proxy_script(answer, seen, server.port)
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        url = f"https://upstream.test:{server.port}/spec.json"
        if b" 200 " in answer:
            assert fetch(url, Rules(timeout=10)).body == BODY
            assert "proxy-authorization" not in server.seen[0][1]
        else:
            reason = refused(url, Rules(timeout=10))
            assert reason == f"the proxy 127.0.0.1:{port} answered 407 No"
    lines = seen[0].decode().split("\r\n")
    assert lines[0] == f"CONNECT upstream.test:{server.port} HTTP/1.1"
    assert lines[2] == "Proxy-Authorization: Basic bWU6cEBzcw=="


def test_no_proxy_and_what_is_plainly_private(
    server: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.publish("/spec.json", BODY)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert "is not a public address" in refused(url, Rules())
    assert "is not a public address" in refused("https://localhost/", Rules())
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert fetch(url, PRIVATE).body == BODY
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    assert refused(url) == "the environment names a proxy of the kind 'socks5'"
