"""To write a backup: the state of one moment, taken while others load, and packed when they can go on."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from cxroi import __version__
from cxroi.errors import StoreError
from cxroi.store.backup.contents import CONTENTS, Contents, HeldFile, HeldVersion
from cxroi.store.files.access import for_owner
from cxroi.store.files.durable import flush, place, said_plainly
from cxroi.store.files.state_copy import STATE_FILE, copy_database
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.version import MANIFEST, Version, read_version
from cxroi.store.versions.workspace import Workspace

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """A workspace as it stood at one moment, under second names and in copies that no later change of it touches, by place."""

    current: Version
    versions: tuple[Version, ...]
    unreadable: tuple[str, ...]
    folder: Path
    others: Mapping[str, Path]


@dataclass(kw_only=True)
class _Packed:
    """What has been put into the archive so far."""

    archive: ZipFile
    entries: dict[str, HeldFile] = field(default_factory=dict)  # by hash
    files: dict[str, HeldFile] = field(default_factory=dict)  # by place
    count: int = 0

    def add(self, path: Path, at: str, digest: str = "") -> bool:
        """Put a file in, once for all that have its bytes; return whether they are those of `digest`, where one is known."""
        if digest and digest in self.entries:
            self.files[at] = self.entries[digest]
            return True
        self.count += 1
        entry = ZipInfo(f"bytes/{self.count:06d}")
        entry.compress_type = ZIP_STORED if path.suffix == ".parquet" else ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        found, size = hashlib.sha256(), 0
        with path.open("rb") as source, self.archive.open(entry, "w", force_zip64=True) as target:
            while piece := source.read(_CHUNK):
                found.update(piece)
                size += len(piece)
                target.write(piece)
        held = HeldFile(sha256=found.hexdigest(), size=size, entry=entry.filename)
        if digest and held.sha256 != digest:
            return False
        self.entries[held.sha256] = self.files[at] = held
        return True


def write_backup(workspace: Workspace, file: Path, *, replace: bool = False) -> Contents:
    """Write all versions, settings and the trail of a workspace into one new file, for its owner alone, and return what it holds.

    Others may read and load meanwhile. A version that is damaged is left out and named. Raises StoreError, and leaves no file behind, where
    nothing was loaded yet, the version in use or the settings are damaged, there is no room, or the file is there and not to be replaced.
    """
    if file.exists() and not replace:
        raise StoreError("backup.exists", file=file.name)
    new = file.with_name(f".{file.name}-{os.getpid()}")
    staged = workspace.quarantine()
    try:
        with said_plainly(), _forgetting_told():
            with open(new, "xb", opener=for_owner) as out:
                contents = _pack(_moment(workspace, staged, new), out)
            flush(new)
            new.replace(file)
            flush(file.absolute().parent)
        return contents
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        for path in new.parent.glob(f"{new.name}*"):
            path.unlink(missing_ok=True)


@contextmanager
def _forgetting_told() -> Iterator[None]:
    """Whoever forgets a customer takes away what is being packed: then there is no backup, rather than one that holds them."""
    try:
        yield
    except FileNotFoundError as error:
        raise StoreError("backup.gone_meanwhile") from error


def _moment(workspace: Workspace, staged: Path, new: Path) -> _Moment:
    """Give everything a second name while nobody else writes, which takes no longer than to name it."""
    with workspace.writing():
        current = workspace.current()
        if current is None:
            raise StoreError("store.no_data", workspace=str(workspace.folder))
        if (trouble := state_in_force(current)[1]) is not None:
            raise trouble
        versions, unreadable = [], []
        for id in workspace.ids():
            if (version := _second_names(workspace.snapshots / id, staged / "snapshots" / id)) is None:
                unreadable.append(id)
            elif version.number <= current.number:
                versions.append(version)
        if current.id in unreadable:
            current.ensure_whole()
        others = dict(_copies(workspace.folder, new))
    return _Moment(
        current=current,
        versions=tuple(versions),
        unreadable=tuple(unreadable),
        folder=staged / "snapshots",
        others=others,
    )


def _second_names(snapshot: Path, folder: Path) -> Version | None:
    """Name the files of a version a second time; return None where one is missing or the manifest cannot be read."""
    try:
        version = read_version(snapshot)
        folder.mkdir(mode=0o700, parents=True)
        for path in (snapshot / MANIFEST, *(path for path, _ in version.pieces())):
            place(path, folder / path.name, link=True)
    except (StoreError, FileNotFoundError):
        return None
    return version


def _copies(workspace: Path, new: Path) -> Iterator[tuple[str, Path]]:
    """Copy what is changed in place, beside the new backup: its disk has room, as the workspace's need not."""
    for database in sorted(workspace.glob("*.sqlite")):
        copy = new.with_name(f"{new.name}-{database.name}")
        try:
            copy_database(database, copy)
        except sqlite3.Error as error:
            full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
            raise StoreError("store.disk_full" if full else "store.state_damaged") from error
        yield database.name, copy
    for preset in sorted((workspace / "presets").glob("*.toml")):
        copy = new.with_name(f"{new.name}-{preset.name}")
        shutil.copyfile(preset, copy)
        yield f"presets/{preset.name}", copy


def _pack(moment: _Moment, out: IO[bytes]) -> Contents:
    with ZipFile(out, "w", allowZip64=True) as archive:
        packed = _Packed(archive=archive)
        kept = [version for version in moment.versions if _pack_version(version, moment, packed)]
        if moment.current not in kept:
            moment.current.ensure_whole()
            raise StoreError("store.version_damaged", version=moment.current.id, files=MANIFEST)
        for at, path in moment.others.items():
            packed.add(path, at)
        contents = _contents(moment, kept, packed)
        archive.writestr(ZipInfo(CONTENTS), contents.to_bytes(), ZIP_DEFLATED)
    return contents


def _pack_version(version: Version, moment: _Moment, packed: _Packed) -> bool:
    """Put one version in and return whether every byte is as it was published; where one is not, none of it counts."""
    before = dict(packed.files)
    for path, digest in ((version.folder / MANIFEST, ""), *version.pieces()):
        if not packed.add(moment.folder / version.id / path.name, f"snapshots/{version.id}/{path.name}", digest):
            packed.files = before
            return False
    return True


def _contents(moment: _Moment, kept: Sequence[Version], packed: _Packed) -> Contents:
    state = moment.others.get(STATE_FILE)
    trail = State(path=state).trail() if state else None
    return Contents(
        program=__version__,
        made_at=datetime.now(UTC),
        current=moment.current.id,
        versions=tuple(
            HeldVersion(
                id=version.id,
                number=version.number,
                created_at=version.created_at.isoformat(timespec="seconds"),
                illustrative=version.illustrative,
                tables={name: table.rows for name, table in version.tables.items()},
            )
            for version in kept
        ),
        left_out=tuple(
            sorted({*moment.unreadable, *(version.id for version in moment.versions if version not in kept)})
        ),
        audit_lines=len(trail.lines) if trail else 0,
        audit_hash=trail.last_hash if trail else "",
        audit_whole=trail is None or trail.changed_from is None,
        files=packed.files,
    )
