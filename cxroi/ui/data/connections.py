"""Connections on the Upload page: each with what came of it last, to be tried, loaded or deleted; and one more to be added."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import streamlit as st

from cxroi.access.roles import ADMINISTRATOR
from cxroi.actions.connections import (
    TRIED_ROWS,
    are_allowed,
    bring_connection,
    keep_connection,
    remove_connection,
    try_connection,
)
from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.intake.report import IntakeReport
from cxroi.questions.connections import ConnectionFact, kept_connections
from cxroi.store.files.waiting import Waiting
from cxroi.store.state.records import KeptConnection
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do
from cxroi.ui.app.progress import progress
from cxroi.ui.app.waiting import settle_waiting
from cxroi.ui.app.work import Cancelled, Progress, Work, begin_alone, drop, find
from cxroi.ui.tables import words_table
from cxroi.view.data import connections as words
from cxroi.view.data import upload as account

_OWN, _FORM, _TOLD = "connection-own", "connection-form", "connection-told"
_FIELDS = ("name", "address", "query", "credential")


def connections_panel() -> None:
    """Draw the connections of this workspace; where none is allowed and none is kept, one line that says so."""
    text, kept = current_text(), kept_connections(workspace_folder())
    allowed = are_allowed()
    st.header(text("connections.page.title"))
    if not allowed:
        st.caption(text("connections.off"))
    else:
        st.markdown(text("connections.page.lead"))
    running = _work_account(kept, text)
    for one in kept:
        with st.container(border=True):
            _line(one, text, may_read=allowed and not running)
    if allowed and may_do(ADMINISTRATOR):
        _form(text, first=not kept)


def _line(one: ConnectionFact, text: Text, *, may_read: bool) -> None:
    said, buttons = st.columns([3, 2], vertical_alignment="center")
    source = plain(words.source_words(one, text))
    said.markdown(f"**{plain(one.name)}** &ensp; {source}")
    *facts, last = (plain(part, 400) for part in words.account(one, text))
    said.caption("  \n".join(filter(None, (" · ".join(facts), last))))
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        for task in ("try", "load"):
            st.button(
                text(f"connections.page.{task}"),
                key=f"connection-{task}-{one.name}",
                disabled=not may_read,
                on_click=_begin,
                args=(one.name, task),
            )
        if not may_do(ADMINISTRATOR):
            return
        with st.popover(text("connections.page.remove"), key=f"connection-doomed-{one.name}"):
            st.markdown(text("connections.page.sure", name=plain(one.name)))
            st.button(
                text("connections.page.yes"), key=f"connection-remove-{one.name}", on_click=_remove, args=(one.name,)
            )


def _form(text: Text, *, first: bool) -> None:
    """Ask for one more connection; what was typed stays until it could be kept."""
    if told := widgets().pop(_TOLD, None):
        good, sentence = told
        (st.success if good else st.error)(sentence)
    with (
        st.expander(text("connections.page.new"), expanded=first or (told is not None and not told[0])),
        st.form(_FORM, border=False),
    ):
        for field in _FIELDS:
            (st.text_area if field == "query" else st.text_input)(
                text(f"connections.page.{field}"),
                key=f"connection-{field}",
                help=text(f"connections.page.{field}_help") if field != "name" else None,
                max_chars={"query": 20_000, "address": 2_000}.get(field, 60),
            )
        st.radio(
            text("connections.page.mode"),
            ("replace", "append"),
            format_func=lambda mode: text(f"connections.page.{mode}"),
            horizontal=True,
            key="connection-mode",
        )
        st.form_submit_button(text("connections.page.keep"), type="primary", on_click=_keep)


def _keep() -> None:
    text = current_text()
    typed: dict[str, Any] = {f: str(widgets().get(f"connection-{f}") or "") for f in (*_FIELDS, "mode")}
    try:
        kept = keep_connection(current_workspace(), KeptConnection(**typed), new=True, who=current_person())
    except CxroiError as error:
        widgets()[_TOLD] = False, text.error(error, plain)
        return
    widgets()[_TOLD] = True, text("connections.page.kept", name=plain(kept.name))
    for field in _FIELDS:
        widgets()[f"connection-{field}"] = ""


def _remove(name: str) -> None:
    try:
        remove_connection(current_workspace(), name, who=current_person())
    except CxroiError as error:
        widgets()[_TOLD] = False, current_text().error(error, plain)


def _key() -> Hashable:
    return "connection", str(workspace_folder())


def _begin(name: str, task: str) -> None:
    """Read a connection beside the pages: to look at it, or into the files that wait."""
    workspace, who, token = current_workspace(), current_person(), choices().waiting

    def read(cancelled: Cancelled, tell: Progress) -> Waiting | tuple[IntakeReport, ...]:
        if task == "load":
            return bring_connection(workspace, token, name, who=who, cancelled=cancelled, progress=tell)
        return try_connection(workspace, name, who=who, cancelled=cancelled, progress=tell)

    work = begin_alone(_key(), read, name=name, size=0)
    if work is not None:
        widgets()[_OWN] = work.id


def _work_account(kept: Sequence[ConnectionFact], text: Text) -> bool:
    """Draw the reading that runs, or say once what came of this tab's own; return whether one runs."""
    work = find(_key())
    if work is None:
        return False
    if work.running:
        progress(_key(), "connections.page.reading", own=work.id == widgets().get(_OWN))
        return True
    if work.id == widgets().get(_OWN):
        _end_of(work, kept, text)
    return False


def _end_of(work: Work, kept: Sequence[ConnectionFact], text: Text) -> None:
    if work.error is not None:
        st.error(f"{plain(work.name)}: {text.error(work.error, plain)}")
    elif isinstance(work.result, Waiting):
        drop(_key())
        choose(waiting=work.result.token, dismissed=True)
        settle_waiting()
        st.rerun()
    else:
        for one in kept:
            if one.name == work.name:
                _found(one, work.result, text)


def _found(one: ConnectionFact, reports: Sequence[IntakeReport], text: Text) -> None:
    """Show what a connection that was tried gives: its columns, where each would go, and first values."""
    with st.container(border=True):
        st.markdown(f"**{text('connections.page.found', name=plain(one.name))}**")
        if cut := words.cut_short(one, reports, TRIED_ROWS, text):
            st.markdown(cut)
        for report in reports:
            st.markdown(account.preview(report, text))
            if report.columns:
                st.caption(text("connections.page.first"))
                headings = [text(f"connections.page.{column}") for column in ("column", "goes_to", "values")]
                words_table(
                    headings, words.tried_rows(report, text), caption=text("connections.page.found", name=one.name)
                )
