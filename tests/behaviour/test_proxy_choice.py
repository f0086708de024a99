"""Which proxy is taken, which is refused, and that no password in a URL shows."""

from __future__ import annotations

import pytest

from behaviour.leaks import leaks
from behaviour.runtime import load
from behaviour.scenarios import KEY

proxies = load("_runtime.http.servers")
PROXY_ENVIRONMENT = [
    ({}, "https://a.example", None),
    ({"HTTPS_PROXY": "http://p:1"}, "https://a.example", ("p", 1)),
    ({"https_proxy": "q:2", "HTTPS_PROXY": "http://p:1"}, "https://a.example", ("q", 2)),
    ({"HTTPS_PROXY": "http://p:1"}, "http://a.example", None),
    ({"HTTP_PROXY": "http://p:1"}, "http://a.example", ("p", 1)),
    ({"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, "http://a.example", None),
    ({"http_proxy": "http://p:1", "REQUEST_METHOD": "GET"}, "http://a.example", ("p", 1)),
    ({"HTTP_PROXY": "HTTP://p:1"}, "http://a.example", ("p", 1)),
    ({"HTTPS_PROXY": "Http://p:1"}, "https://a.example", ("p", 1)),
    ({"ALL_PROXY": "http://p:1"}, "https://a.example", ("p", 1)),
    ({"ALL_PROXY": "http://p:1"}, "http://a.example", ("p", 1)),
    ({"all_proxy": "q:2", "ALL_PROXY": "http://p:1"}, "http://a.example", ("q", 2)),
    ({"ALL_PROXY": "p:1", "HTTPS_PROXY": "q:2"}, "https://a.example", ("q", 2)),
    ({"ALL_PROXY": "p:1", "HTTPS_PROXY": "q:2"}, "http://a.example", ("p", 1)),
    ({"ALL_PROXY": "p:1", "REQUEST_METHOD": "GET"}, "http://a.example", ("p", 1)),
    ({"ALL_PROXY": "p:1", "NO_PROXY": "a.example"}, "http://a.example", None),
    ({"ALL_PROXY": "", "HTTP_PROXY": ""}, "http://a.example", None),
    ({"ALL_PROXY": "socks5://p:1", "HTTP_PROXY": "q:2"}, "http://a.example", ("q", 2)),
    ({"HTTP_PROXY": "p", "NO_PROXY": "*"}, "http://a.example", None),
    ({"HTTP_PROXY": "p", "NO_PROXY": "b, a.example"}, "http://a.example", None),
    ({"HTTP_PROXY": "p", "NO_PROXY": "example"}, "http://a.example", None),
    ({"HTTP_PROXY": "p", "no_proxy": ".example"}, "http://a.example", None),
    ({"HTTP_PROXY": "p", "no_proxy": "*.example"}, "http://a.example", None),
    ({"HTTP_PROXY": "p", "NO_PROXY": "xample"}, "http://a.example", ("p", 80)),
    ({"HTTP_PROXY": "p", "NO_PROXY": "a.example:81"}, "http://a.example", ("p", 80)),
    ({"HTTP_PROXY": "p", "NO_PROXY": "a.example:81"}, "http://a.example:81", None),
    ({"HTTP_PROXY": "p", "NO_PROXY": "127.0.0.0/8"}, "http://127.1.2.3", None),
    ({"HTTP_PROXY": "p", "NO_PROXY": "10.0.0.0/8,::1"}, "http://[::1]:80", None),
    ({"HTTP_PROXY": "p", "NO_PROXY": "10.0.0.0/8"}, "http://a.example", ("p", 80)),
]


@pytest.mark.parametrize(("environment", "url", "expected"), PROXY_ENVIRONMENT)
def test_proxy_is_chosen(environment: dict[str, str], url: str, expected: object) -> None:
    origin = load("_runtime.http.servers").Origin.parse(url)
    proxy = proxies.Proxies.from_environment(environment).choose(origin)
    assert (None if proxy is None else (proxy.host, proxy.port)) == expected


SOCKS = ["socks", "socks4", "socks4a", "socks5", "socks5h", "SOCKS5", "Socks5H"]


@pytest.mark.parametrize("scheme", SOCKS)
@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"])
def test_socks_is_refused_by_name(scheme: str, name: str) -> None:
    chosen = proxies.Proxies.from_environment({name: f"{scheme}://u:{KEY}@h:1"})
    origin = load("_runtime.http.servers").Origin.parse("https://a.example")
    expected = f"{name}: SOCKS proxies are not supported, only ones that begin with http://"
    with pytest.raises(ValueError, match="SOCKS") as caught:
        chosen.choose(origin)
    assert str(caught.value) == expected


@pytest.mark.parametrize("url", [f"socks5://u:{KEY}@p", f"https://u:{KEY}@p", f"http://u:{KEY}@"])
def test_proxy_that_is_not_supported_is_refused_unseen(url: str) -> None:
    with pytest.raises(ValueError, match=r"prox|host") as caught:
        proxies.Proxy.parse(url)
    assert not leaks(str(caught.value))


UNENCODED = [
    "http://user:s3cr?et@proxy",
    "http://user:s3cr/et@proxy",
    "http://user:s3cr#et@proxy",
    "http://user:s3cr\u2100et@proxy",
    "http://user:s3cr[et@proxy",
    "http://user:80?s3cr@proxy",
]


def shown(error: BaseException) -> str:
    assert error.__context__ is None
    assert error.__cause__ is None
    return f"{error}{error!r}{error.args}"


@pytest.mark.parametrize("url", UNENCODED)
def test_password_that_is_not_encoded_is_refused_unseen(url: str) -> None:
    with pytest.raises(ValueError, match="password") as caught:
        proxies.Proxy.parse(url)
    assert "s3cr" not in shown(caught.value)


@pytest.mark.parametrize("url", UNENCODED[:5])
@pytest.mark.parametrize("kind", ["client.BaseClient", "async_client.AsyncBaseClient"])
def test_password_in_the_servers_url_is_refused_unseen(url: str, kind: str) -> None:
    module, _, name = kind.partition(".")
    with pytest.raises(ValueError, match="URL") as caught:
        getattr(load(f"_runtime.client.{module}"), name)(url)
    assert "s3cr" not in shown(caught.value)


@pytest.mark.parametrize("kind", ["client.BaseClient", "async_client.AsyncBaseClient"])
def test_unusable_proxy_is_named_and_refused_only_where_it_counts(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("REQUEST_METHOD", raising=False)
    module, _, name = kind.partition(".")
    make = getattr(load(f"_runtime.client.{module}"), name)
    monkeypatch.setenv("HTTP_PROXY", f"socks5://u:{KEY}@h:1")
    monkeypatch.setenv("NO_PROXY", "near.example")
    make("https://a.example")
    make("http://near.example")
    make("http://a.example", trust_env=False)
    with pytest.raises(ValueError, match="HTTP_PROXY: SOCKS proxies are not supported") as caught:
        make("http://a.example")
    assert not leaks(str(caught.value))
    direct = load("_runtime.http.sockets").SocketTransport(
        proxies=proxies.Proxies.from_environment()
    )
    with pytest.raises(ValueError, match="HTTP_PROXY"):
        direct._route("http://b.example")
