"""Delivers from a stream until SIGTERM: port of Redis, URL of the server, seconds, consumer."""

import signal
import sys

import redis

from customerio_events import Client
from customerio_events.outbox import Backoff, Relay
from customerio_events.sinks.redis import RedisStream

port, url, claim_after, consumer = sys.argv[1:]
client = Client(api_key="s3cret-key", server=url, timeout=5.0, trust_env=False)
stream = RedisStream(
    redis.Redis(port=int(port)),
    "events",
    claim_after=float(claim_after),
    consumer=consumer or None,
)
relay = Relay(stream, client=client, backoff=Backoff(base=0.05, cap=0.5))
signal.signal(signal.SIGTERM, lambda *_: relay.stop())
relay.run()
