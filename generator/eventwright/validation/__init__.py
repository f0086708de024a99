"""Whether a document is OpenAPI, and one that a client can be generated from."""
