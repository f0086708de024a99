"""Servers whose URLs have variables, and what is chosen for these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a URL: its default, and what it may be; empty: any text."""

    default: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A URL with variables: `https://{region}.example.com`.

    `of_operation`: operations have it that do not go to the client's server.
    """

    url: str
    variables: Mapping[str, Variable]
    of_operation: bool = False

    def filled(self, given: Mapping[str, str | None]) -> str:
        """The URL with what is given; None leaves a variable as it is by default.

        Raises:
            ValueError: a value that a variable cannot have.
        """
        url = self.url
        for name, variable in self.variables.items():
            value = given.get(name)
            value = variable.default if value is None else str(value)
            if variable.choices and value not in variable.choices:
                listed = ", ".join(map(repr, variable.choices))
                raise ValueError(f"{name} of the server must be one of {listed}")
            url = url.replace(f"{{{name}}}", value)
        return url.rstrip("/")


def server_urls(
    templates: Mapping[str, Template], server: str, given: Mapping[str, str | None]
) -> dict[str, str]:
    """The URL of each server, by its URL with the defaults of its variables.

    Args:
        templates: of the servers that have variables, by the same.
        server: the one that the client sends to.
        given: the variables by their names.

    Raises:
        ValueError: a value that a variable cannot have, or one that no request would show.
    """
    own = templates.get(server)
    meant = [each for each in templates.values() if each is own or each.of_operation]
    shown = {name for template in meant for name in template.variables}
    for name, value in given.items():
        if value is not None and name not in shown:
            raise ValueError(f"the server that was chosen has no variable {name}")
    return {url: template.filled(given) for url, template in templates.items()}
