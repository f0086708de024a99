"""Which module of a large package a declaration or an operation stands in."""
