"""A load that ended with the program: told to whoever comes back to its files, with what became of the data."""

from __future__ import annotations

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.store.files.durable import sha256
from cxroi.store.files.waiting import Waiting
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices
from cxroi.ui.app.current import current_text, current_workspace


def interrupted_load() -> None:
    """Say of the files of a killed load that they were not loaded or, where the kill came just after, that they were."""
    waiting = Waiting.open(workspace_folder(), choices().waiting)
    files = waiting.interrupted()
    if not files:
        return
    text, workspace = current_text(), current_workspace()
    names = " · ".join(plain(file.name, 60) for file in files)
    current = workspace.current()
    if current is not None and any(workspace.has_source(sha256(waiting.path(file))) for file in files):
        st.warning(text("page.upload.interrupted_done", files=names, number=current.number))
    else:
        st.warning(text("page.upload.interrupted", files=names))
