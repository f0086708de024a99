"""The clients of a configuration: generated, checked, and what moved in their documents."""
