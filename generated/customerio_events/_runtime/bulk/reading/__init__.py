"""Inputs, from their bytes to events: JSON Lines, JSON arrays and tables."""
