"""Finding and reading a configuration file, and where its keys stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..diagnostics.diagnostic import ConfigError, Diagnostic, Location
from ..diagnostics.publicurls import public
from ..quick.answers import CONFIG_NAME, PROJECT_NAME
from ..text.exactnumbers import DIGITS
from ..text.pointers import Tokens
from ..text.positions import Problem, Source

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """\
[[client]]
spec = "spec/events.yaml"
output = "src/events_client\""""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConfigFile:
    """A file that is TOML. `data` holds `[tool.eventwright]` only, or all of an eventwright.toml.

    `prefix`: the keys that lead to `data` in the file.
    """

    path: Path
    data: Mapping[str, Any]
    prefix: Tokens
    source: Source

    def diagnostic(self, code: str, message: str, tokens: Tokens, help: str = "") -> Diagnostic:
        """An error at a key of `data`, or at the nearest table that stands in the file."""
        place = (*self.prefix, *tokens)
        problem = Problem(code, message, self.source.offset(place), place, help)
        return self.source.diagnostic(problem)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table in a configuration file; `at`: the keys that lead to it in `ConfigFile.data`."""

    file: ConfigFile
    at: Tokens

    def diagnostic(self, code: str, message: str, tokens: Tokens, help: str = "") -> Diagnostic:
        """An error at a key of the table."""
        return self.file.diagnostic(code, message, (*self.at, *tokens), help)


def find_config(cwd: Path) -> Path:
    """The nearest configuration in `cwd` or above. Raises ConfigError if there is none."""
    for folder in (cwd, *cwd.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder / CONFIG_NAME
        if (folder / PROJECT_NAME).is_file() and _speaks_of_us(folder / PROJECT_NAME):
            return folder / PROJECT_NAME
    message = (
        f"there is no {CONFIG_NAME}, and no {PROJECT_NAME} with [tool.eventwright], here or above"
    )
    help = f"run `eventwright init`, or write {CONFIG_NAME} with at least\n{EXAMPLE}"
    raise ConfigError([Diagnostic(code="C001", severity="error", message=message, help=help)])


def _speaks_of_us(path: Path) -> bool:
    # Most projects above a folder are none of our business, even if they are not valid TOML.
    text = path.read_bytes()
    if b"eventwright" not in text:
        return False
    file = read_config(path, shown=path.name)
    return bool(file.data)


def read_config(path: Path, shown: str) -> ConfigFile:
    """The file at `path`, called `shown` in messages. Raises ConfigError."""
    return parse_config(path, _read(path, shown), shown)


def parse_config(path: Path, text: str, shown: str) -> ConfigFile:
    """The same for a text that may not be on the disk yet."""
    import tomllib

    source = Source(shown, public(text))  # what is shown of the file
    try:
        data: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([source.diagnostic(_syntax(source.text, str(error)))]) from None
    except ValueError:
        raise ConfigError([source.diagnostic(_number(source.text))]) from None
    except RecursionError:
        problem = Problem("C003", "this is not TOML: it is nested too deeply", 0)
        raise ConfigError([source.diagnostic(problem)]) from None
    from ..text.tomlpositions import TomlPositions

    source.positions = TomlPositions(text)
    prefix = ("tool", "eventwright") if path.name == PROJECT_NAME else ()
    for key in prefix:
        data = data.get(key, {})
        if not isinstance(data, dict):
            data = {}
    return ConfigFile(path=path, data=data, prefix=prefix, source=source)


def _read(path: Path, shown: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the configuration is not UTF-8: byte {error.start + 1} is no character"
    except FileNotFoundError:
        message = "no such file"
    except (OSError, ValueError) as error:
        message = f"the file cannot be read: {getattr(error, 'strerror', None) or error}"
    place = Location(path=shown, line=1, column=1, pointer="")
    raise ConfigError([Diagnostic(code="C002", severity="error", message=message, location=place)])


def _number(text: str) -> Problem:
    """The integer that made reading fail: Python takes no more digits."""
    found = re.search(rf"(?:[0-9]_?){{{DIGITS + 1}}}", text)
    return Problem("C003", f"a number has more than {DIGITS} digits", found.start() if found else 0)


def _syntax(text: str, said: str) -> Problem:
    found = re.fullmatch(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)", said, re.DOTALL)
    if not found:
        return Problem("C003", f"this is not TOML: {said}", len(text.rstrip()))
    lines = text.splitlines(keepends=True)[: int(found[2]) - 1]
    offset = min(sum(map(len, lines)) + int(found[3]) - 1, len(text))
    return Problem("C003", f"this is not TOML: {found[1]}", offset)
