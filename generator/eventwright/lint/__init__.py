"""What is valid in a document by the letter, and surely not meant."""
