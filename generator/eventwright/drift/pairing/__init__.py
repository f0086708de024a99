"""Which things of two documents stand for each other, and where a comparison stands."""
