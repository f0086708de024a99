"""What each template is given: annotations, expressions, imports, order."""
