"""A group's schema as the key `value` of an event, generated and imported."""

from __future__ import annotations

import itertools
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from eventwright.quick.fingerprint import templates_folder
from support import event, event_document, generate_from, load_module, write_package

from .dialect import Dialect

LITERAL = "Group"
_numbers = itertools.count()


class Packages:
    """Generates the events of one group after the other; all share one runtime."""

    def __init__(self, folder: Path, dialect: Dialect) -> None:
        self._dialect = dialect
        self._package = folder / f"conformance_{next(_numbers)}"
        write_package(_generated(dialect, {"Value": {}}), self._package)
        # A group may reach any module of the runtime.
        static = Path(templates_folder(), "static", "_runtime")
        shutil.copytree(static, self._package / "_runtime", dirs_exist_ok=True)
        load_module(self._package)

    def events(self, schema: Any) -> ModuleType:
        """The `events` module of a group.

        Raises Inexpressible, or UserError where the generator refuses the document.
        """
        text = _generated(self._dialect, self._dialect.components(schema))["events.py"]
        module = ModuleType(f"{self._package.name}.group_{next(_numbers)}")
        module.__package__ = self._package.name
        sys.modules[module.__name__] = module  # dataclasses look their module up
        exec(compile(text, f"{module.__name__}.py", "exec"), module.__dict__)  # noqa: S102
        return module


def _generated(dialect: Dialect, components: dict[str, Any]) -> dict[str, str]:
    schema = event(LITERAL, {"value": {"$ref": "#/components/schemas/Value"}}, required=["value"])
    document = event_document(schema, version=dialect.version, components=components)
    # Formatting is most of what generating takes, and changes no verdict.
    with mock.patch("eventwright.emit.render.format_source", lambda text: text):
        return dict(generate_from(document).files)
