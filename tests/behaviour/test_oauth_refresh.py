"""OAuth 2: refresh tokens, which rotate or stay, and are never lost."""

from __future__ import annotations

from behaviour.authserver import AuthServer
from behaviour.granting import (
    SECRET,
    Make,
    clients_made,
    credentials,
    oauth,
    pair,
)

make = clients_made()


def test_a_refresh_token_that_rotates_is_kept(make: Make) -> None:
    kept: list[str] = []
    with AuthServer() as server:
        server.rotates = True
        grant = oauth.RefreshToken("refresh-0", client_id="id", on_rotation=kept.append)
        client = make(server.url, grant)
        for _ in range(3):
            assert client.call() == 200
            server.tokens.clear()
    assert [each["refresh_token"] for each in server.forms] == [f"refresh-{n}" for n in range(3)]
    assert {each["client_id"] for each in server.forms} == {"id"}
    assert kept == ["refresh-1", "refresh-2", "refresh-3"]
    assert server.calls == ["token-1", "token-1", "token-2", "token-2", "token-3"]


def test_a_refresh_token_that_stays(make: Make) -> None:
    with AuthServer() as server:
        server.lifetime = 0
        grant = oauth.RefreshToken("refresh-0", client_id="id", client_secret=SECRET)
        client = make(server.url, grant)
        assert [client.call(), client.call()] == [200, 200]
        server.refresh_token = "another"
        error = client.call()
    assert isinstance(error, oauth.TokenError)
    assert (error.status, error.error) == (400, "invalid_grant")
    assert [each["refresh_token"] for each in server.forms] == ["refresh-0"] * 3
    assert pair(server.asked[0].headers["authorization"]) == ["id", SECRET]


def test_what_fails_to_keep_a_refresh_token_loses_none(make: Make) -> None:
    def fails(refresh_token: str) -> None:
        raise OSError("the disk is full")

    with AuthServer() as server:
        server.rotates = True
        client = make(server.url, oauth.RefreshToken("refresh-0", client_id="i", on_rotation=fails))
        assert isinstance(client.call(), OSError)
        assert client.call() == 200
    assert len(server.asked) == 1


def test_a_password_is_asked_for_with_again_once_the_refresh_token_is_refused(make: Make) -> None:
    with AuthServer() as server:
        server.rotates = True
        server.lifetime = 0
        client = make(server.url, oauth.PasswordCredentials("me", "pass word"))
        assert [client.call(), client.call()] == [200, 200]
        server.refresh_token = "revoked"
        assert client.call() == 200
    kinds = [each["grant_type"] for each in server.forms]
    assert kinds == ["password", "refresh_token", "refresh_token", "password"]
    assert server.forms[0] == {"grant_type": "password", "username": "me", "password": "pass word"}


def test_client_credentials_take_no_refresh_token(make: Make) -> None:
    with AuthServer() as server:
        server.rotates, server.lifetime = True, 0
        client = make(server.url, credentials())
        assert [client.call(), client.call()] == [200, 200]
    assert {each["grant_type"] for each in server.forms} == {"client_credentials"}
