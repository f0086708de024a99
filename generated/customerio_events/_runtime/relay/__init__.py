"""Relays: events that another engine keeps, such as Redis, and that are sent from there."""
