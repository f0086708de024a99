"""Schemas to types: one kind of value at a time."""
