"""Model to the text of the generated package; no disk but for the templates."""
