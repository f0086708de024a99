"""What an operation takes: its parameters, its body, and the credentials that it asks for."""
