"""Delivery: a call as data, and what is made of the answers to it, whoever keeps it meanwhile.

Part of the packages that ask for it. It stands on the client, and no client on it.
"""
