"""Built-in templates, copied to where a project changes them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..diagnostics.diagnostic import did_you_mean
from ..diagnostics.errors import CommandError
from ..emit.catalogue import TEMPLATES
from ..emit.templates import built_in_text
from ..folder.safepaths import check_folder, resolve
from .project import Client

_KEY = 'templates_dir = "templates"'


def folder_of(clients: Sequence[Client]) -> tuple[Path, str]:
    """Root and `templates_dir` of clients that have one in common. Raises CommandError."""
    found = {(client.root, client.config.templates_dir) for client in clients}
    folders = [(root, folder) for root, folder in found if folder is not None]
    if len(found) > 1:
        told = ", ".join(f"{each.name}: {each.config.templates_dir or 'none'}" for each in clients)
        raise CommandError(
            f"the clients have different folders of templates: {told}", help="choose: --client NAME"
        )
    if not folders:
        help = f"say where your templates are, in [[client]]: {_KEY}"
        raise CommandError("the configuration names no folder of templates", help=help)
    return folders[0]


def eject(root: Path, folder: str, names: Sequence[str], *, force: bool) -> list[str]:
    """Copy all of the templates or none; their paths, relative to `root`.

    `force`: overwrite what is there. Raises CommandError.
    """
    for name in names:
        if name not in TEMPLATES:
            near = did_you_mean(name, TEMPLATES) or did_you_mean(f"{name}.jinja", TEMPLATES)
            raise CommandError(
                f"there is no template {name!r}{near}", help="eventwright templates lists them"
            )
    where = check_folder(str(root), Path(folder).as_posix())
    paths = {name: resolve(where, name) for name in dict.fromkeys(names)}
    there = [f"{folder}/{name}" for name, path in paths.items() if os.path.lexists(path)]
    if there and not force:
        raise CommandError(f"{', '.join(there)} is here already", help="overwrite it with --force")
    os.makedirs(where, exist_ok=True)
    for name, path in paths.items():
        _write(path, built_in_text(name))
    return [f"{folder}/{name}" for name in paths]


def _write(path: str, text: str) -> None:
    if os.path.lexists(path):
        os.remove(path)
    # "x" follows no link that was put there meanwhile.
    with open(path, "x", encoding="utf-8", newline="\n") as file:
        file.write(text)
