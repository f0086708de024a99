"""eventwright: a typed, dependency-free Python client from an OpenAPI document that describes events."""

__version__ = "0.1.0"
