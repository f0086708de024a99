"""Clients that fetch tokens by OAuth 2, sync and async, for whoever tests them."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from behaviour.runtime import load

oauth = load("_runtime.auth.oauth")
tokens = load("_runtime.auth.tokens")
security = load("_runtime.http.security")
errors = load("_runtime.http.messages")
requests = load("_runtime.calls.requests")
POLICY = load("_runtime.client.retries").RetryPolicy(base=0)
CALL = requests.Endpoint(
    name="c", method="POST", path="/c", statuses=("200",), security=(("oauth",),)
)
OPEN = requests.Endpoint(name="o", method="POST", path="/o", statuses=("200",))
SECRET = "cl1ent/s3cret+x"
URLS = dict.fromkeys(("client_credentials", "password", "refresh_token"), "/token")


def credentials(**options: Any) -> Any:
    return oauth.ClientCredentials("the id", SECRET, **options)


def key(grant: Any, urls: Any = URLS) -> Any:
    token = tokens.granted(grant, urls)
    return security.ApiKey("header", "Authorization", token, "oauth", security.bearer)


class Sync:
    """A client of the runtime; what each call came to."""

    kind = "sync"

    def __init__(self, url: str, grant: Any, urls: Any = URLS, **options: Any) -> None:
        given = {"retries": POLICY, "trust_env": False, "timeout": 10.0, **options}
        kind = load("_runtime.client.client").BaseClient
        self.client = kind(url, credentials=[key(grant, urls)], **given)

    def call(self, endpoint: Any = CALL, **given: Any) -> Any:
        try:
            return self.client._call(endpoint, body=b"{}", **given).status
        except Exception as error:
            return error

    def together(self, count: int) -> list[Any]:
        outcomes: list[Any] = []
        barrier = threading.Barrier(count)

        def one() -> None:
            barrier.wait()
            outcomes.append(self.call())

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def close(self) -> None:
        self.client.close()


class Async:
    """The same for an async client, on a loop of its own."""

    kind = "async"

    def __init__(self, url: str, grant: Any, urls: Any = URLS, **options: Any) -> None:
        given = {"retries": POLICY, "trust_env": False, "timeout": 10.0, **options}
        kind = load("_runtime.client.async_client").AsyncBaseClient
        self.client = kind(url, credentials=[key(grant, urls)], **given)
        self.loop = asyncio.new_event_loop()

    async def _call(self, endpoint: Any = CALL, **given: Any) -> Any:
        try:
            return (await self.client._call(endpoint, body=b"{}", **given)).status
        except Exception as error:
            return error

    def call(self, endpoint: Any = CALL, **given: Any) -> Any:
        return self.loop.run_until_complete(self._call(endpoint, **given))

    def together(self, count: int) -> list[Any]:
        async def all_of_them() -> list[Any]:
            return await asyncio.gather(*(self._call() for _ in range(count)))

        return self.loop.run_until_complete(all_of_them())

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()


Make = Callable[..., Any]


def pair(authorization: str) -> list[str]:
    decoded = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    return [unquote(part) for part in decoded.split(":")]


def clients_made() -> Callable[..., Iterator[Make]]:
    """A fixture: makes clients, sync ones and async ones, and closes them."""

    @pytest.fixture(params=[Sync, Async], ids=["sync", "async"])
    def make(request: pytest.FixtureRequest) -> Iterator[Make]:
        made: list[Any] = []

        def maker(*arguments: Any, **options: Any) -> Any:
            made.append(request.param(*arguments, **options))
            return made[-1]

        yield maker
        for client in made:
            client.close()

    return make
