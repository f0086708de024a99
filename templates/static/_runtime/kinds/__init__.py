"""What a place of a document takes: checked, kept and written. The same in every package."""
