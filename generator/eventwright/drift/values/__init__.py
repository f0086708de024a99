"""Sets of values: which type accepts what another one accepts."""
