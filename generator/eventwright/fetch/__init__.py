"""Fetching a document over HTTPS, from a server that is not trusted."""

from __future__ import annotations

from .fetching import Fetched, fetch
from .rules import FetchError, Rules

__all__ = ["FetchError", "Fetched", "Rules", "fetch"]
