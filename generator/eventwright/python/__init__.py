"""Python source: identifiers, literals, the order of names and the layout of lines."""
