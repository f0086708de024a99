"""Delivery: what is handed over is stored first, and sent until the server has it.

Part of the packages that ask for it. It stands on the client, and no client on it.
"""
