"""An operation as such: the request that it makes, and what becomes of the answer."""
