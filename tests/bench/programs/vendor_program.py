"""Sends one event with customerio-cdp-analytics; its argument is the port of the server."""

import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

analytics: Any = import_module("customerio.analytics")

analytics.write_key = "0123456789abcdef0123"
analytics.host = f"http://127.0.0.1:{sys.argv[1]}"
analytics.sync_mode = True
analytics.track(
    user_id="97980cfea0067",
    event="Device Created or Updated",
    context={"device": {"token": "abc", "type": "ios"}},
    timestamp=datetime.now(UTC),
)
