"""Documents of other formats: what they are, and the OpenAPI document that they stand for."""
