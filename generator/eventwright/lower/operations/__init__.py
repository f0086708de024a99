"""Paths, webhooks and callbacks to operations, with their servers and answers."""
