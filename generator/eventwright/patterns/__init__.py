"""Patterns of ECMA-262 as Python runs them, or why it must not."""
