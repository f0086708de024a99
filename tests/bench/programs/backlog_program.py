"""Opens an outbox in which events wait, and delivers so many of them."""

from __future__ import annotations

import sys
import time

from customerio_events import Client
from customerio_events.outbox import Outbox

path, port, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = Client(api_key="k" * 20, server=f"http://127.0.0.1:{port}/v1", trust_env=False)
box = Outbox(path, client=client)
delivered = box.stats().delivered + wanted
while box.stats().delivered < delivered:
    time.sleep(0.005)
box.close(0)
