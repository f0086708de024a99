"""A template and its data -> one self-contained page. Text of a document is data there, and inert.

Everything that a template prints goes through `escape` of the diagnostics (no control or
directional character is left) and then through Jinja's own escaping. The page's policy lets its
own style and script run, known by their hashes, and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from ...diagnostics.diagnostic import escape

_HERE = Path(__file__).parent


def render_page(template: str, **context: Any) -> str:
    """The page as text that ends with a newline; also well-formed XML."""
    style, script = _asset("style.css"), _asset("filter.js")
    return (
        _environment()
        .get_template(template)
        .render(style=style, script=script, policy=_policy(style, script), **context)
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["pieces"] = _pieces
    return environment


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else escape(str(value))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a message, and whether each stands between backticks."""
    for number, piece in enumerate(text.split("`")):
        yield piece, number % 2 == 1


@cache
def _asset(name: str) -> Markup:
    """A file of our own: no text of a document is ever in it."""
    return Markup((_HERE / name).read_text("utf-8"))


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
