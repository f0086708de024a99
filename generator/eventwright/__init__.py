"""eventwright: a typed Python client from an OpenAPI document that describes events."""

__version__ = "0.1.0"
