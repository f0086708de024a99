"""The package as a whole: light to import, at home under any parent, as the README says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

import customerio_events
from support import ROOT

PACKAGE = ROOT / "generated" / "customerio_events"


def python(code: str, folder: Path) -> str:
    """What a fresh interpreter without site-packages prints."""
    command = [
        sys.executable,
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_building_events_loads_neither_http_nor_ssl_nor_asyncio() -> None:
    code = (
        "from customerio_events import UserDeleted, parse_event\n"
        "parse_event(UserDeleted(user_id='1').to_json())\n"
        "heavy = {'http', 'http.client', 'ssl', 'socket', 'asyncio', 'email'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert python(code, PACKAGE.parent) == "[]"


def test_the_sync_client_does_not_load_asyncio() -> None:
    code = (
        "from customerio_events import Client, UserDeleted\n"
        "Client(api_key='k')\n"
        "print('asyncio' in sys.modules)"
    )
    assert python(code, PACKAGE.parent) == "False"


def test_every_public_name_can_be_imported() -> None:
    for name in customerio_events.__all__:
        assert getattr(customerio_events, name) is not None
    assert sorted(dir(customerio_events)) == sorted(customerio_events.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Cleint'"):
        getattr(customerio_events, "Cleint")  # noqa: B009


def test_the_folder_works_under_any_parent_package(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "acme" / "vendored" / "events")
    code = (
        "from acme.vendored.events import Client, UserDeleted, parse_event\n"
        "from acme.vendored.events.testing import RecordingClient\n"
        "client = RecordingClient()\n"
        "client.track(UserDeleted(user_id='1'))\n"
        "print(client.events, [m for m in sys.modules if m.startswith('customerio')])"
    )
    assert python(code, tmp_path) == "[UserDeleted(user_id='1')] []"


class _Taking(BaseHTTPRequestHandler):
    taken: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_the_program_in_the_readme_runs_as_written() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    program = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[0]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        exec(program.replace('"…"', '"key"').replace('"eu"', repr(address)), {})  # noqa: S102
    finally:
        server.shutdown()
    assert [body.count(b'"event"') for body in _Taking.taken] == [1, 1, 1]
    assert b'"messageId":"m-1"' in _Taking.taken[2]
