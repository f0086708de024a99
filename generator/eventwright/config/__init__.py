"""eventwright.toml: from its text to the frozen configuration."""
