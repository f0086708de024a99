"""The official JSON-Schema-Test-Suite, put to generated builders: `python -m conformance`."""
