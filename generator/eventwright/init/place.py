"""Where `init` writes: the folder of the configuration, and the repository around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

CI: TypeAlias = Literal["github", "gitlab", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`folder`: where eventwright.toml goes; `top`: of the repository, or `folder` without one."""

    folder: Path
    top: Path

    @property
    def inside(self) -> str:
        """`folder` relative to `top`, posix: "." at the top."""
        return self.folder.relative_to(self.top).as_posix()

    @property
    def prefix(self) -> str:
        """What leads from `top` to a file in `folder`: "" or "services/billing/"."""
        return "" if self.inside == "." else f"{self.inside}/"


def find_place(folder: Path) -> Place:
    """The repository is the nearest folder above with a `.git`."""
    above = (folder, *folder.parents)
    return Place(folder=folder, top=next((f for f in above if (f / ".git").exists()), folder))


def likely_ci(place: Place) -> CI:
    """GitLab where its file, or an address of the repository, says so; else GitHub."""
    config = place.top / ".git/config"
    addresses = config.read_text("utf-8", "replace") if config.is_file() else ""
    gitlab = (place.top / ".gitlab-ci.yml").exists() or "gitlab" in addresses
    return "gitlab" if gitlab and not (place.top / ".github").is_dir() else "github"
