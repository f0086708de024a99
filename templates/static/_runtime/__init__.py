"""What every package that eventwright generates has in common, copied as it is.

`values`, `kinds` and `builders` check, build and write; `client` is what a client does with an
operation; `http` carries requests. Nothing here is of the document: a reviewer can skip it.
"""
