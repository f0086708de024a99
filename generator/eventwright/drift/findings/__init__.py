"""Findings: what one is, where it stands, and its words."""
