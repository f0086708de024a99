"""What classes, arms and events are called, and which arms are no events."""
