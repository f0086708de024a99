"""Two operations with their events, bodies, parameters and credentials, compared."""
