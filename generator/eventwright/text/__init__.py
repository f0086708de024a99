"""Texts of JSON, YAML and TOML as data, with the place of every part."""
