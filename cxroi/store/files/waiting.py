"""Files that wait to be loaded: each under a made-up name in the workspace, so that no reload and no change of page loses one.

    <workspace>/waiting/<token>/list.json   names as people gave them, and how each is to be read
    <workspace>/waiting/<token>/<file id>   the bytes; what was put aside when they were read lies beside them

The token stands in the address of the page; who has the address has the files. A day after the last change they are gone:
whoever opens the workspace removes them.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from cxroi.store.files.durable import said_plainly

FOLDER = "waiting"
KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LIST = "list.json"
_CHANGING = threading.Lock()  # two tabs may hold the same files


class Bytes(Protocol):
    """What a dropped file offers: its content, without a copy."""

    def getbuffer(self) -> memoryview: ...


@dataclass(frozen=True, kw_only=True)
class WaitingFile:
    """One file that waits; `name` is the person's, `request` how it is to be read, as plain values."""

    id: str
    name: str
    size: int
    request: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The files that wait under one token."""

    folder: Path

    @classmethod
    def open(cls, workspace_folder: Path, token: str | None) -> Waiting:
        """Return the files of `token`, which are none where the token is unknown or not one of ours."""
        known = token if token is not None and _TOKEN.fullmatch(token) else secrets.token_hex(16)
        return cls(folder=Path(workspace_folder) / FOLDER / known)

    @property
    def token(self) -> str:
        """Return what finds these files again."""
        return self.folder.name

    def files(self) -> tuple[WaitingFile, ...]:
        """Return the files in the order they came; one whose bytes are gone is not among them."""
        try:
            listed = json.loads((self.folder / _LIST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        return tuple(file for file in (WaitingFile(**one) for one in listed) if self.path(file).is_file())

    def path(self, file: WaitingFile) -> Path:
        """Return where the bytes of a file lie."""
        return self.folder / file.id

    def add(self, name: str, content: Bytes) -> WaitingFile:
        """Keep one more file."""
        data = content.getbuffer()
        file = WaitingFile(id=secrets.token_hex(8), name=name, size=data.nbytes)
        with said_plainly():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path(file).write_bytes(data)
            self.path(file).chmod(0o600)
        with _CHANGING:
            self._write((*self.files(), file))
        return file

    def change(self, id: str, request: Mapping[str, Any]) -> None:
        """Keep how one file is to be read."""
        with _CHANGING:
            self._write(tuple(replace(f, request=dict(request)) if f.id == id else f for f in self.files()))

    def remove(self, *ids: str) -> None:
        """Take files away, bytes and all."""
        with _CHANGING:
            before = self.files()
            kept = tuple(file for file in before if file.id not in ids)
            self._write(kept)
            for file in [file for file in before if file.id in ids]:
                for path in self.folder.glob(f"{file.id}*"):
                    path.unlink(missing_ok=True)
            if not kept:
                shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, files: tuple[WaitingFile, ...]) -> None:
        if not self.folder.is_dir():
            return
        with said_plainly():
            partial = self.folder / f".{secrets.token_hex(4)}"
            partial.write_text(json.dumps([asdict(file) for file in files], ensure_ascii=False), encoding="utf-8")
            partial.replace(self.folder / _LIST)


def remove_all(workspace_folder: Path) -> None:
    """Remove every file that waits, as forgetting a customer must."""
    shutil.rmtree(Path(workspace_folder) / FOLDER, ignore_errors=True)


def sweep(workspace_folder: Path) -> None:
    """Remove what nobody came back for; a disk that cannot be written to keeps it."""
    with suppress(OSError):
        for entry in (Path(workspace_folder) / FOLDER).iterdir():
            if time.time() - entry.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(entry, ignore_errors=True)
