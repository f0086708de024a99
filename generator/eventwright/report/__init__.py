"""Findings to text, in the format that a person, a program or a CI system reads."""
