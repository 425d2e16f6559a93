"""The files a person dropped: kept in the workspace until they are loaded or taken away, read as often as an answer changes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxroi.actions import waiting as actions
from cxroi.actions.load import inspect_file
from cxroi.actions.place import workspace_folder
from cxroi.errors import StoreError
from cxroi.intake.report import IntakeReport, IntakeRequest, request_from_json, request_to_json
from cxroi.store.files.waiting import MOST_OF_ONE, Waiting, WaitingFile
from cxroi.store.state.state import State, state_in_force
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose
from cxroi.ui.app.current import current_person, current_text, current_workspace, id_in_use, version_in_use
from cxroi.ui.app.progress import megabytes
from cxroi.ui.app.waiting import settle_waiting
from cxroi.ui.app.work import Cancelled, Progress, Work, begin, drop, wait_for

TYPES = ("csv", "tsv", "txt", "gz", "zst", "xlsx", "xlsm", "xls", "xlsb", "ods", "html", "htm", "parquet")
_PATIENCE_SECONDS = 0.7  # most files are read within it, and no bar flashes up


def drop_zone() -> None:
    """Draw the place to drop files, with its limit and the two other ways; what is dropped is kept at once."""
    text = current_text()
    limit = megabytes(st.get_option("server.maxUploadSize") << 20, text)
    dropped = st.file_uploader(
        text("page.upload.drop", size=limit),
        TYPES,
        accept_multiple_files=True,
        key=f"upload-files-{choices().batch}",
    )
    st.caption(text("page.upload.larger", size=limit, all=megabytes(MOST_OF_ONE, text)))
    if dropped:
        brought = [(file.name, file) for file in dropped]
        try:
            waiting = actions.bring_files(current_workspace(), choices().waiting, brought, who=current_person())
        except StoreError as error:  # no room: what waits already stays, and can be loaded or taken away below
            st.error(text.error(error, plain))
            return
        _let_go(dropped)
        choose(waiting=waiting.token, batch=choices().batch + 1, dismissed=True)
        settle_waiting()
        st.rerun()


def _let_go(dropped: Sequence[UploadedFile]) -> None:
    """Free the memory of files that lie on the disk now; Streamlit would hold them for as long as the session lives."""
    context = get_script_run_ctx()
    for file in dropped if context is not None else ():
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def waiting_files() -> tuple[WaitingFile, ...]:
    """Return the files that wait in this tab."""
    token = choices().waiting
    return Waiting.open(workspace_folder(), token).files() if token else ()


def take_away(*ids: str) -> None:
    """Remove files that wait, bytes and all."""
    actions.take_away(current_workspace(), choices().waiting, ids, who=current_person())
    choose(requests={id: request for id, request in choices().requests.items() if id not in ids})
    settle_waiting()


def request_of(file: WaitingFile) -> IntakeRequest:
    """Return how the person wants this file read."""
    if file.id in choices().requests:
        return choices().requests[file.id]
    try:
        return request_from_json(file.request) if file.request else IntakeRequest()
    except (KeyError, TypeError, ValueError):  # kept by another release
        return IntakeRequest()


def answer(file: WaitingFile, **changes: Any) -> None:
    """Take an answer about one file; it will be read anew, and the answer outlives a reload."""
    changed = replace(request_of(file), **changes)
    Waiting.open(workspace_folder(), choices().waiting).change(file.id, request_to_json(changed))
    choose(requests={**choices().requests, file.id: changed}, dismissed=True)


def readings(files: Sequence[WaitingFile]) -> tuple[Work, ...]:
    """Return the reading of each file, begun where it is new, after a moment's patience for the quick ones."""
    begun = tuple(_reading(file) for file in files)
    if any(work.running for work in begun):
        with st.spinner(current_text()("page.upload.reading_files")):
            wait_for(begun, _PATIENCE_SECONDS)
    return begun


def reading_key(file: WaitingFile) -> Hashable:
    """Return what finds the reading of a file: its bytes, how they are to be read, what is kept, and the data it would join."""
    version = version_in_use()
    state = state_in_force(version)[0] if version else State.open(workspace_folder())
    kept = state.ledger_rules(), state.remembered_columns(), state.known_rates()
    return "read", file.id, request_of(file), kept, id_in_use()


def rejects_of(file: WaitingFile) -> Path:
    """Return where the rows put aside by this reading lie, but for the place of the report at its end."""
    path = Waiting.open(workspace_folder(), choices().waiting).path(file)
    return path.with_name(f"{file.id}-{hash(reading_key(file)) & 0xFFFFFFFFFFFF:x}")


def read_again(file: WaitingFile) -> None:
    """Read a file anew, as after a reading that was cancelled."""
    drop(reading_key(file))


def _reading(file: WaitingFile) -> Work:
    workspace, request = current_workspace(), request_of(file)
    path, aside = Waiting.open(workspace.folder, choices().waiting).path(file), rejects_of(file)

    def read(cancelled: Cancelled, progress: Progress) -> tuple[IntakeReport, ...]:
        return inspect_file(
            path,
            file.name,
            request,
            workspace=workspace,
            rejects_to=aside,
            cancelled=cancelled,
            progress=progress,
        )

    return begin(reading_key(file), read, name=file.name, size=file.size)
