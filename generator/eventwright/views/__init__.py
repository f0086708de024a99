"""Model -> what the templates need: type annotations, expressions, imports, order."""
