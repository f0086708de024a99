"""OAuth 2 (RFC 6749): tokens that a client fetches, keeps and renews by itself.

No secret is a variable here while anything can fail: tracebacks are reported with theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from ..http.headers import Headers
from ..http.messages import ClientError
from ..http.security import basic, checked, private
from ..http.servers import quoted

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class TokenError(ClientError):
    """The authorization server gave no token, so the request itself was not sent.

    Attributes:
        status: of its answer.
        error: its word for what is wrong, such as `invalid_client`; may be empty.
        retry_after: seconds to wait that it asked for (`Retry-After`), or None.
    """

    retry_after: float | None = None

    def __init__(self, message: str, *, status: int, error: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.error = error


class Grant:
    """What a client gets tokens for; its repr shows no secret. Give it in the place of a token.

    Each client fetches tokens of its own once it needs one, and keeps them.
    """

    kind = ""
    """The `grant_type` of RFC 6749."""

    @private
    def __init__(
        self,
        client_id: str,
        client_secret: str,
        scopes: Iterable[str],
        token_url: str,
        in_body: bool,
        extra: Mapping[str, str],
        **fields: str,
    ) -> None:
        """
        Args:
            client_id: who asks.
            client_secret: its password; empty: it has none.
            scopes: what the token is to be good for; none: what the server has by default.
            token_url: instead of the document's; https, or http on this machine. A relative one
                begins at the client's server.
            in_body: the secret goes into the body instead of an Authorization header.
            extra: what the server wants beside what the RFC has, such as `audience`.
            fields: what else the first request has.

        Raises:
            ValueError: something is empty or has control characters; nothing is shown.
            TypeError: something is no text.
        """
        self.client_id = client_id and checked(client_id, "the client_id")
        self._secret = client_secret and checked(client_secret, "the client_secret")
        if isinstance(scopes, str):
            raise TypeError("scopes must be a list of texts, not one text")
        self._scope = " ".join(checked(scope, "a scope") for scope in scopes)
        self.token_url, self._in_body = token_url, in_body
        for name, value in (*fields.items(), *extra.items()):
            checked(value, name)
        self._fields = {"grant_type": self.kind, **fields}
        self._extra = dict(extra)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.client_id!r}, …)"

    def rotated(self, refresh_token: str) -> None:
        """The server gave a new refresh token."""

    @private
    def secrets(self, refresh_token: str = "") -> list[str]:
        """What is not to be shown."""
        fields = [v for name, v in self._fields.items() if name not in _OPEN]
        found = [self._secret, refresh_token, *fields, *self._extra.values()]
        return [each for each in found if each]

    @private
    def request(self, refresh_token: str = "") -> tuple[Headers, bytes]:
        """Headers and body that ask for a token; `refresh_token`: with that, if it is not empty."""
        fields = dict(self._fields)
        if refresh_token:
            fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        if self._scope:
            fields["scope"] = self._scope
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if self._secret and not self._in_body:
            pair = quoted(self.client_id), quoted(self._secret)
            headers["Authorization"] = basic(*pair)
        elif self.client_id:
            fields["client_id"] = self.client_id
            fields |= {"client_secret": self._secret} if self._secret else {}
        pairs = (fields | self._extra).items()
        body = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
        return Headers(headers), body.encode("ascii")


_OPEN = frozenset({"grant_type", "username"})


class ClientCredentials(Grant):
    """Tokens for the program itself. The arguments are those of `Grant`."""

    kind = "client_credentials"

    @private
    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        scopes: Iterable[str] = (),
        token_url: str = "",
        in_body: bool = False,
        extra: Mapping[str, str] = _NOTHING,
    ) -> None:
        checked(client_id, "the client_id")
        checked(client_secret, "the client_secret")
        super().__init__(client_id, client_secret, scopes, token_url, in_body, extra)


class PasswordCredentials(Grant):
    """Tokens for a user whose password the program has. Other arguments are those of `Grant`.

    A refresh token that the server gives is used until the server refuses it.
    """

    kind = "password"

    @private
    def __init__(
        self,
        username: str,
        password: str,
        *,
        client_id: str = "",
        client_secret: str = "",
        scopes: Iterable[str] = (),
        token_url: str = "",
        in_body: bool = False,
        extra: Mapping[str, str] = _NOTHING,
    ) -> None:
        super().__init__(
            client_id,
            client_secret,
            scopes,
            token_url,
            in_body,
            extra,
            username=username,
            password=password,
        )


class RefreshToken(Grant):
    """Tokens for a user who has let the program in before. Other arguments are those of `Grant`.

    Args:
        refresh_token: the one to begin with. A new one that the server gives is used from then on.
        on_rotation: called with each new one, to be kept for the program's next start.
    """

    kind = "refresh_token"

    @private
    def __init__(
        self,
        refresh_token: str,
        *,
        client_id: str,
        client_secret: str = "",
        on_rotation: Callable[[str], object] | None = None,
        scopes: Iterable[str] = (),
        token_url: str = "",
        in_body: bool = False,
        extra: Mapping[str, str] = _NOTHING,
    ) -> None:
        super().__init__(
            client_id,
            client_secret,
            scopes,
            token_url,
            in_body,
            extra,
            refresh_token=refresh_token,
        )
        self._on_rotation = on_rotation

    def rotated(self, refresh_token: str) -> None:
        if self._on_rotation is not None:
            self._on_rotation(refresh_token)
