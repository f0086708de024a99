"""What a repository needs to vendor a client and keep it right."""
