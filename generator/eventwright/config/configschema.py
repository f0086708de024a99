"""The JSON Schema of eventwright.toml, by which editors complete and check it.

It is shipped as `eventwright.schema.json`; `python -m eventwright.config.configschema` prints it.
"""

from __future__ import annotations

import json

from .. import DOCUMENTATION

URL = f"{DOCUMENTATION}/raw/main/generator/eventwright/eventwright.schema.json"


def schema_text() -> str:
    """The file's text, made from the keys that `config.ClientKeys` declares."""
    from pydantic import TypeAdapter

    from .check import File

    schema = TypeAdapter(File).json_schema(ref_template="#/$defs/{model}")
    for each in (schema, *schema["$defs"].values()):
        each["additionalProperties"] = False
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": URL}
    head |= {"title": "eventwright.toml", "description": f"See {DOCUMENTATION}"}
    return json.dumps(head | {k: v for k, v in schema.items() if k not in head}, indent=2) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
