"""The command line of a package: its commands and options, and what was said with them."""
