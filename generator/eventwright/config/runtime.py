"""Where a runtime that clients share may lie: in one package with each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ..diagnostics.diagnostic import Diagnostic
from .config import ClientConfig
from .file import Table
from .values import output_problem


def check_runtime(
    table: Table, runtime: str, clients: tuple[ClientConfig, ...], root: Path
) -> Iterator[Diagnostic]:
    """What is wrong with the place of the shared runtime. `table`: `[runtime]`."""
    problem = output_problem(runtime, root)
    if problem:
        message = f"the runtime's output '{runtime}' {problem}"
        yield table.diagnostic("C008", message, ("output",), 'such as "src/acme/_eventwright"')
        return
    for client in clients:
        if output_problem(client.output, root):
            continue
        one, two = Path(runtime), Path(client.output)
        if one.is_relative_to(two) or two.is_relative_to(one):
            message = f"the runtime's output '{runtime}' and the client '{two}' are nested"
            help = "give the runtime a folder of its own, beside those of the clients"
            yield table.diagnostic("C009", message, ("output",), help)
        else:
            yield from _importable(table, runtime, client, root)


def _importable(
    table: Table, runtime: str, client: ClientConfig, root: Path
) -> Iterator[Diagnostic]:
    """The clients import it by a relative path, which cannot leave the outermost package."""
    common = common_folder(runtime, client.output)
    below = [PurePosixPath(path).relative_to(common) for path in (runtime, client.output)]
    odd = [part for path in below for part in path.parts if not part.isidentifier()]
    message = f"'{client.output}' cannot import the runtime at '{runtime}': "
    if odd:
        message += f"'{odd[0]}' is no name of a package"
        help = "put both into one package, such as src/acme"
    elif not (root / common / "__init__.py").is_file():
        message += f"the folder they share, '{common}', is no package"
        help = f"add {PurePosixPath(common, '__init__.py')}, or put both into one package"
    else:
        return
    yield table.diagnostic("C011", message, ("output",), help)


def common_folder(one: str, two: str) -> str:
    """The innermost folder that both lie in; "." for that of the configuration."""
    others = set(PurePosixPath(two).parents)
    return str(next(folder for folder in PurePosixPath(one).parents if folder in others))
