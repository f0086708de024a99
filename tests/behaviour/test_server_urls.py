"""What a server's URL may be, and that what it may not be is refused without being shown."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from behaviour.runtime import load

servers = load("_runtime.http.servers")
PLAIN = [
    ("https://a.example", "https://a.example", "https", "a.example", 443, ""),
    ("HTTPS://A.Example/", "https://a.example", "https", "a.example", 443, ""),
    ("http://a.example:80/v1/", "http://a.example", "http", "a.example", 80, "/v1"),
    ("http://a.example:443/v1//", "http://a.example:443", "http", "a.example", 443, "/v1"),
    ("http://u_.example", "http://u_.example", "http", "u_.example", 80, ""),
    ("http://a.example.:8080", "http://a.example.:8080", "http", "a.example.", 8080, ""),
    ("http://[::1]:8080/x", "http://[::1]:8080", "http", "::1", 8080, "/x"),
    ("http://[2001:DB8::1]", "http://[2001:db8::1]", "http", "2001:db8::1", 80, ""),
    ("http://127.0.0.1", "http://127.0.0.1", "http", "127.0.0.1", 80, ""),
    ("http://kÄse/ö", "http://xn--kse-qla", "http", "xn--kse-qla", 80, "/%C3%B6"),
    ("http://a/%41:@b;c=d", "http://a", "http", "a", 80, "/%41:@b;c=d"),
    ('http://a/"<>|^`{}', "http://a", "http", "a", 80, quote('/"<>|^`{}')),
]


@pytest.mark.parametrize(("url", "shown", "scheme", "host", "port", "path"), PLAIN)
def test_url_is_read(url: str, shown: str, scheme: str, host: str, port: int, path: str) -> None:
    origin, prefix = servers.parse_base(url)
    assert (origin.scheme, origin.host, origin.port, prefix) == (scheme, host, port, path)
    assert str(origin) == shown
    assert servers.Origin.parse(str(origin)) == origin


REFUSED = {
    "must begin with http:// or https://": [
        *("", "a.example", "//a.example", "ftp://a.example", "http:a.example", "http:/a.example"),
    ],
    "cannot be understood": [
        *("http://a:65536", "http://a:b", "http://a:-1", "http://a:1:2", "http://a:\uff18"),
        *("http://[::1", "http://::1]", "http://[::1]x", "http://x[::1]", "http://[1.2.3.4]"),
        *("http://s3cr:et\u2100@a", "http://s3cr[et@a", "http://a:00000000080"),
    ],
    "port is not a number from 1 to 65535": ["http://a:", "http://a:0", "http://a:/"],
    "no valid host name": [
        *("http://", "http:///x", "http://-a", "http://a-", "http://a%41", "http://a,b"),
        *("http://\u2100", "http://[1:2]", "http://[:::]", "http://:80", "http://a..\u00e9"),
    ],
    "must not hold a user name or password": ["http://s3cr@a", "http://u:s3cr@a/x", "http://@a"],
    "neither query nor fragment": ["http://a?s3cr", "http://a/#s3cr", "http://a?", "http://a?b@c"],
    "a space, a backslash or a control character": [
        *("http://a ", " http://a", "http://a\n", "http://a\t.b", "http://a/\\b", "http://a/\x7f"),
    ],
}


@pytest.mark.parametrize(("problem", "urls"), REFUSED.items(), ids=REFUSED)
def test_url_is_refused_unseen(problem: str, urls: list[str]) -> None:
    for url in urls:
        with pytest.raises(ValueError, match=problem) as caught:
            servers.parse_base(url)
        assert "s3cr" not in str(caught.value), url
        assert caught.value.__context__ is None, url


PROXIES = [
    ("p:3128", ("p", 3128, None)),
    ("http://p", ("p", 80, None)),
    ("http://p:1/\n", ("p", 1, None)),
    ("http://u@p", ("p", 80, "Basic dTo=")),
    ("http://u%40x:p%3Aw@p", ("p", 80, "Basic dUB4OnA6dw==")),
    ("http://u:a:b@p", ("p", 80, "Basic dTphOmI=")),
    ("http://u:k\u00e4se@p", ("p", 80, "Basic dTprw6RzZQ==")),
    ("http://u:a@b@[::1]:1", ("::1", 1, "Basic dTphQGI=")),
]


@pytest.mark.parametrize(("url", "expected"), PROXIES)
def test_proxy_is_read(url: str, expected: object) -> None:
    proxy = servers.Proxy.parse(url)
    assert (proxy.host, proxy.port, proxy.authorization) == expected


def test_text_is_quoted_as_the_standard_library_does() -> None:
    text = "".join(map(chr, [*range(0x250), 0x20AC, 0x1F600]))
    assert servers.quoted(text) == quote(text, safe="")
    assert servers.quoted(text, b"/%") == quote(text, safe="/%")
