"""A package of many classes or operations: in modules of their own, and no different to use."""

from __future__ import annotations

import asyncio
import copy
import importlib
import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
from black import Mode, format_str
from black.mode import TargetVersion

from eventwright.cli import main as cli
from eventwright.emit.declarations import events as events_views
from eventwright.emit.layout import graph, partition, parts
from eventwright.emit.views import client as client_views
from keyword_schemas import keyword_document
from support import event, event_document, generate_from, import_package

SKU: dict[str, Any] = {"type": "object", "properties": {"sku": {"type": "string"}}}


def _keys(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_SHARED = {
    "Money": {"type": "object", "properties": {"currency": _ref("Currency")}},
    "Currency": {"enum": ["EUR", "USD"]},
    "Ping": {"type": "object", "properties": {"pong": _ref("Pong")}},
    "Pong": {"type": "object", "properties": {"ping": _ref("Ping"), "price": _ref("Money")}},
    "Nest": {"type": "array", "items": _ref("Nest")},
}
_OF_ORDER = {"_order7", "_money", "_enums", "_ping", "_shared_components_schemas_nest"}


def _orders(count: int) -> dict[str, Any]:
    """As many events that share classes, and one that has nothing in common with them."""
    keys = {
        "item": SKU,
        "total": _ref("Money"),
        "ping": _ref("Ping"),
        "nest": _ref("Nest"),
    }
    events = {f"Order{number}": event(f"Order {number}", keys) for number in range(count)}
    events["Alone"] = event("Alone", {"state": {"enum": ["on", "off"]}})
    union = {"oneOf": list(map(_ref, events))}
    document = event_document(union, components=_SHARED | events)
    post = copy.deepcopy(document["paths"]["/events"]["post"]) | {"operationId": "batch"}
    media_type = post["requestBody"]["content"]["application/json"]
    media_type["schema"] = {"type": "array", "items": union}
    post["parameters"] = [{"name": "currency", "in": "query", "schema": _ref("Currency")}]
    document["paths"]["/batch"] = {"post": post}
    return document


def _updates(count: int, **rest: Any) -> dict[str, Any]:
    """As many operations, on two kinds of things."""
    schema = {"type": "object", "properties": {"nest": _ref("Nest"), "ping": _ref("Ping")}}
    document = event_document({"type": "array", "items": _ref("Update")})
    document["components"]["schemas"] |= {"Update": schema, **_SHARED}
    post = document["paths"]["/events"]["post"]
    parameters = [
        {"name": "state", "in": "query", "schema": _ref("Currency")},
        {"name": "X-Strict", "in": "header", "schema": {"enum": ["1"]}},
    ]
    for number in range(count):
        thing = ("orders", "customers")[number % 2]
        own = {**post, "operationId": f"update{number}", "parameters": parameters, **rest}
        document["paths"][f"/v1/{thing}/{number}"] = {"post": own}
    return document


def _split_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_views, "MOST_IN_ONE_MODULE", 0)


@pytest.fixture
def _split(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few, events stand as those of a large package do."""
    _split_events(monkeypatch)


@pytest.fixture
def _split_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of operations."""
    monkeypatch.setattr(client_views, "MOST_IN_ONE_MODULE", 0)


def _beside(events: ModuleType, name: str) -> Any:
    """Another module of the package."""
    return importlib.import_module(f"{events.__name__.partition('.')[0]}.{name}")


def _loaded(events: ModuleType) -> set[str]:
    """The modules of its events that are there."""
    inside = f"{events.__name__}._"
    return {f"_{name.removeprefix(inside)}" for name in sys.modules if name.startswith(inside)}


@pytest.mark.usefixtures("_split")
def test_a_schema_that_changes_rewrites_its_own_module_alone() -> None:
    document = _orders(5)
    before = generate_from(document).files
    document["components"]["schemas"]["Order3"]["properties"]["new_key"] = {"type": "string"}
    after = generate_from(document).files
    assert [path for path in after if before.get(path) != after[path]] == ["events/_order3.py"]
    document["components"]["schemas"]["Currency"]["enum"].append("CHF")
    later = generate_from(document).files
    assert [path for path in later if after[path] != later[path]] == ["events/_enums.py"]


def test_one_event_loads_what_it_is_made_of_and_no_other(tmp_path: Path) -> None:
    events = import_package(_orders(partition.MOST_IN_ONE_MODULE), tmp_path)
    assert _loaded(events) == set()
    alone = events.Alone(state="on")
    assert events.parse_event(alone.to_json()) == alone
    assert _loaded(events) == {"_alone"}
    client = _beside(events, "testing").RecordingClient()
    client.send(alone)
    assert client.events == [alone]
    assert _loaded(events) == {"_alone", "_enums"}  # a parameter is an enum
    order = events.Order7.from_dict({"event": "Order 7", "total": {"currency": "EUR"}})
    client.send(order)
    assert _loaded(events) == {"_alone", *_OF_ORDER}
    client.batch([alone, {"event": "Order 7", "total": {"currency": "EUR"}}])
    assert _loaded(events) == {"_alone", *_OF_ORDER}
    order = b'{"event":"Order 7","total":{"currency":"EUR"}}'
    bodies = [b'{"event":"Alone","state":"on"}', order, b'[{"event":"Alone","state":"on"},%b]']
    assert [each.body for each in client.requests] == [*bodies[:2], bodies[2] % order]


def test_a_package_imports_none_of_them(tmp_path: Path) -> None:
    events = import_package(_orders(partition.MOST_IN_ONE_MODULE), tmp_path)
    package = _beside(events, "client") and sys.modules[events.__name__.partition(".")[0]]
    assert {"Alone", "Order7", "Event", "parse_event", "Client"} <= {*dir(package)}
    assert not _loaded(events) - {"_enums"}
    assert package.Order3 is events.Order3
    with pytest.raises(AttributeError, match="has no attribute 'Order999'"):
        _ = package.Order999


@pytest.mark.usefixtures("_split")
def test_what_needs_each_other_stands_together() -> None:
    files = generate_from(_orders(8)).files
    modules = {Path(name).stem for name in files if name.startswith("events/")}
    orders = {f"_order{number}" for number in range(8)}
    assert modules == {"__init__", "_event", "_alone", *orders, *_OF_ORDER}
    assert [line for line in files["events/_ping.py"].splitlines() if line[:6] == "class "] == [
        "class Pong(Builder):",
        "class Ping(Builder):",
    ]
    assert "class Order7Item(Builder):" in files["events/_order7.py"]
    assert "AloneState: TypeAlias" in files["events/_alone.py"]


@pytest.mark.usefixtures("_split")
def test_a_long_chain_of_classes_is_imported(tmp_path: Path) -> None:
    """Imports that stand in each other take stack, of which Python has little."""
    length = 200
    links = {f"Link{n}": _keys(next=_ref(f"Link{n + 1}")) for n in range(length)}
    links |= {f"Link{length}": SKU, "Order": event("Order", {"link": _ref("Link0")})}
    events = import_package(event_document(_ref("Order"), components=links), tmp_path)
    order = events.Order(link={"next": {"next": {}}})
    assert events.parse_event(order.to_json()) == order
    assert len(_loaded(events)) == graph.DEEPEST


@pytest.mark.usefixtures("_split")
def test_another_event_is_a_module_and_its_name_in_lists() -> None:
    before, after = (generate_from(_orders(count)).files for count in (8, 9))
    assert after.keys() - before.keys() == {"events/_order8.py"}
    changed = {name for name in before if before[name] != after[name]}
    listed = {"__init__.py", "events/__init__.py", "events/_event.py", "api.py"}
    assert changed == listed
    for name in listed:
        gone = {*before[name].splitlines()} - {*after[name].splitlines()}
        alone = '            "Alone": 8,'  # where it stands in the union of the batch
        assert all("Order0 |" in line or line == alone for line in gone), gone


def test_both_forms_are_used_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = keyword_document("3.1.0")
    one = import_package(document, tmp_path)
    _split_events(monkeypatch)
    many = import_package(document, tmp_path)
    assert one.__all__ == many.__all__
    assert {*_beside(one, "client").Client.__dict__} < {*dir(_beside(many, "client").Client)}
    for name in one.__all__:
        first: Any = getattr(one, name)
        second: Any = getattr(many, name)
        if hasattr(first, "__dataclass_fields__"):
            assert str(first.__signature__) == str(second.__signature__), name
            assert first.__doc__ == second.__doc__
            assert get_type_hints(first).keys() == get_type_hints(second).keys()


@pytest.mark.usefixtures("_split")
def test_builders_are_told_by_where_they_are_declared(tmp_path: Path) -> None:
    events = import_package(_orders(3), tmp_path)
    client = _beside(events, "testing").RecordingClient()

    alone: Any = events.Alone

    class Mine(alone):  # type: ignore[misc]
        """A program's own."""

    class Order1:
        """Of the name of an event, and none."""

    client.send(Mine())
    assert client.events == [events.Alone()]
    with pytest.raises(TypeError, match=r"^expected Order0, Order1, Order2, Alone, got Order1$"):
        client.send(Order1())
    with pytest.raises(TypeError, match="got dict; parse_event makes one of a mapping"):
        client.send({"event": "Alone"})
    unknown = _beside(events, "_runtime.builders.dispatch").UnknownEvent
    with pytest.raises(unknown, match="did you mean 'Order 1'"):
        events.parse_event({"event": "Ordr 1"})
    client.batch([events.Alone(state="on"), {"event": "Order 2"}], currency="EUR")
    body = b'[{"event":"Alone","state":"on"},{"event":"Order 2"}]'
    assert (client.requests[1].body, client.requests[1].target) == (body, "/batch?currency=EUR")


@pytest.mark.usefixtures("_split")
def test_hints_are_found_and_values_travel(tmp_path: Path) -> None:
    events = import_package(_orders(3), tmp_path)
    client = _beside(events, "client").Client
    assert get_type_hints(client.send)["event"] == events.Event
    assert len(get_args(events.Event)) == 4
    assert get_type_hints(events.Order1)["total"] == events.Money | None
    order = events.Order1(total=events.Money(currency="USD"), nest=[[], [[]]])
    assert pickle.loads(pickle.dumps(order)) == order


def test_operations_stand_in_modules_of_what_they_are_about() -> None:
    few = generate_from(_updates(parts.MOST_IN_ONE_MODULE - 1)).files
    assert not any(name.startswith("operations/") for name in few)
    many = generate_from(_updates(parts.MOST_IN_ONE_MODULE)).files
    modules = {name for name in many if name.startswith("operations/")}
    names = ("__init__", "_customers", "_events", "_orders")
    assert modules == {f"operations/{name}.py" for name in names}
    assert "update0" not in "".join(many[name] for name in ("client.py", "async_client.py"))
    tagged = generate_from(_updates(60, tags=["Bills & more", "b"])).files
    tags = ("__init__", "_bills_more", "_events")
    found = {name for name in tagged if name.startswith("operations/")}
    assert found == {f"operations/{name}.py" for name in tags}


@pytest.mark.parametrize(
    ("path", "modules"),
    [
        ("/v1/things/{n}/x", [f"_things_{digit}" for digit in range(10)]),
        ("/api/v2/things{n}", [f"_things{digit}" for digit in range(10)]),
        ("/things/kind{n}", [f"_things_kind{digit}" for digit in range(10)]),
        ("/{n}", [f"_field_{digit}" for digit in range(10)]),
    ],
)
def test_many_of_one_kind_are_told_apart_by_more(path: str, modules: list[str]) -> None:
    document = event_document(SKU)
    (item,) = document["paths"].values()
    document["paths"] = {
        path.replace("{n}", f"{n}"): {"post": {**item["post"], "operationId": f"update{n}"}}
        for n in range(parts.MOST_OF_ONE_KIND + 1)
    }
    files = generate_from(document).files
    made = {Path(name).stem for name in files if name.startswith("operations/")}
    assert made == {"__init__", *modules}


@pytest.mark.usefixtures("_split_operations")
@pytest.mark.parametrize(
    ("tags", "path", "module", "title"),
    [
        ([], "/", "_root", "/"),
        (["!", "b"], "/", "_root", "/"),
        (["!"], "/bills", "_bills", "bills"),
        (["Old bills"], "/", "_old_bills", "Old bills"),
    ],
)
def test_what_they_have_in_common_is_said(
    tags: list[str], path: str, module: str, title: str
) -> None:
    document = event_document(SKU)
    post = document["paths"].pop("/events")["post"]
    document["paths"][path] = {"post": post | {"tags": tags}}
    text = generate_from(document).files[f"operations/{module}.py"]
    assert f'"""{title}: operations of Small."""' in text
    assert f'"""The operations of {title}, as methods of the async client."""' in text


def test_another_operation_changes_one_module() -> None:
    before, after = generate_from(_updates(60)).files, generate_from(_updates(61)).files
    assert after.keys() == before.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"operations/_orders.py"}


def test_operations_in_modules_send_the_same(tmp_path: Path) -> None:
    events = import_package(_updates(60), tmp_path)
    testing = _beside(events, "testing")
    client = testing.RecordingClient(server="https://api.example.com", strict=True)
    update = events.Update(nest=[[]])
    client.update7([update, {"ping": {}}], state="EUR")
    client.update8([update], strict=False)
    sent = [(each.target, each.body, each.headers.get("X-Strict")) for each in client.requests]
    assert sent == [
        ("/v1/customers/7?state=EUR", b'[{"nest":[[]]},{"ping":{}}]', "1"),
        ("/v1/orders/8", b'[{"nest":[[]]}]', None),
    ]

    async def also() -> None:
        async with testing.AsyncRecordingClient(server="https://api.example.com") as other:
            await other.update7([update], state="EUR", strict=True)
            (request,) = other.requests
            assert (request.target, request.headers.get("X-Strict")) == (sent[0][0], "1")

    asyncio.run(also())


@pytest.mark.usefixtures("_split", "_split_operations")
@pytest.mark.parametrize("document", [_orders(4), _updates(4), keyword_document("3.0.3")])
def test_the_modules_are_as_clean_as_others(document: dict[str, Any], tmp_path: Path) -> None:
    files = generate_from(document).files
    own = {name: text for name, text in files.items() if "_runtime" not in name}
    mode = Mode(target_versions={TargetVersion.PY310})
    for name, text in own.items():
        if name.endswith(".py"):
            assert format_str(text, mode=mode) == text, name
    for name, text in own.items():
        path = tmp_path / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache"]
    rules = ["--select", "E4,E7,E9,F,I"]  # the default ones, and the order of imports
    done = subprocess.run([*command, *rules, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_package_grows_into_modules_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    config = '[[client]]\nspec = "spec.json"\noutput = "pkg"\n'
    (tmp_path / "eventwright.toml").write_text(config)

    def made(count: int) -> tuple[bool, bool]:
        (tmp_path / "spec.json").write_text(json.dumps(_orders(count)))
        assert (cli.run(["generate", "--force"]), cli.run(["check"])) == (0, 0), capsys.readouterr()
        return (tmp_path / "pkg/events.py").exists(), (tmp_path / "pkg/events").is_dir()

    assert made(2) == (True, False)
    assert made(partition.MOST_IN_ONE_MODULE) == (False, True)
    (tmp_path / "pkg/events/_order7.py").write_text("changed = True\n")
    assert cli.run(["check"]) == 1
    assert "hand-edited" in capsys.readouterr().out
    assert made(partition.MOST_IN_ONE_MODULE) == (False, True)
    assert made(2) == (True, False)
