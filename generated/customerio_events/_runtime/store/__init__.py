"""What an outbox keeps its events in: a file of SQLite that processes share, or memory."""
