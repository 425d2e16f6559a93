"""To put a backup in the place of what a workspace holds: found whole first, then in few steps, of which one makes it count."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxroi.errors import StoreError
from cxroi.store.backup.contents import Contents
from cxroi.store.backup.read import unpack
from cxroi.store.files.durable import flush, remove, said_plainly, swap
from cxroi.store.files.state_copy import STATE_FILE, keep_copy, put_in_place
from cxroi.store.state.people import PEOPLE_FILE, People
from cxroi.store.state.records import CUSTOMER_FORGOTTEN
from cxroi.store.state.state import State
from cxroi.store.versions import derived, spare
from cxroi.store.versions.version import Version, read_version
from cxroi.store.versions.workspace import POINTER, Workspace


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came of it: the contents, the version in use, where the settings before lie, and who was forgotten since the backup."""

    contents: Contents
    version: Version
    set_aside: str | None
    forgotten_since: int


def restore_backup(workspace: Workspace, file: Path, *, replace: bool = False) -> Restored:
    """Make a workspace hold what a backup holds, and nothing else; settings and trail that were there are kept in a file aside.

    Raises StoreError, and has changed nothing, where a byte of the backup is another one, there is no room, or the workspace holds
    data or settings and `replace` is not said.
    """
    _ensure_free(workspace, replace=replace)
    staged = workspace.quarantine()
    try:
        contents = unpack(file, staged)
        with workspace.writing():
            _ensure_free(workspace, replace=replace)
            forgotten = _forgotten_since(workspace.folder, contents.made_at)
            for held in contents.versions:
                _bring(staged / "snapshots" / held.id, workspace.snapshots / held.id)
            flush(workspace.snapshots)
            aside = _settings(staged, workspace.folder)
            swap(workspace.folder / POINTER, contents.current.encode())
            for id in set(workspace.ids()) - {held.id for held in contents.versions}:
                remove(workspace.snapshots / id)
            derived.sweep(workspace.folder)
            keep_copy(workspace.folder)
            version = read_version(workspace.snapshots / contents.current)
            spare.keep(workspace.folder, version)
        return Restored(contents=contents, version=version, set_aside=aside, forgotten_since=forgotten)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _ensure_free(workspace: Workspace, *, replace: bool) -> None:
    if not replace and (workspace.ids() or (workspace.folder / STATE_FILE).exists()):
        raise StoreError("backup.holds_data", path=str(workspace.folder))


def _forgotten_since(workspace: Path, moment: datetime) -> int:
    """Return how many customers were forgotten here after a moment: the backup holds them still."""
    with suppress(StoreError):
        return sum(
            line.what == CUSTOMER_FORGOTTEN and line.at >= moment for line in State.open(workspace).trail().lines
        )
    return 0


def _bring(staged: Path, snapshot: Path) -> None:
    """Put a version in its place; one that is there and whole is the same, to the byte."""
    with suppress(StoreError):
        if not read_version(snapshot).damage():
            return
    with said_plainly():
        remove(snapshot)
        for path in staged.iterdir():
            flush(path)
        flush(staged)
        staged.rename(snapshot)


def _settings(staged: Path, workspace: Path) -> str | None:
    """Put databases and presets in their places; return the name under which the state before is kept.

    Who may come in is asked of today: an earlier list would let in who has been removed since, or leave nobody.
    """
    aside = None
    if (workspace / PEOPLE_FILE).exists():
        (staged / PEOPLE_FILE).unlink(missing_ok=True)
    elif (staged / PEOPLE_FILE).exists():
        People.of(staged).end_every_session()
    with said_plainly():
        given = {path.name: path for path in staged.glob("*.sqlite")}
        held = {path.name for path in workspace.glob("*.sqlite")} - {PEOPLE_FILE}
        for name in sorted({STATE_FILE} | held | given.keys()):
            kept = put_in_place(workspace / name, given.get(name))
            aside = kept.name if kept and name == STATE_FILE else aside
        shutil.rmtree(workspace / "presets", ignore_errors=True)
        if (staged / "presets").is_dir():
            (staged / "presets").rename(workspace / "presets")
    return aside
