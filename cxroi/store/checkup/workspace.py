"""Every check of a workspace, each an error of ours with its facts: `NOTES` say what to know, all others what to mend."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from stat import S_IMODE

from cxroi.errors import StoreError
from cxroi.store.files.access import anybody_may_write
from cxroi.store.files.leftovers import is_alive
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.draft import UNFINISHED
from cxroi.store.versions.spare import FOLDER as SPARE
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace

NOTES = {"doctor.no_data", "doctor.leftovers", "doctor.given_up", "doctor.no_spare", "doctor.disk_tight"}
_LEAST_FREE = 200_000_000  # bytes below which a load of any size is likely to fail
_CLOCKS_DIFFER = timedelta(minutes=2)


def check_workspace(folder: Path) -> Iterator[StoreError]:
    """Yield what is wrong with a workspace; a folder that is not there has no more to say."""
    if not folder.is_dir():
        yield StoreError("store.workspace_missing", path=str(folder))
        return
    yield from _rights(folder)
    if not Workspace.is_begun(folder):
        yield StoreError("doctor.no_data", path=str(folder))
        yield from _room(folder, None)
        return
    workspace, current = Workspace(folder=folder), None
    with suppress(StoreError):
        current = workspace.current()
    if current is None and not workspace.ids():
        yield StoreError("doctor.no_data", path=str(folder))
    yield from (StoreError(one.id, version=one.version, files=one.files) for one in workspace.check())
    yield from _settings(folder, current)
    yield from _clock(workspace, current)
    yield from _room(folder, current)
    yield from _left_over(workspace)
    if current is not None and not (folder / SPARE / current.id).is_file():
        yield StoreError("doctor.no_spare", version=current.id)


def _rights(folder: Path) -> Iterator[StoreError]:
    if anybody_may_write(folder):
        yield StoreError("store.open_to_all", path=str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        yield StoreError("doctor.not_writable", path=str(folder))
    open_to_others, locked = 0, 0
    for place, folders, files in os.walk(folder):
        for entry in (Path(place, name) for name in (*folders, *files)):
            with suppress(OSError):
                open_to_others += os.name == "posix" and bool(S_IMODE(entry.lstat().st_mode) & 0o077)
                locked += not os.access(entry, os.R_OK)
    if open_to_others and S_IMODE(folder.stat().st_mode) & 0o055:  # nobody else comes past a closed door
        yield StoreError("doctor.open_to_others", count=open_to_others, path=str(folder))
    if locked:
        yield StoreError("doctor.not_readable", count=locked, path=str(folder))


def _settings(folder: Path, current: Version | None) -> Iterator[StoreError]:
    try:
        state = State.open(folder)
        trail = state.trail()
        if current is not None and (trouble := state_in_force(current)[1]) is not None:
            raise trouble
    except StoreError as error:
        yield error
        return
    if trail.changed_from is not None:
        yield StoreError("store.audit_changed", line=trail.changed_from)
    elif current is not None and (lost := lines_lost(current, len(trail.lines))):
        yield StoreError("doctor.trail_shortened", count=lost)
    if any(line.at > datetime.now(UTC) + _CLOCKS_DIFFER for line in trail.lines):
        yield StoreError("doctor.clock_trail")


def lines_lost(current: Version, lines: int) -> int:
    """Return how many lines the copy inside the version in use has that the trail has not: it is copied after every change."""
    copy = State(path=current.folder / STATE_FILE)
    with suppress(StoreError):
        return max(0, len(copy.trail().lines) - lines)
    return 0


def _clock(workspace: Workspace, current: Version | None) -> Iterator[StoreError]:
    """A version from the future, or older than the one before it, was made while a clock was wrong."""
    known = [] if current is None else list(workspace.versions())
    if ahead := [one for one in known if one.created_at > datetime.now(UTC) + _CLOCKS_DIFFER]:
        yield StoreError("doctor.clock_ahead", version=ahead[0].id, when=f"{ahead[0].created_at:%Y-%m-%d %H:%M} UTC")
    for newer, older in pairwise(known):
        if newer.created_at < older.created_at - _CLOCKS_DIFFER:
            yield StoreError("doctor.clock_back", version=newer.id, before=older.id)
            return


def _room(folder: Path, current: Version | None) -> Iterator[StoreError]:
    free = shutil.disk_usage(folder).free
    needed = sum(path.stat().st_size for path, _ in current.pieces() if path.exists()) * 2 if current else 0
    facts = {"free": max(0, free // 1_000_000), "path": str(folder)}
    if free < _LEAST_FREE:
        yield StoreError("doctor.disk_low", **facts)
    elif free < needed:
        yield StoreError("doctor.disk_tight", needed=needed // 1_000_000, **facts)


def _left_over(workspace: Workspace) -> Iterator[StoreError]:
    """What processes that died have left: the next one that opens the workspace sweeps it."""
    folder, found = workspace.folder, 0
    for place in (folder / "quarantine", folder / "spill"):
        for entry in place.iterdir() if place.is_dir() else ():
            found += not is_alive(folder, entry.name.partition("-")[0])
    found += sum(e.name.startswith(UNFINISHED) for e in workspace.snapshots.glob(".*"))
    if found:
        yield StoreError("doctor.leftovers", count=found)
    if gone := workspace.given_up():
        yield StoreError("doctor.given_up", versions=", ".join(gone))
