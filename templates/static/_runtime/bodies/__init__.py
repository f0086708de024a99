"""What a request carries, made of the arguments of a method: bodies, forms, files, parameters."""
