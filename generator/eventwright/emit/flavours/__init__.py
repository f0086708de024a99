"""Further modules of a generated package, for hosts that use more than the library."""
