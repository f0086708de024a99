"""Documents brought up to what their sources publish."""
