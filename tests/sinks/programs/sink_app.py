"""An application of Celery whose workers deliver; configured by the environment."""

from __future__ import annotations

import os
import sys

from celery import Celery

from customerio_events import Client
from customerio_events.outbox import Backoff, Failure, Relay
from customerio_events.sinks.celery import CeleryTask

BROKER = os.environ["BROKER"]
OPTIONS = {
    "redis": {"visibility_timeout": 3, "unacked_restore_interval": 1, "unacked_restore_throttle": 1}
}

app = Celery("acme", broker=BROKER)
app.conf.broker_transport_options = OPTIONS.get(BROKER.partition(":")[0], {"confirm_publish": True})
app.conf.worker_prefetch_multiplier = 1
if "ONLY" in os.environ:  # no other queue can be published to
    app.conf.task_create_missing_queues = False
    app.conf.task_queues = {os.environ["ONLY"]: {"exchange": os.environ["ONLY"]}}
app.conf.broker_connection_retry_on_startup = True


def told(failure: Failure) -> None:
    line = f"told {failure.kind} {failure.status} {failure.errors}\n"
    sys.stderr.write(line)


client = Client(
    api_key=os.environ.get("KEY", "none"), server=os.environ["SERVER"], timeout=5.0, trust_env=False
)
relay = Relay(
    CeleryTask(app, queue="events"),
    client=client,
    backoff=Backoff(base=0.05, cap=0.3, pause=float(os.environ.get("PAUSE", "1"))),
    on_failure=told,
)
