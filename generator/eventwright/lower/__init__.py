"""Document to model: the only place where OpenAPI becomes our domain."""
