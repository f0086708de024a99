"""What a client does with an operation: requests, credentials, retries, answers and errors.

The same in every package; how bytes travel is the business of `http`.
"""
