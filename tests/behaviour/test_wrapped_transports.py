"""The ready transports are public, so that a program can put something around one."""

from __future__ import annotations

import asyncio

import pytest

from behaviour.faultserver import FaultServer, ProxyServer, reply
from customerio_events import (
    AsyncClient,
    AsyncSocketTransport,
    Client,
    Request,
    Response,
    RetryPolicy,
    SocketTransport,
    UserSuppressed,
)

EVENT = UserSuppressed(user_id="42")
AGAIN = RetryPolicy(base=0)


class Counting:
    """What a program may write."""

    def __init__(self, inner: SocketTransport) -> None:
        self.inner, self.statuses = inner, list[int]()

    def send(self, request: Request) -> Response:
        response = self.inner.send(request)
        self.statuses.append(response.status)
        return response

    def close(self) -> None:
        self.inner.close()


class AsyncCounting:
    """The same for an async client."""

    def __init__(self, inner: AsyncSocketTransport) -> None:
        self.inner, self.statuses = inner, list[int]()

    async def send(self, request: Request) -> Response:
        response = await self.inner.send(request)
        self.statuses.append(response.status)
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


def test_a_wrapper_sees_each_attempt() -> None:
    with FaultServer(reply(503), reply()) as server:
        transport = Counting(SocketTransport())
        with Client(api_key="k", server=server.url, transport=transport, retries=AGAIN) as client:
            client.track(EVENT)
        assert transport.statuses == [503, 200]
        with pytest.raises(RuntimeError, match="closed"):
            transport.inner.send(None)  # type: ignore[arg-type]


def test_the_same_async() -> None:
    async def main(url: str) -> list[int]:
        transport = AsyncCounting(AsyncSocketTransport(connections=2))
        async with AsyncClient(
            api_key="k", server=url, transport=transport, retries=AGAIN
        ) as client:
            await client.track(EVENT)
        return transport.statuses

    with FaultServer(reply(503), reply()) as server:
        assert asyncio.run(main(server.url)) == [503, 200]


@pytest.mark.parametrize("trusted", [True, False])
def test_proxies_of_the_environment_count(monkeypatch: pytest.MonkeyPatch, trusted: bool) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with FaultServer(reply()) as server, ProxyServer() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        transport = SocketTransport(trust_env=trusted)
        with Client(api_key="k", server=server.url, transport=transport) as client:
            client.track(EVENT)
        assert bool(proxy.seen) is trusted
