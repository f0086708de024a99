"""Two types or objects that stand for each other, compared."""
