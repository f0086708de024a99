"""What is wrong, where it is, and what helps."""
