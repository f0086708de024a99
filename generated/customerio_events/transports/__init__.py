"""Transports that use what a host application already has; each imports its library by itself."""
