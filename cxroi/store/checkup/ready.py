"""Whether a workspace can answer now: the few small files that every answer needs. Cheap enough to be asked every second."""

from __future__ import annotations

from pathlib import Path

from cxroi.errors import StoreError
from cxroi.store.state.state import state_in_force
from cxroi.store.versions.workspace import Workspace


def not_ready(folder: Path) -> str:
    """Return the id of what keeps a workspace from answering; "" where nothing does. One without data answers that it has none."""
    if not folder.is_dir():
        return "store.workspace_missing"
    if not Workspace.is_begun(folder):
        return ""
    try:
        current = Workspace(folder=folder).current()
        if current is not None and not all(path.is_file() for path, _ in current.pieces()):
            return "store.version_damaged"
        trouble = None if current is None else state_in_force(current)[1]
    except StoreError as error:
        return error.id
    return "" if trouble is None else trouble.id
