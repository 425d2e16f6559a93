"""A whole workspace into one file, and back out of it; both leave their line in the trail."""

from __future__ import annotations

from pathlib import Path

from cxroi.access.roles import ADMINISTRATOR
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError
from cxroi.store.backup import restore
from cxroi.store.backup.contents import Contents
from cxroi.store.backup.restore import Restored
from cxroi.store.backup.write import write_backup
from cxroi.store.files.durable import sha256
from cxroi.store.versions.workspace import Workspace


@needs(ADMINISTRATOR)
def back_up(workspace: Workspace, file: Path, *, who: Person, replace: bool = False) -> tuple[Contents, bool]:
    """Write a backup and return what it holds, and whether the trail has its line: on a full disk a backup is wanted most."""
    contents = write_backup(workspace, file, replace=replace)
    facts = {"versions": len(contents.versions), "left_out": list(contents.left_out), "sha256": sha256(file)}
    return contents, Trail.attempt(workspace, who, "backed up", version=contents.current, **facts)


@needs(ADMINISTRATOR)
def restore_backup(workspace: Workspace, file: Path, *, who: Person, replace: bool = False) -> Restored:
    """Make a workspace hold what a backup holds, also where what it held is damaged.

    Raises StoreError `store.not_recorded` where that was done and could not be written down.
    """
    done = restore.restore_backup(workspace, file, replace=replace)
    facts = {
        "made_at": done.contents.made_at,
        "set_aside": done.set_aside,
        "forgotten_since": done.forgotten_since,
        "sha256": sha256(file),
    }
    if not Trail.attempt(workspace, who, "restored from backup", version=done.version.id, **facts):
        raise StoreError("store.not_recorded")
    return done
