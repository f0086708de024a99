"""The rules: what each kind of change means."""
