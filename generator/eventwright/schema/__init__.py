"""Schemas with their references resolved and `allOf` merged, 3.0 and 3.1 spelt alike."""
