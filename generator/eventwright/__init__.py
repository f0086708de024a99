"""eventwright: a typed Python client from an OpenAPI document, of events or any other API."""

__version__ = "0.1.0"

DOCUMENTATION = "https://github.com/eventwright/eventwright"
"""Where to read on."""
