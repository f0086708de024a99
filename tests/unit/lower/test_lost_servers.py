"""The default server never shifts in silence, and no useless URL is generated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eventwright.cli import main as cli
from eventwright.diagnostics.diagnostic import UserError
from eventwright.document.load import load_bytes
from eventwright.project.notes import refuse
from small_document import document
from support import generate_from

STAGING = "https://staging.example"
PROD = "https://api.example/v1"
USELESS = {
    "/v1": "its URL is relative",
    "../v1": "its URL is relative",
    "events.example/v1": "its URL does not begin with https://",
    "https://{region}.example/{a}/{region}": "it does not declare {region}, {a}",
}


def with_servers(*urls: str, **operation: Any) -> dict[str, Any]:
    data: dict[str, Any] = document()
    data["servers"] = [{"url": url} for url in urls]
    data["paths"]["/e"]["post"].update(operation)
    return data


def problems(data: Any, **config: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(UserError) as caught:
        generate_from(data, **config)
    found = caught.value.diagnostics
    return [(d.code, d.location.pointer if d.location else "", d.message) for d in found]


def remarks(data: Any, **config: Any) -> list[tuple[str, str, str]]:
    found = generate_from(data, **config).model.remarks
    return [(each.about, each.at, each.message) for each in found]


def client(data: Any, **config: Any) -> str:
    return generate_from(data, **config).files["client.py"]


@pytest.mark.parametrize("url", USELESS)
def test_the_next_one_is_the_default_where_the_first_is_of_no_use(url: str) -> None:
    data = with_servers(url, STAGING)
    assert "Server.STAGING_EXAMPLE" in client(data)
    [(about, at, why)] = remarks(data)
    assert (about, at) == (f"the server {url}", "/servers/0")
    assert why == f"is left out: {USELESS[url]}, so {STAGING} is the default"
    with pytest.raises(UserError):
        refuse(load_bytes(json.dumps(data).encode(), "s.json"), generate_from(data).model.remarks)


@pytest.mark.parametrize("url", USELESS)
def test_a_later_one_is_left_out_and_told(url: str) -> None:
    data = with_servers(STAGING, url)
    assert "Server.STAGING_EXAMPLE" in client(data)
    assert url not in generate_from(data).files["api.py"]
    [(about, at, why)] = remarks(data)
    assert (about, at) == (f"the server {url}", "/servers/1")
    assert why.startswith(f"is left out: {USELESS[url]}, so no client names it")


@pytest.mark.parametrize("url", USELESS)
def test_where_none_is_usable_the_constructor_asks(url: str) -> None:
    data = with_servers(url, "/other")
    assert "        server: str,\n" in client(data)
    assert [at for _, at, _ in remarks(data)] == ["/servers/0", "/servers/1"]
    assert all("so clients ask for a URL" in why for _, _, why in remarks(data))


def test_a_document_without_servers_is_not_worth_a_word() -> None:
    assert remarks(with_servers()) == []


def test_the_configuration_gives_the_url_that_the_document_does_not() -> None:
    data = with_servers("/v1", STAGING)
    given = {"servers": {"main": f"{PROD}/"}}
    assert remarks(data, **given) == []
    assert "Server.MAIN" in client(data, **given)
    model = generate_from(data, **given).model
    named = [(each.name, each.url, each.at) for each in model.servers]
    assert named == [("main", PROD, "/servers/0"), ("staging_example", STAGING, "/servers/1")]
    # Even where it is called as the relative one would be, and where nothing is listed at all.
    for each in (data, with_servers("/v1"), with_servers()):
        assert "Server.DEFAULT" in client(each, servers={"default": PROD})


def test_a_url_too_many_or_of_no_use_is_still_a_mistake() -> None:
    both = {"a": PROD, "b": "https://b.example"}
    assert [code for code, _, _ in problems(with_servers("/v1", STAGING), servers=both)] == ["E307"]
    assert [code for code, _, _ in problems(with_servers(STAGING), servers={"a": PROD})] == ["E307"]
    useless = {"a": "/v2"}
    assert [code for code, _, _ in problems(with_servers("/v1"), servers=useless)] == ["E307"]


def test_names_for_the_documents_own_servers_stand_in_for_none() -> None:
    data = with_servers("/v1", STAGING, servers=[{"url": "https://own.example"}])
    names = {"staging": STAGING, "own": "https://own.example"}
    urls = [each.url for each in generate_from(data, servers=names).model.servers]
    assert urls == ["/v1", STAGING]


def test_declared_variables_are_filled() -> None:
    data = with_servers("https://{region}.example", "/v1")
    data["servers"][0]["variables"] = {"region": {"default": "eu"}}
    assert "Server.EU_EXAMPLE" in client(data)


@pytest.mark.parametrize("url", USELESS)
def test_an_operations_own_server_is_left_out_and_told(url: str) -> None:
    own = [{"url": url}, {"url": STAGING}]
    for listed, then in (
        (own, ""),
        (own[::-1], ""),
        (own[:1], ", so calls go to the client's server"),
    ):
        data = with_servers(PROD, servers=listed)
        api = generate_from(data).files["api.py"]
        assert f'"{url}"' not in api
        assert (f'servers=("{STAGING}",)' in api) == (len(listed) > 1)
        [(about, at, why)] = remarks(data)
        assert (about, why) == (f"the server {url} of send", f"is left out: {USELESS[url]}{then}")
        assert at == f"/paths/~1e/post/servers/{listed.index({'url': url})}"


def test_it_is_told_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("eventwright.toml").write_text('[[client]]\nspec = "s.json"\noutput = "pkg"\n')
    data = with_servers(STAGING, "/v1")
    Path("s.json").write_text(json.dumps(data).replace('{"url": "/v1"', '\n{"url": "/v1"'))
    assert cli.run(["generate"]) == 0
    told = capsys.readouterr().out.splitlines()[1]
    note = "  s.json:2:1: note[N103]: the server /v1 is left out: its URL is relative, "
    assert told.startswith(note)


@pytest.mark.parametrize(
    ("descriptions", "names"),
    [
        (("Production", "EU region."), ["production", "eu_region"]),
        (("Production", "production"), ["api_example", "staging_example"]),
        (("The one that everybody uses", "Staging"), ["api_example", "staging"]),
        (("", "v2: new"), ["api_example", "staging_example"]),
        (("<b>x</b>", "import os; 1"), ["api_example", "staging_example"]),
    ],
)
def test_a_server_is_called_after_a_word_or_two(
    descriptions: tuple[str, str], names: list[str]
) -> None:
    data = with_servers(PROD, STAGING)
    for server, text in zip(data["servers"], descriptions, strict=True):
        server["description"] = text
    model = generate_from(data).model
    assert [server.name for server in model.servers] == names
    chosen = generate_from(data, servers={"live": PROD}).model
    assert chosen.servers[0].name == "live"
