"""A second physical copy of the version in use: versions share files by name, so one bad byte would be in all of them.

<workspace>/spare/<sha256>            the bytes of each of its files
<workspace>/spare/<version id>        its manifest
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cxroi.errors import StoreError
from cxroi.store.files.durable import flush, sha256
from cxroi.store.versions.version import MANIFEST, Version, read_version

FOLDER = "spare"


def keep(workspace: Path, version: Version | None) -> None:
    """Keep a copy of this version and of no other; where there is no room for one, the versions stand alone."""
    folder = workspace / FOLDER
    wanted = {version.id: version.folder / MANIFEST, **_files(version)} if version else {}
    if folder.is_dir():
        for entry in folder.iterdir():  # first of all, so that nobody who was forgotten stays
            if entry.name not in wanted:
                entry.unlink(missing_ok=True)
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        for name, path in wanted.items():
            if not (folder / name).exists():
                _copy(path, folder / name)
        flush(folder)


def mend(workspace: Path, versions: list[str]) -> tuple[str, ...]:
    """Put whole bytes back where `versions` have damaged ones, and the manifest of the version kept; return the names of files."""
    folder, snapshots = workspace / FOLDER, workspace / "snapshots"
    mended = []
    for id in _ids_in(folder):
        if not _is_readable(snapshots / id):
            (snapshots / id).mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy(folder / id, snapshots / id / MANIFEST)
            mended.append(MANIFEST)
    for id in sorted({*versions, *_ids_in(folder)}):
        if not _is_readable(snapshots / id):
            continue
        version = read_version(snapshots / id)
        damaged = version.damage()
        for digest, path in _files(version).items() if damaged else ():
            spare = folder / digest
            if path.name in damaged and spare.is_file() and sha256(spare) == digest:
                _copy(spare, path)
                mended.append(path.name)
    return tuple(mended)


def _files(version: Version) -> dict[str, Path]:
    return {digest: path for path, digest in version.pieces()}


def _ids_in(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from sorted(entry.name for entry in folder.iterdir() if "-" in entry.name and entry.name[0] != ".")


def _is_readable(version: Path) -> bool:
    try:
        read_version(version)
    except StoreError:
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy bytes to a place in one step; what had its name before keeps its own bytes under its other names."""
    new = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        shutil.copyfile(source, new)
        new.chmod(0o600)
        flush(new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
