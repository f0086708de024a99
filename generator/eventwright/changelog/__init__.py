"""A document's git history, told release by release."""
