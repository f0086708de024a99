"""The async client over TLS and through proxies."""

from __future__ import annotations

import asyncio
import socket

import pytest

from behaviour.clients import BODY, async_client, run
from behaviour.faultserver import Certificate, FaultServer, ProxyServer
from behaviour.runtime import load
from behaviour.scenarios import ONCE, TRACK

errors = load("_runtime.http.messages")
proxies = load("_runtime.http.servers")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls"))


def test_tls(certificate: Certificate) -> None:
    with FaultServer(tls=certificate.server) as server:

        async def main() -> None:
            async with async_client(server.url, ssl_context=certificate.client) as c:
                for _ in range(3):
                    await c._call(TRACK, body=BODY)
            async with async_client(server.url) as c:
                with pytest.raises(errors.ConnectionFailed, match="certificate") as caught:
                    await c._call(TRACK, body=BODY)
                assert caught.value.attempts == 1

        run(main)
        assert [seen.connection for seen in server.seen] == [1, 1, 1]


def test_handshake_that_never_ends(certificate: Certificate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:

        async def main() -> None:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}"
            async with async_client(url, ssl_context=certificate.client, retries=ONCE) as c:
                with pytest.raises(errors.TimedOut) as caught:
                    await c._call(TRACK, body=BODY)
                assert caught.value.maybe_sent is False
            await asyncio.sleep(0.01)

        run(main)


def test_proxies(certificate: Certificate) -> None:
    with FaultServer() as plain, FaultServer(tls=certificate.server) as tls, ProxyServer() as proxy:
        parsed = proxies.Proxy.parse(f"http://me:pa55word@127.0.0.1:{proxy.port}")
        chosen = proxies.Proxies(http=parsed, https=parsed)

        async def main() -> None:
            for server in (plain, tls):
                context = certificate.client if server is tls else None
                async with async_client(server.url, proxies=chosen, ssl_context=context) as c:
                    for _ in range(2 if server is tls else 1):
                        assert (await c._call(TRACK, body=BODY)).status == 200

        run(main)
        assert [(seen.method, seen.target) for seen in proxy.seen] == [
            ("POST", f"{plain.url}/v1/track"),
            ("CONNECT", f"127.0.0.1:{tls.port}"),
        ]
        assert {seen.headers["proxy-authorization"] for seen in proxy.seen} == {
            "Basic bWU6cGE1NXdvcmQ="
        }
        assert "authorization" not in proxy.seen[1].headers


@pytest.mark.parametrize(("status", "attempts"), [(407, 1), (503, 4)])
def test_proxy_that_opens_no_tunnel(status: int, attempts: int) -> None:
    with ProxyServer(refuse=status) as proxy:

        async def main() -> None:
            chosen = proxies.Proxies(https=proxies.Proxy.parse(proxy.url))
            async with async_client("https://example.invalid", proxies=chosen) as c:
                with pytest.raises(errors.ConnectionFailed, match=f"no tunnel: {status}") as caught:
                    await c._call(TRACK, body=BODY)
            assert (caught.value.attempts, caught.value.maybe_sent) == (attempts, False)

        run(main)
