"""The token of an OAuth 2 grant: fetched once for all that need it, kept, and renewed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from os import getpid
from time import monotonic
from typing import Any

from ..calls.requests import Endpoint
from ..calls.responses import Answer
from ..http.connections import time_left
from ..http.content import Readable
from ..http.messages import (
    AnswerError,
    ClientError,
    Request,
    TimedOut,
    TransportError,
    excerpt,
)
from ..http.security import ApiKey, Secrets, Source, private
from ..http.servers import Origin, quoted
from .oauth import Grant, TokenError

_ENDPOINT = Endpoint(
    name="token", method="POST", path="", statuses=("200",), json_statuses=("200",)
)
_MARGIN = 60.0
"""Seconds before its end that a token is renewed; of a short one a tenth of its time."""
_AT_ONCE = 1.0
"""Seconds within which whoever was about to ask, too, is answered what the one before was."""
_LOCAL = r"localhost|::1|127(\.[0-9]{1,3}){3}"


def granted(
    token: str | Callable[[], object] | Grant, urls: Mapping[str, str]
) -> str | Callable[[], object] | Source:
    """`token` itself, unless it is a grant: then what fetches its tokens.

    `urls`: of the document, by the `grant_type` they are for; relative ones begin at the server.
    """
    return Tokens(token, urls) if isinstance(token, Grant) else token


class _Token:
    """A token, how long it is good for on the monotonic clock, and what renews it."""

    def __init__(self, key: ApiKey, until: float, refresh_token: str) -> None:
        self.key, self.until, self.refresh_token = key, until, refresh_token


class _Flight:
    """A token being fetched, for all that wait for it."""

    def __init__(self) -> None:
        self.waiting: dict[Any, None] = {}
        self.over = False
        self.token: _Token | None = None
        self.error: ClientError | None = None


class Tokens(Source):
    """The tokens of one client.

    There is no lock that a fork could leave locked: who fetches is found by the process.
    """

    def __init__(self, grant: Grant, urls: Mapping[str, str]) -> None:
        self._grant = grant
        self._url = grant.token_url or urls.get(grant.kind, "")
        self._origin = self._target = ""
        self._token: _Token | None = None
        self._flights: dict[int, _Flight] = {}
        self._refused_until = 0.0
        self._refusal: ClientError | None = None

    def begin(self, base: str) -> None:
        """Check the URL of the tokens. Raises ValueError."""
        if not self._url:
            raise ValueError(
                f"the document has no token URL for {type(self._grant).__name__}: give token_url"
            )
        self._origin, self._target = _place(base, self._url)

    async def current(self, client: Any, key: ApiKey, deadline: float) -> ApiKey:
        token = self._token
        if token is None or monotonic() >= token.until:
            token = await self._shared(client, key, deadline, token)
        return token.key

    async def renewed(
        self, client: Any, key: ApiKey, refused: ApiKey, deadline: float
    ) -> ApiKey:
        token = self._token
        if token is None or token.key is refused:
            token = await self._shared(client, key, deadline, token)
        return token.key

    async def _shared(
        self, client: Any, key: ApiKey, deadline: float, stale: _Token | None
    ) -> _Token:
        """A token instead of the `stale` one, fetched by one of all that want it."""
        while True:
            own = _Flight()
            flight = self._flights.setdefault(getpid(), own)
            if flight is own:
                return await self._lead(flight, client, key, deadline, stale)
            left = time_left(deadline)
            await client._wait(flight.waiting, lambda: flight.over, left)  # noqa: B023
            if flight.token is not None:
                return flight.token
            # Another's time may be shorter than ours.
            if flight.error is not None and not isinstance(flight.error, TimedOut):
                raise copy(flight.error)

    async def _lead(
        self,
        flight: _Flight,
        client: Any,
        key: ApiKey,
        deadline: float,
        stale: _Token | None,
    ) -> _Token:
        try:
            token = self._token
            if token is None or token is stale:  # else another was faster
                self._check_rest()
                token = self._token = await self._fetch(client, key, deadline)
                flight.token = token
                if token.refresh_token != (stale.refresh_token if stale else ""):
                    self._grant.rotated(token.refresh_token)
            flight.token = token
            return token
        except ClientError as error:
            flight.error = copy(error)
            self._keep_rest(error)
            raise
        finally:
            self._flights.pop(getpid(), None)
            flight.over = True
            client._wake(flight.waiting)

    def _keep_rest(self, error: ClientError) -> None:
        """Remember that the server wants no request, for those who were about to ask as well."""
        wished: float | None = getattr(error, "retry_after", None)
        if wished and monotonic() >= self._refused_until:
            self._refusal = copy(error)
            self._refused_until = monotonic() + min(wished, _AT_ONCE)

    def _check_rest(self) -> None:
        """Raise what the one before was answered, while the server wants no request at all."""
        if self._refusal is not None and monotonic() < self._refused_until:
            raise copy(self._refusal)

    async def _fetch(self, client: Any, key: ApiKey, deadline: float) -> _Token:
        """By the refresh token, if there is one that the server still takes."""
        held = self._token
        if held is not None and held.refresh_token:
            try:
                return await self._ask(client, key, deadline, held)
            except TokenError as error:
                if error.error != "invalid_grant" or self._grant.kind != "password":
                    raise
        return await self._ask(client, key, deadline, None)

    async def _ask(
        self, client: Any, key: ApiKey, deadline: float, held: _Token | None
    ) -> _Token:
        asked = monotonic()
        request, secrets = self._request(client, deadline, held)
        try:
            answer = await client._fetch_token(_ENDPOINT, request, secrets)
        except ClientError as error:
            failed = error
        else:
            until = asked + _lifetime(_object(answer).get("expires_in"))
            return self._read(key, answer, until, held, secrets)
        raise _failure(request.place, failed)

    def _request(
        self, client: Any, deadline: float, held: _Token | None
    ) -> tuple[Request, Secrets]:
        limits = client._requests.limits(None)
        headers, body = self._grant.request(held.refresh_token if held else "")
        secrets = Secrets(
            [
                *self._grant.secrets(held.refresh_token if held else ""),
                *filter(None, [headers.get("authorization", "")]),
            ]
        )
        request = Request(
            method="POST",
            origin=self._origin,
            target=self._target,
            headers=headers,
            body=body,
            timeout=replace(limits, total=time_left(deadline)),
        )
        return request, secrets

    @private
    def _read(
        self,
        key: ApiKey,
        answer: Answer[Any],
        until: float,
        held: _Token | None,
        secrets: Secrets,
    ) -> _Token:
        data, where = _object(answer), f"{self._origin}{self._target}".partition("?")[0]
        if str(data.get("token_type") or "bearer").lower() != "bearer":
            raise _refusal(
                where, answer.status, {}, "it is of an unknown type", secrets
            )
        try:
            found = key.asked(data["access_token"])
        except (KeyError, TypeError, ValueError):
            what = "the answer has none"
            raise _refusal(where, answer.status, data, what, secrets) from None
        given = data.get("refresh_token")
        refresh_token = held.refresh_token if held else ""
        if self._grant.kind != "client_credentials" and isinstance(given, str):
            refresh_token = given or refresh_token
        return _Token(found, until, refresh_token)


def _lifetime(seconds: object) -> float:
    """How long a token is used; for ever where the server does not say."""
    try:
        whole = float(seconds)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("inf")
    return whole - min(_MARGIN, whole / 10)


def _object(answer: Readable) -> Mapping[str, Any]:
    return answer.json if isinstance(answer.json, dict) else {}


def _refusal(
    where: str, status: int, data: Mapping[str, Any], what: str, secrets: Secrets
) -> TokenError:
    """Some servers refuse with a 200."""
    said = [data.get("error"), data.get("error_description")]
    words = [secrets.hide(each) for each in said if isinstance(each, str)]
    told = excerpt(": ".join([what, *words]).encode())
    error = secrets.hide(_word(data))
    return TokenError(f"no token from {where}: {told}", status=status, error=error)


def _word(data: Mapping[str, Any]) -> str:
    word = data.get("error")
    return word if isinstance(word, str) else ""


def _failure(where: str, error: ClientError) -> ClientError:
    """What stands for a request for a token that failed."""
    if isinstance(error, AnswerError):
        failed = TokenError(
            f"no token from {where}: {error.args[0]}",
            status=error.status,
            error=_word(_object(error)),
        )
        failed.attempts, failed.given_up = error.attempts, error.given_up
        failed.retry_after = error.retry_after
        return failed
    if isinstance(error, TransportError):
        error.maybe_sent = False  # not what was to be sent with the token
    error.args = (f"no token from {where}: {error.args[0]}",)
    return error.with_traceback(None)


def _place(base: str, url: str) -> tuple[str, str]:
    """Origin, and path and query, of a token URL."""
    from urllib.parse import urljoin, urlsplit  # slow to import

    try:
        parts = urlsplit(urljoin(f"{base}/", url))
        origin = Origin.parse(f"{parts.scheme}://{parts.netloc}")
    except ValueError as error:
        raise ValueError(f"the token URL cannot be used: {error}") from None
    if "@" in parts.netloc or parts.fragment:
        raise ValueError("the token URL must hold neither user name nor fragment")
    if origin.scheme != "https" and not re.fullmatch(_LOCAL, origin.host):
        raise ValueError("the token URL must begin with https://: it is sent secrets")
    kept = b"/%:@!$&'()*+,;="
    query = f"?{quoted(parts.query, kept + b'?')}" if parts.query else ""
    return str(origin), f"{quoted(parts.path, kept) or '/'}{query}"
