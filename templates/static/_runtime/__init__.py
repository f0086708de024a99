"""What every package that eventwright generates has in common, copied as it is.

`values` checks, builds and writes; `client` is what a client does with an operation; `http` carries
requests. Nothing here is of the document: a reviewer of its events can skip it.
"""
