"""One module for each format of a report that is plain text."""
