"""One spelling for what a document may say in several ways."""
