"""What was worked out from a version, kept beside it so that it need not be worked out twice. Safe to delete; lost without harm.

<workspace>/derived/<version id>/<name>   values as `value_file` writes them; the name says what they are and what they rest on

Nothing here is believed: a file that is damaged, or of another program, is as good as none. They go with their version.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cxroi.store.files.durable import swap
from cxroi.store.files.value_file import from_bytes, to_bytes
from cxroi.store.versions.version import Version

FOLDER = "derived"
MOST_FILES = 16  # of one version and kind, which the name says before its last dash; the oldest go first


def read(version: Version, name: str) -> object | None:
    """Return the value that was kept under this name, None where there is none that can be used."""
    try:
        content = (_folder(version) / name).read_bytes()
        digest, value = content[:32], content[32:]
        return from_bytes(value) if sha256(value).digest() == digest else None
    except (OSError, ValueError):
        return None


def keep(version: Version, name: str, value: object) -> None:
    """Keep a value under a name; where there is no room or no right to write, it is worked out again next time."""
    folder = _folder(version)
    content = to_bytes(value)
    with suppress(OSError):
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        swap(folder / name, sha256(content).digest() + content)
        same = folder.glob(f"{name.rpartition('-')[0]}-{'[0-9a-f]' * 32}")
        for old in sorted(same, key=lambda path: path.stat().st_mtime_ns)[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    if not version.folder.is_dir():  # deleted or forgotten meanwhile
        shutil.rmtree(folder, ignore_errors=True)


def sweep(workspace: Path) -> None:
    """Remove what was worked out from versions that are gone."""
    with suppress(OSError):
        for entry in (workspace / FOLDER).iterdir() if (workspace / FOLDER).is_dir() else ():
            if not (workspace / "snapshots" / entry.name).is_dir():
                shutil.rmtree(entry, ignore_errors=True)


def _folder(version: Version) -> Path:
    return version.folder.parents[1] / FOLDER / version.id
