"""A client: calls as they are made, tried again, logged and recorded.

The same in every package; how bytes travel is the business of `http`.
"""
