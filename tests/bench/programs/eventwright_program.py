"""Sends one event with the client of this repository; its argument is the port of the server."""

import sys
from datetime import UTC, datetime

from customerio_events import Client, DeviceCreatedOrUpdated

with Client(api_key="0123456789abcdef0123", server=f"http://127.0.0.1:{sys.argv[1]}/v1") as client:
    client.track(
        DeviceCreatedOrUpdated(
            user_id="97980cfea0067",
            context={"device": {"token": "abc", "type": "ios"}},
            timestamp=datetime.now(UTC),
        )
    )
