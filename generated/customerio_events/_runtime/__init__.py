"""The part of the package that is the same for every document; copied verbatim, do not edit.

Names here are internal: what is public is exported by the package itself.
"""
