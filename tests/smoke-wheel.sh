#!/usr/bin/env bash
# Build the wheel, install it far from the checkout, generate a client with it and use that client.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$repo/.venv/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/dist" "$repo"
"$repo/.venv/bin/python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$repo/requirements.lock" "$work"/dist/*.whl

# What an index page shows: links that lead somewhere from there, and the project's own.
"$work/venv/bin/python" -c 'from importlib.metadata import metadata; print(metadata("eventwright"))' >"$work/metadata"
grep -q '^Project-URL: Documentation' "$work/metadata"
if grep -E '\]\((docs|spec|generated|LICENSE|CONTRIBUTING|eventwright)' "$work/metadata"; then echo "relative links" >&2; exit 1; fi
test -f "$("$work/venv/bin/python" -c 'import eventwright; print(eventwright.__path__[0])')/eventwright.schema.json"

mkdir -p "$work/project/spec"
cp "$repo/spec/customerio-semantic-events.json" "$work/project/spec/"
cp "$repo/eventwright.toml" "$work/project/"
cd "$work/project"
"$work/venv/bin/eventwright" --version
"$work/venv/bin/eventwright" generate
"$work/venv/bin/eventwright" check
"$work/venv/bin/python" -X importtime -m eventwright generate 2>"$work/imported" | grep "0 files written"
if grep -E "jinja2|black" "$work/imported"; then echo "generate with nothing to do imported them" >&2; exit 1; fi
diff -r -x __pycache__ "$repo/generated/customerio_events" generated/customerio_events

# The generated package needs the standard library alone: -S leaves out site-packages.
cd generated
"$work/venv/bin/python" -S -c '
import sys; sys.path.insert(0, ".")
from customerio_events import Client, DeviceDeleted, UserDeleted
from customerio_events.testing import RecordingClient
with RecordingClient() as client:
    client.track(UserDeleted(user_id="a@example.com", extra={"messageId": "m-1"}))
assert client.events == [UserDeleted(user_id="a@example.com", extra={"messageId": "m-1"})]
print("the wheel works:", client.events[0].to_json().decode())
'
