"""Delivers from a table until SIGTERM: how to connect, URL of the server, seconds of the lease."""

import signal
import sys

import psycopg

from customerio_events import Client
from customerio_events.outbox import Backoff, Relay
from customerio_events.sinks.postgresql import PostgresTable

dsn, url, lease = sys.argv[1:]
client = Client(api_key="s3cret-key", server=url, timeout=5.0, trust_env=False)
table = PostgresTable(connect=lambda: psycopg.connect(dsn), lease=float(lease))
relay = Relay(table, client=client, backoff=Backoff(base=0.05, cap=0.5))
signal.signal(signal.SIGTERM, lambda *_: relay.stop())
relay.run()
