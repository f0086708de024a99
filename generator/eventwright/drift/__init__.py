"""What moved between two documents, and what that breaks."""
