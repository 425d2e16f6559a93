"""Who may read what lies in a workspace: its owner, and nobody else of the machine."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISLNK, S_IWOTH

_OTHERS = 0o077


def for_owner(path: str, flags: int) -> int:
    """Open a file that, where it is made by this, is its owner's alone: the opener of the built-in `open`."""
    return os.open(path, flags, 0o600)


def tighten(workspace: Path) -> None:
    """Take what lies in a workspace from everybody but its owner, as files of older releases and of readers are; not the folder itself."""
    for folder, folders, files in os.walk(workspace):
        for entry in (Path(folder, name) for name in (*folders, *files)):
            with suppress(OSError):  # gone meanwhile, or another person's
                mode = entry.lstat().st_mode
                if mode & _OTHERS and not S_ISLNK(mode):
                    entry.chmod(S_IMODE(mode) & ~_OTHERS)


def anybody_may_write(folder: Path) -> bool:
    """Return whether every account of this machine may put files into a folder, and take some away."""
    with suppress(OSError):
        return os.name == "posix" and bool(folder.stat().st_mode & S_IWOTH)
    return False
