"""To read a backup: nothing of it is believed before every byte is found to be the one that was written."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from cxroi.errors import StoreError
from cxroi.store.backup.contents import CONTENTS, MOST_CONTENTS, Contents, HeldFile, contents_of
from cxroi.store.files.access import for_owner
from cxroi.store.files.durable import place, said_plainly
from cxroi.store.files.state_copy import STATE_FILE, is_sound
from cxroi.store.state.state import State
from cxroi.store.versions.version import read_version

_CHUNK = 1 << 20
_SPARE_ROOM = 8 << 20  # bytes that stay free beside what is unpacked
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, OverflowError, ValueError)


def look(file: Path) -> Contents:
    """Return what a backup holds once every byte of it has been read and found right; nothing is unpacked."""
    with _opened(file) as (archive, contents):
        for one in _distinct(contents):
            _read(archive, one, None)
    return contents


def unpack(file: Path, folder: Path) -> Contents:
    """Lay a backup out below `folder` as a workspace lies, every byte, version and setting of it found right, and return what it holds.

    Raises StoreError where one is not, where a newer program wrote it, or where there is no room.
    """
    with _opened(file) as (archive, contents):
        if shutil.disk_usage(folder).free < contents.size + _SPARE_ROOM:
            raise StoreError("store.disk_full")
        bytes_at = folder / "bytes"
        with said_plainly():
            bytes_at.mkdir(mode=0o700)
            for one in _distinct(contents):
                with open(bytes_at / one.sha256, "xb", opener=for_owner) as target:
                    _read(archive, one, target)
            for at, one in contents.files.items():
                (folder / at).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                place(bytes_at / one.sha256, folder / at, link=not at.endswith(".sqlite"))
            shutil.rmtree(bytes_at)
    _ensure_whole(contents, folder)
    return contents


@contextmanager
def _opened(file: Path) -> Iterator[tuple[ZipFile, Contents]]:
    if not file.is_file():
        raise StoreError("backup.not_there", file=file.name)
    try:
        archive = ZipFile(file)
    except (*_BROKEN, OSError) as error:
        raise StoreError("backup.not_whole", file=file.name) from error
    with archive:
        try:
            written = archive.open(CONTENTS).read(MOST_CONTENTS + 1)
        except (*_BROKEN, OSError) as error:
            raise StoreError("backup.unknown") from error
        if len(written) > MOST_CONTENTS:
            raise StoreError("backup.unknown")
        yield archive, contents_of(written)


def _distinct(contents: Contents) -> list[HeldFile]:
    return list({one.sha256: one for one in contents.files.values()}.values())


def _read(archive: ZipFile, one: HeldFile, target: IO[bytes] | None) -> None:
    """Read one entry, no further than it says it is long, into `target` where there is one; raise StoreError for another byte than was written."""
    found, left = hashlib.sha256(), one.size
    try:
        entry = archive.open(one.entry)
    except (*_BROKEN, OSError) as error:
        raise StoreError("backup.damaged", entry=one.entry) from error
    with entry:
        while piece := _next(entry, min(_CHUNK, left + 1), one):
            left -= len(piece)
            if left < 0:
                break
            found.update(piece)
            if target is not None:
                target.write(piece)
    if left or found.hexdigest() != one.sha256:
        raise StoreError("backup.damaged", entry=one.entry)


def _next(entry: IO[bytes], size: int, one: HeldFile) -> bytes:
    try:
        return entry.read(size)
    except (*_BROKEN, OSError) as error:
        raise StoreError("backup.damaged", entry=one.entry) from error


def _ensure_whole(contents: Contents, folder: Path) -> None:
    """Raise StoreError unless what was laid out opens as versions and settings, and the versions name the very bytes that are there."""
    for held in contents.versions:
        version = read_version(folder / "snapshots" / held.id)
        for path, digest in version.pieces():
            one = contents.files.get(f"snapshots/{held.id}/{path.name}")
            if one is None or one.sha256 != digest:
                raise StoreError("store.version_damaged", version=held.id, files=path.name)
    for database in folder.glob("*.sqlite"):
        if not is_sound(database):
            raise StoreError("backup.damaged", entry=database.name)
    if (state := folder / STATE_FILE).exists():
        State.open(state.parent)  # refused where a newer program wrote it
