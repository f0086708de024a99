"""eventwright: a typed Python client from an OpenAPI document that describes events."""

__version__ = "0.1.0"

DOCUMENTATION = "https://github.com/eventwright/eventwright"
"""Where to read on."""
