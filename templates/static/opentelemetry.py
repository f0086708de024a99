"""Spans and metrics of OpenTelemetry, for each attempt of a call, by the hooks of a client.

    client = Client(..., **hooks())
    observe(box)  # an outbox: how much waits, and for how long

Names and attributes are those of the semantic conventions for HTTP clients, and the operation and
the class of the event beside them. No payload, no query and no credential is among them.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any, Final, Protocol, TypedDict
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary, ref

from opentelemetry import metrics, propagate, trace

from ._runtime.client.hooks import Attempt, Hook

__all__ = ["Hooks", "hooks", "observe"]

_PACKAGE: Final = __name__.rpartition(".")[0]
_SPAN: Final = "opentelemetry.span"
_BUCKETS: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25),
    *(0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0),
)
"""Seconds, as the conventions have them."""

_GAUGES: Final = (
    ("pending", "{event}", "Events that wait, those under way included."),
    ("dead", "{event}", "Dead letters that are kept."),
    ("oldest", "s", "For how long the oldest event has waited."),
)
_COUNTERS: Final = (
    ("delivered", "{event}", "Events that the server has."),
    ("retried", "{attempt}", "Attempts of this process that were in vain."),
)


class Hooks(TypedDict):
    """Arguments of a client."""

    on_request: Hook
    on_response: Hook
    on_retry: Hook


def hooks(
    *,
    tracer_provider: trace.TracerProvider | None = None,
    meter_provider: metrics.MeterProvider | None = None,
    propagated: bool = True,
) -> Hooks:
    """The hooks that make a span and measure each attempt; a client of either kind takes them.

    Args:
        tracer_provider: by default the global one.
        meter_provider: by default the global one.
        propagated: whether requests carry the context of their span: `traceparent`, and whatever
            else the global propagator writes, such as baggage.
    """
    watch = _Watch(
        trace.get_tracer(_PACKAGE, tracer_provider=tracer_provider),
        metrics.get_meter(_PACKAGE, meter_provider=meter_provider),
        propagated,
    )
    return Hooks(
        on_request=watch.begin, on_response=watch.end, on_retry=watch.try_again
    )


class _Outbox(Protocol):
    def snapshot(self) -> Any: ...


def observe(
    outbox: _Outbox,
    *,
    name: str = "",
    meter_provider: metrics.MeterProvider | None = None,
) -> None:
    """Measure an outbox whenever metrics are collected, for as long as it is open.

    Args:
        outbox: sync or async.
        name: tells it from others, as the attribute `outbox`. Those of one name are measured as
            one: the sum of them, and the oldest.
        meter_provider: by default the global one.
    """
    provider = meter_provider or metrics.get_meter_provider()
    if provider not in _observed:
        _observed[provider] = _Observed(
            metrics.get_meter(_PACKAGE, meter_provider=provider)
        )
    _observed[provider].boxes.append((ref(outbox), name))


class _Observed:
    """The outboxes that one provider measures: an instrument is made once for all of them.

    Attributes:
        boxes: each with its name.
    """

    def __init__(self, meter: metrics.Meter) -> None:
        self.boxes: list[tuple[ref[_Outbox], str]] = []
        for key, unit, words in _GAUGES:
            meter.create_observable_gauge(
                _named(key), [partial(self._read, key)], unit=unit, description=words
            )
        for key, unit, words in _COUNTERS:
            meter.create_observable_counter(
                _named(key), [partial(self._read, key)], unit=unit, description=words
            )

    def _read(self, key: str, _: metrics.CallbackOptions) -> list[metrics.Observation]:
        join = max if key == "oldest" else sum
        values: dict[str, list[float]] = {}
        for known in list(self.boxes):
            box, name = known[0](), known[1]
            if box is None:
                self.boxes.remove(known)
                continue
            with suppress(Exception):  # it is closed, say
                value = float(getattr(box.snapshot(), key))
                values.setdefault(name, []).append(value)
        return [
            metrics.Observation(join(found), {"outbox": name} if name else {})
            for name, found in values.items()
        ]


_observed: WeakKeyDictionary[metrics.MeterProvider, _Observed] = WeakKeyDictionary()


def _named(key: str) -> str:
    return f"{_PACKAGE}.outbox.{key}"


class _Watch:
    def __init__(
        self, tracer: trace.Tracer, meter: metrics.Meter, propagated: bool
    ) -> None:
        self._tracer, self._propagated = tracer, propagated
        self._duration = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self._retries = meter.create_counter(
            f"{_PACKAGE}.retries",
            unit="{retry}",
            description="Requests that are made again.",
        )

    def begin(self, attempt: Attempt) -> None:
        attributes = _known(attempt)
        attributes["url.full"] = attempt.url
        if attempt.attempt > 1:
            attributes["http.request.resend_count"] = attempt.attempt - 1
        name = f"{attempt.method} {attempt.operation}"
        span = self._tracer.start_span(
            name, kind=trace.SpanKind.CLIENT, attributes=attributes
        )
        attempt.state[_SPAN] = span
        if self._propagated:
            propagate.inject(attempt.headers, trace.set_span_in_context(span))

    def end(self, attempt: Attempt) -> None:
        span: trace.Span | None = attempt.state.pop(_SPAN, None)
        found = _outcome(attempt)
        self._duration.record(attempt.seconds, {**_known(attempt), **found})
        if span is not None:
            span.set_attributes(found)
            if "error.type" in found:
                span.set_status(trace.StatusCode.ERROR)
            span.end()

    def try_again(self, attempt: Attempt) -> None:
        self._retries.add(1, {**_known(attempt), **_outcome(attempt)})


def _known(attempt: Attempt) -> dict[str, Any]:
    """What is known of an attempt before it is made."""
    url = urlsplit(attempt.url)
    found: dict[str, Any] = {
        "http.request.method": attempt.method,
        "server.address": url.hostname or "",
        "server.port": url.port or (443 if url.scheme == "https" else 80),
        f"{_PACKAGE}.operation": attempt.operation,
    }
    with suppress(Exception):  # of another version of the package, say
        if attempt.event is not None:
            found[f"{_PACKAGE}.event"] = type(attempt.event).__name__
    return found


def _outcome(attempt: Attempt) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if attempt.status is not None:
        found["http.response.status_code"] = attempt.status
    if attempt.error is not None:
        found["error.type"] = type(attempt.error).__name__
    elif attempt.status is not None and attempt.status >= 400:
        found["error.type"] = str(attempt.status)
    return found
