"""Spans and metrics by the real SDK of OpenTelemetry, with exporters in memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from behaviour.faultserver import FaultServer, drop, reply
from customerio_events import AsyncClient, BadRequest, Client, RetryPolicy, UserSuppressed
from customerio_events.opentelemetry import hooks, observe
from customerio_events.outbox import Outbox

KEY = "s3cret-key-0123456789"
PAYLOAD = "p4yload-0123456789"
EVENT = UserSuppressed(user_id=PAYLOAD)


class Telemetry:
    """The SDK, set up for one test."""

    def __init__(self) -> None:
        self._exporter, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.meters = MeterProvider(metric_readers=[self._reader])

    @property
    def options(self) -> dict[str, Any]:
        return {"tracer_provider": self.tracers, "meter_provider": self.meters}

    @property
    def spans(self) -> list[Any]:
        return list(self._exporter.get_finished_spans())

    @property
    def metrics(self) -> dict[str, list[Any]]:
        """The data points of each metric."""
        data = self._reader.get_metrics_data()
        if data is None:
            return {}
        found = (m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics)
        return {each.name: list(each.data.data_points) for each in found}


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


def _client(url: str, telemetry: Telemetry, **options: Any) -> dict[str, Any]:
    again = RetryPolicy(base=0, on_connection_failure=True)
    chosen = {"api_key": KEY, "server": url, "trust_env": False, "retries": again}
    return {**chosen, **hooks(**telemetry.options), **options}


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_span_and_a_measure_for_each_attempt(telemetry: Telemetry, way: str) -> None:
    async def main(url: str) -> None:
        async with AsyncClient(**_client(url, telemetry)) as client:
            await client.track(EVENT)

    closed = reply(503, headers={"Connection": "close"})
    with FaultServer(closed, drop, reply()) as server:
        if way == "sync":
            with Client(**_client(server.url, telemetry)) as client:
                client.track(EVENT)
        else:
            asyncio.run(main(server.url))
        carried = [each.headers["traceparent"] for each in server.seen]
        port = int(server.url.rpartition(":")[2])
    spans = telemetry.spans
    assert [each.name for each in spans] == ["POST track"] * 3
    assert [each.kind for each in spans] == [SpanKind.CLIENT] * 3
    assert carried == [
        f"00-{c.trace_id:032x}-{c.span_id:016x}-{c.trace_flags:02x}"
        for c in (each.context for each in spans)
    ]
    first, second, third = (dict(each.attributes) for each in spans)
    assert first == {
        "http.request.method": "POST",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.full": f"{server.url}/track",
        "customerio_events.operation": "track",
        "customerio_events.event": "UserSuppressed",
        "http.response.status_code": 503,
        "error.type": "503",
    }
    assert (second["error.type"], second["http.request.resend_count"]) == ("ConnectionFailed", 1)
    assert (third["http.response.status_code"], third["http.request.resend_count"]) == (200, 2)
    assert [each.status.status_code for each in spans] == [
        *[StatusCode.ERROR] * 2,
        StatusCode.UNSET,
    ]
    metrics = telemetry.metrics
    assert sum(each.count for each in metrics["http.client.request.duration"]) == 3
    assert sum(each.value for each in metrics["customerio_events.retries"]) == 2
    assert all(each.sum > 0 for each in metrics["http.client.request.duration"])


def test_no_payload_and_no_credential(telemetry: Telemetry) -> None:
    echo = reply(400, f"{KEY} {PAYLOAD}".encode())
    with (
        FaultServer(echo) as server,
        Client(**_client(server.url, telemetry)) as client,
        pytest.raises(BadRequest),
    ):
        client.track(EVENT)
    said = f"{[each.to_json() for each in telemetry.spans]} {telemetry.metrics}"
    assert "UserSuppressed" in said
    assert PAYLOAD not in said
    assert KEY not in said


def test_spans_are_within_that_of_the_program(telemetry: Telemetry) -> None:
    tracer = telemetry.tracers.get_tracer("program")
    with (
        FaultServer(reply()) as server,
        Client(**_client(server.url, telemetry)) as client,
        tracer.start_as_current_span("mine") as mine,
    ):
        client.track(EVENT)
    (span, _) = telemetry.spans
    assert span.parent.span_id == mine.get_span_context().span_id


def test_beside_hooks_of_the_program(telemetry: Telemetry) -> None:
    ours, seen = hooks(**telemetry.options, propagated=False), list[Any]()
    options = _client("", telemetry, **{name: [hook, seen.append] for name, hook in ours.items()})
    with FaultServer(reply()) as server, Client(**{**options, "server": server.url}) as client:
        client.track(EVENT)
        assert "traceparent" not in server.seen[0].headers
    assert (len(telemetry.spans), len(seen)) == (1, 2)


def test_nobody_needs_it_who_does_not_ask_for_it() -> None:
    code = (
        "import sys\nsys.modules['opentelemetry'] = None\n"
        "from customerio_events import Client\nfrom customerio_events import testing, outbox\n"
        "try:\n    from customerio_events import opentelemetry\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "generated")},
    )
    assert "opentelemetry" in done.stdout


def test_an_outbox_is_observed_while_it_is_open(tmp_path: Path, telemetry: Telemetry) -> None:
    client = Client(api_key=KEY, server="http://127.0.0.1:9", trust_env=False)
    box = Outbox(tmp_path / "e.db", client=client, concurrency=0)
    observe(box, name="mine", meter_provider=telemetry.meters)
    box.put(EVENT)
    box.put(EVENT)
    found = telemetry.metrics
    values = {name.rpartition(".")[2]: points[0].value for name, points in found.items()}
    assert {**values, "oldest": 0} == {
        "pending": 2,
        "dead": 0,
        "oldest": 0,
        "delivered": 0,
        "retried": 0,
    }
    assert 0 < values["oldest"] < 60
    assert {point.attributes["outbox"] for points in found.values() for point in points} == {"mine"}
    box.close(0)
    assert not telemetry.metrics


def test_several_outboxes_are_observed(tmp_path: Path, telemetry: Telemetry) -> None:
    """Each by its name; those of one name as one; those that are gone no more."""

    def opened(file: str, name: str, events: int) -> Outbox:
        client = Client(api_key=KEY, server="http://127.0.0.1:9", trust_env=False)
        box = Outbox(tmp_path / file, client=client, concurrency=0)
        observe(box, name=name, meter_provider=telemetry.meters)
        box.put_many([EVENT] * events)
        return box

    def pending() -> dict[str, float]:
        points = telemetry.metrics.get("customerio_events.outbox.pending", [])
        return {point.attributes.get("outbox", ""): point.value for point in points}

    boxes = [
        opened("a.db", "a", 1),
        opened("b.db", "b", 2),
        opened("c.db", "", 4),
        opened("d.db", "b", 8),
    ]
    assert pending() == {"a": 1, "b": 10, "": 4}
    boxes[0].close(0)
    assert pending() == {"b": 10, "": 4}
    boxes[1].close(0)
    del boxes[0]
    assert pending() == {"b": 8, "": 4}
    for box in boxes:
        box.close(0)
