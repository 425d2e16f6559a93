"""The Upload page: drop files, have them read as often as an answer changes, load them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxroi.intake.report import IntakeReport, IntakeRequest, Outcome
from cxroi.intake.template import table_template
from cxroi.tables import TABLES
from cxroi.text.plain import plain
from cxroi.ui import account
from cxroi.ui.choices import choices, choose
from cxroi.ui.current import current_text, current_workspace
from cxroi.ui.link import PARAMETER
from cxroi.upload import inspect_file, load_file

TYPES = ("csv", "tsv", "txt", "gz", "zst", "xlsx", "xlsm", "xls", "xlsb", "ods", "html", "htm", "parquet")


def dropped_files() -> list[UploadedFile]:
    """Draw the place to drop files and return what lies there; what was known of files taken away is forgotten."""
    limit = st.get_option("server.maxUploadSize")
    files = st.file_uploader(
        current_text()("page.upload.drop", megabytes=limit),
        TYPES,
        accept_multiple_files=True,
        key=f"upload-files-{choices().batch}",
    )
    kept = {file.file_id for file in files}
    choose(
        requests={id: request for id, request in choices().requests.items() if id in kept},
        inspected={key: found for key, found in choices().inspected.items() if key[0] in kept},
    )
    return list(files)


def templates() -> None:
    """Offer a workbook to fill in for each table; each is made when it is asked for."""
    text = current_text()
    with st.expander(text("page.upload.templates")):
        st.caption(text("page.upload.templates_lead"))
        with st.container(horizontal=True):
            for table in TABLES:
                st.download_button(
                    account.table_name(table, text),
                    lambda table=table: table_template(table, text.language, text),
                    file_name=f"{table}-{text.language}.xlsx",
                    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    on_click="ignore",
                    key=f"template-{table}",
                )


def inspected(file: UploadedFile) -> tuple[IntakeReport, ...]:
    """Return what a load of this file would do, worked out once for each way of reading it."""
    key = (file.file_id, request_of(file.file_id))
    if key not in choices().inspected:
        with st.spinner(current_text()("page.upload.reading", file=plain(file.name))), _on_disk(file) as path:
            choose(
                inspected={
                    **choices().inspected,
                    key: inspect_file(path, file.name, key[1], workspace=current_workspace()),
                }
            )
    return choices().inspected[key]


def request_of(file_id: str) -> IntakeRequest:
    """Return how the reader wants this file read."""
    return choices().requests.get(file_id, IntakeRequest())


def answer(file_id: str, **changes: Any) -> None:
    """Take an answer about one file; it will be read anew."""
    changed = replace(request_of(file_id), **changes)
    choose(requests={**choices().requests, file_id: changed}, loaded=None)


def load_form(files: Sequence[UploadedFile]) -> None:
    """Draw the second step: replace or add, and the one button that changes anything."""
    text = current_text()
    ready = [file for file in files if any(r.outcome is not Outcome.REFUSED for r in inspected(file))]
    if not ready:
        st.caption(text("page.upload.nothing_ready"))
        return
    mode = st.radio(
        text("page.upload.mode"),
        ("replace", "append"),
        format_func=lambda way: text(f"page.upload.{way}"),
        horizontal=True,
        key="upload-mode",
    )
    if st.button(text("page.upload.load"), type="primary", key="upload-load"):
        _load(ready, append=mode == "append")


def loaded_account() -> None:
    """Say what the last load did, and where to look next."""
    done = choices().loaded
    if done is not None:
        text = current_text()
        st.success(text("page.upload.done", number=done))
        st.page_link("pages/decide/overview.py", label=text("page.upload.see"))


def _load(files: Sequence[UploadedFile], *, append: bool) -> None:
    """Load file after file; a second file for a table that this very load has filled is added to it."""
    text, filled, number = current_text(), set[str](), None
    for file in files:
        tables = {report.table for report in inspected(file) if report.table}
        with st.spinner(text("page.upload.loading", file=plain(file.name))), _on_disk(file) as path:
            mode = "append" if append or tables & filled else "replace"
            reports, version = load_file(
                current_workspace(),
                path,
                file.name,
                request_of(file.file_id),
                "append" if mode == "append" else "replace",
            )
        for report in reports:
            if report.outcome is Outcome.REFUSED:
                st.error(f"{account.heading(report)}: {account.sentence(report.message, report.facts, text)}")
        filled |= tables
        number = version.number if version else number
    if number is not None:
        choose(loaded=number, batch=choices().batch + 1, scenario=None, earlier=(), compared=None)
        st.query_params.pop(PARAMETER, None)
        st.rerun()


class _on_disk:  # noqa: N801  (reads as a phrase: with _on_disk(file) as path)
    """An uploaded file under a made-up name in the quarantine, for as long as it is read."""

    def __init__(self, file: UploadedFile) -> None:
        self._file, self._folder = file, current_workspace().quarantine()

    def __enter__(self) -> Path:
        path = self._folder / "file"
        path.write_bytes(self._file.getbuffer())
        return path

    def __exit__(self, *_: object) -> None:
        rmtree(self._folder, ignore_errors=True)
