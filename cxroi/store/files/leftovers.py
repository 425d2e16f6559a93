"""What belongs to a running process and must not outlive it: upload and spill folders of a process that died are removed.

    <workspace>/alive/<token>                a file that a process keeps locked for as long as it lives
    <workspace>/quarantine/<token>-<random>  its uploads and staging folders
    <workspace>/spill/<token>                what its queries put down while they run out of memory

The system frees a lock when its holder dies, however that happens, so a kill needs nobody who is told of it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cxroi.store.files.access import for_owner
from cxroi.store.files.durable import release, try_lock


class Mark:
    """A locked file that says: whoever made the folders called `<token>...` is still running. It goes with its holder."""

    def __init__(self, workspace: Path) -> None:
        folder = workspace / "alive"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = False
        while not held:
            self.token = secrets.token_hex(8)
            self._path = folder / self.token
            self._file = os.fdopen(for_owner(str(self._path), os.O_CREAT | os.O_EXCL | os.O_WRONLY), "wb")
            held = try_lock(self._file.fileno()) and self._path.exists()  # nobody swept it between the two steps

    def close(self) -> None:
        """Let go: what is left under this token may be removed."""
        self._file.close()
        self._path.unlink(missing_ok=True)


_marks: dict[tuple[int, Path], Mark] = {}  # by process, since a fork has a life of its own
_marking = threading.Lock()


def token_of_process(workspace: Path) -> str:
    """Return what the upload folders of this process begin with, so that whoever sees them can tell whether it runs."""
    with _marking:
        mark = _marks.get((os.getpid(), workspace))
        if mark is None or not (workspace / "alive" / mark.token).exists():
            for key in [key for key in _marks if key[0] == os.getpid() and not _has_uploads(*key)]:
                _marks.pop(key).close()
            mark = _marks[os.getpid(), workspace] = Mark(workspace)
        return mark.token


def _has_uploads(process: int, workspace: Path) -> bool:
    return any((workspace / "quarantine").glob(f"{_marks[process, workspace].token}-*"))


def spill_folder(workspace: Path, chosen: Path | None) -> Path:
    """Return where the processes of a workspace spill: beside its data, or below a folder that was chosen for all."""
    if chosen is None:
        return workspace / "spill"
    return chosen / f"cxroi-{sha256(str(workspace).encode()).hexdigest()[:12]}"


def sweep(workspace: Path, folders: Iterable[Path]) -> None:
    """Remove what dead processes left in `folders`; a disk that cannot be written to keeps it."""
    with contextlib.suppress(OSError):
        left = [entry for folder in folders if folder.is_dir() for entry in folder.iterdir()]
        tokens = {entry.name.partition("-")[0] for entry in left}
        dead = {token for token in tokens if not is_alive(workspace, token)}
        for entry in left:
            if entry.name.partition("-")[0] in dead:
                shutil.rmtree(entry, ignore_errors=True)
        for mark in (workspace / "alive").iterdir() if (workspace / "alive").is_dir() else ():
            if mark.name not in tokens and not is_alive(workspace, mark.name):
                mark.unlink(missing_ok=True)


def is_alive(workspace: Path, token: str) -> bool:
    """Return whether the process that has this token still runs."""
    try:
        with (workspace / "alive" / token).open("rb+") as file:
            if try_lock(file.fileno()):
                release(file.fileno())
                return False
            return True
    except OSError:
        return False
