"""Pages: one file that needs nothing else, readable without its script."""
