"""Files of events from the command line: read, checked as a whole, and sent by way of an outbox.

Part of the packages that ask for it. It stands on the rest, and nothing on it.
"""
