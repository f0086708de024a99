"""What a generated package is going to check, known before it is written."""
