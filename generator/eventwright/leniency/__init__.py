"""A document that is a little invalid, read as it is surely meant."""
