"""Files that wait to be loaded: each under a made-up name in the workspace, so that no reload and no change of page loses one.

    <workspace>/waiting/<token>/list.json   names as people gave them, and how each is to be read
    <workspace>/waiting/<token>/loading.json  while files are loaded: which, and by which process
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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from cxroi.errors import StoreError
from cxroi.store.files.access import for_owner
from cxroi.store.files.durable import said_plainly
from cxroi.store.files.leftovers import is_alive, token_of_process

FOLDER = "waiting"
KEPT_SECONDS = 24 * 3600
MOST_OF_ONE = 512 << 20  # bytes that wait under one token
MOST_OF_ALL = 4 << 30  # and in the whole workspace
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_LIST, _LOADING = "list.json", "loading.json"
_CHANGING = threading.Lock()  # two tabs may hold the same files


class Bytes(Protocol):
    """What a dropped file offers: its content, without a copy."""

    def getbuffer(self) -> memoryview: ...


@dataclass(frozen=True, kw_only=True)
class WaitingFile:
    """One file that waits; `name` is the person's, `request` how it is to be read, as plain values.

    `connection` is the name of the connection that it was read from, "" where it was dropped.
    """

    id: str
    name: str
    size: int
    request: Mapping[str, Any] = field(default_factory=dict)
    connection: str = ""


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
        """Return the files in the order they came; one whose bytes are gone is not among them.

        Raises StoreError where the list of them is not as it was written.
        """
        try:
            listed = json.loads((self.folder / _LIST).read_text(encoding="utf-8"))
            files = tuple(_listed(one) for one in listed)
        except OSError:
            return ()
        except (ValueError, TypeError) as error:
            raise StoreError("store.waiting_damaged") from error
        return tuple(file for file in files if self.path(file).is_file())

    def path(self, file: WaitingFile) -> Path:
        """Return where the bytes of a file lie."""
        return self.folder / file.id

    def ensure_room(self, size: int) -> None:
        """Raise StoreError where so many bytes more would wait here, or in the whole workspace, than may."""
        for folder, most in ((self.folder, MOST_OF_ONE), (self.folder.parent, MOST_OF_ALL)):
            there = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            if there + size > most:
                raise StoreError("store.waiting_full", most=most >> 20, there=-(-there >> 20))

    def add(self, name: str, content: Bytes) -> WaitingFile:
        """Keep one more file."""
        data = content.getbuffer()
        file = WaitingFile(id=secrets.token_hex(8), name=name, size=data.nbytes)
        with said_plainly():
            self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with open(self.path(file), "wb", opener=for_owner) as kept:
                kept.write(data)
        with _CHANGING:
            self._write((*self.files(), file))
        return file

    def take(self, path: Path, name: str, request: Mapping[str, Any], connection: str) -> WaitingFile:
        """Keep a file that lies on the same disk already, which it leaves, and how it is to be read."""
        size = path.stat().st_size
        self.ensure_room(size)
        file = WaitingFile(id=secrets.token_hex(8), name=name, size=size, request=dict(request), connection=connection)
        with said_plainly():
            self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o600)
            path.replace(self.path(file))
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

    @contextmanager
    def being_loaded(self, ids: Sequence[str]) -> Iterator[None]:
        """Note for as long as it lasts that this process loads these files: `interrupted` tells what a kill has left of it."""
        note = self.folder / _LOADING
        with said_plainly():
            facts = {"process": token_of_process(self.folder.parents[1]), "files": list(ids)}
            with open(note, "w", encoding="utf-8", opener=for_owner) as file:
                json.dump(facts, file)
        try:
            yield
        finally:
            note.unlink(missing_ok=True)

    def interrupted(self) -> tuple[WaitingFile, ...]:
        """Return the files whose load ended with its process, if any; they still wait, also where it had just been done."""
        try:
            note = json.loads((self.folder / _LOADING).read_text(encoding="utf-8"))
            process, ids = str(note["process"]), tuple(note["files"])
        except (OSError, ValueError, TypeError, KeyError):
            return ()
        if _ID.fullmatch(process) and is_alive(self.folder.parents[1], process):
            return ()
        return tuple(file for file in self.files() if file.id in ids)

    def _write(self, files: tuple[WaitingFile, ...]) -> None:
        if not self.folder.is_dir():
            return
        with said_plainly():
            partial = self.folder / f".{secrets.token_hex(4)}"
            with open(partial, "w", encoding="utf-8", opener=for_owner) as listed:
                json.dump([asdict(file) for file in files], listed, ensure_ascii=False)
            partial.replace(self.folder / _LIST)


def _listed(one: Any) -> WaitingFile:
    """Return an entry of the list; raises TypeError or ValueError for what this program does not write."""
    file = WaitingFile(**one)
    plain = isinstance(file.request, dict) and all(isinstance(w, str) for w in (file.id, file.name, file.connection))
    if not plain or type(file.size) is not int or not _ID.fullmatch(file.id):
        raise ValueError("no entry of ours")
    return file


def remove_all(workspace_folder: Path) -> None:
    """Remove every file that waits, as forgetting a customer must."""
    shutil.rmtree(Path(workspace_folder) / FOLDER, ignore_errors=True)


def sweep(workspace_folder: Path) -> None:
    """Remove what nobody came back for; a disk that cannot be written to keeps it."""
    with suppress(OSError):
        for entry in (Path(workspace_folder) / FOLDER).iterdir():
            if time.time() - entry.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(entry, ignore_errors=True)
