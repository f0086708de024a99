"""The sync client over TLS and through proxies."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from behaviour.clients import BODY, sync_client
from behaviour.faultserver import Certificate, FaultServer, ProxyServer, dribble, reply
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
proxies = load("_runtime.http.servers")
SMALL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


def test_tls(certificate: Certificate) -> None:
    with FaultServer(tls=certificate.server) as server:
        with sync_client(server.url, ssl_context=certificate.client) as c:
            for _ in range(3):
                c._call(TRACK, body=BODY)
        assert server.accepted == 1


def test_answers_of_many_records(certificate: Certificate) -> None:
    """What is decrypted already is not waited for, and what comes again may use the connection."""
    body = b"[" + b"1," * 750_000 + b"1]"
    answers = [reply(body=body), dribble(SMALL, every=0.001), reply(body=body), reply()]
    with FaultServer(*answers, tls=certificate.server) as server:
        with sync_client(server.url, ssl_context=certificate.client, timeout=20.0) as c:
            found = [c._call(TRACK, body=BODY) for _ in answers]
        assert [len(each.body) for each in found] == [len(body), 2, len(body), 2]
        assert {each.problem for each in found} == {""}
        assert server.accepted == 2  # whoever dribbles closes


def test_untrusted_certificate_is_refused_at_once(certificate: Certificate) -> None:
    with FaultServer(tls=certificate.server) as server, sync_client(server.url) as c:
        with pytest.raises(errors.ConnectionFailed, match="certificate") as caught:
            c._call(TRACK, body=BODY)
        assert (caught.value.attempts, caught.value.maybe_sent, server.seen) == (1, False, [])


def test_handshake_that_never_ends(certificate: Certificate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with (
            sync_client(url, ssl_context=certificate.client, retries=ONCE) as c,
            pytest.raises(errors.TimedOut, match="handshake"),
        ):
            c._call(TRACK, body=BODY)


def test_proxy_for_http() -> None:
    with FaultServer() as server, ProxyServer() as proxy:
        chosen = proxies.Proxies(http=proxies.Proxy.parse(f"me:pa55word@127.0.0.1:{proxy.port}"))
        with sync_client(server.url, proxies=chosen) as c:
            assert c._call(TRACK, body=BODY).status == 200
        assert proxy.seen[0].target == f"{server.url}/v1/track"
        assert proxy.seen[0].headers["proxy-authorization"] == "Basic bWU6cGE1NXdvcmQ="


def test_proxy_tunnel_for_https(certificate: Certificate) -> None:
    with FaultServer(tls=certificate.server) as server, ProxyServer() as proxy:
        chosen = proxies.Proxies(
            https=proxies.Proxy.parse(f"http://me:pa55word@127.0.0.1:{proxy.port}")
        )
        with sync_client(server.url, proxies=chosen, ssl_context=certificate.client) as c:
            for _ in range(2):
                assert c._call(TRACK, body=BODY).status == 200
        assert len(proxy.seen) == 1
        assert proxy.seen[0].target == f"127.0.0.1:{server.port}"
        assert proxy.seen[0].headers["proxy-authorization"] == "Basic bWU6cGE1NXdvcmQ="
        assert "authorization" not in proxy.seen[0].headers
        assert "proxy-authorization" not in server.seen[0].headers


@pytest.mark.parametrize(
    ("options", "message", "attempts"),
    [
        ({"refuse": 407}, "no tunnel: 407", 1),
        ({"refuse": 503}, "no tunnel: 503", 4),
        ({"answer": b"SSH-2.0\r\n"}, "not HTTP", 1),
        ({"answer": b"HTTP/1.1 200 OK\r\n\r\nmore"}, "of its own", 4),
    ],
)
def test_proxy_that_opens_no_tunnel(options: Any, message: str, attempts: int) -> None:
    with ProxyServer(**options) as proxy:
        chosen = proxies.Proxies(https=proxies.Proxy.parse(proxy.url))
        with (
            sync_client("https://example.invalid", proxies=chosen) as c,
            pytest.raises(errors.ConnectionFailed, match=message) as caught,
        ):
            c._call(TRACK, body=BODY)
    assert (caught.value.attempts, caught.value.maybe_sent) == (attempts, False)


def test_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as server, ProxyServer() as proxy:
        monkeypatch.delenv("REQUEST_METHOD", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.setenv("http_proxy", proxy.url)
        with load("_runtime.client.client").BaseClient(server.url) as c:
            c._call(TRACK, body=BODY)
        with load("_runtime.client.client").BaseClient(server.url, trust_env=False) as c:
            c._call(TRACK, body=BODY)
        assert (len(proxy.seen), len(server.seen)) == (1, 2)
