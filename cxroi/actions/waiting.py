"""Files that were dropped and wait to be loaded: they are a company's raw data, so who brought and who removed them is written down."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.access.roles import EDITOR
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.store.files.waiting import Bytes, Waiting
from cxroi.store.versions.workspace import Workspace


@needs(EDITOR)
def bring_files(workspace: Workspace, token: str | None, files: Sequence[tuple[str, Bytes]], *, who: Person) -> Waiting:
    """Keep files, each with its name, beside those that wait under `token`; return them with the token that finds them.

    Raises StoreError, and keeps none, where more would wait than may. The line in the trail says how many and how large they were: a name may be a customer's.
    """
    trail, waiting = Trail.open(workspace, who), Waiting.open(workspace.folder, token)
    waiting.ensure_room(sum(content.getbuffer().nbytes for _, content in files))
    kept = [waiting.add(name, content) for name, content in files]
    trail.write("files brought", files=[file.id for file in kept], size_bytes=sum(file.size for file in kept))
    return waiting


@needs(EDITOR)
def take_away(workspace: Workspace, token: str | None, ids: Sequence[str], *, who: Person) -> None:
    """Remove files that wait, bytes and all; ids that do not wait are passed over."""
    trail, waiting = Trail.open(workspace, who), Waiting.open(workspace.folder, token)
    doomed = [file for file in waiting.files() if file.id in ids]
    waiting.remove(*(file.id for file in doomed))
    if doomed:
        trail.write("files removed", files=[file.id for file in doomed])
