"""Outboxes: what is handed over is stored first, and sent until the server has it.

Part of the packages that ask for it. Only one process delivers from a file at a time.
"""
