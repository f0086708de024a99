"""The command line: its commands, their help and what they print."""
