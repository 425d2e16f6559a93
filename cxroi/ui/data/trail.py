"""Who did what, when, to which version: the audit trail, newest first, to be narrowed down and taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cxroi.errors import StoreError
from cxroi.export.trail_file import trail_csv, trail_json
from cxroi.store.checkup.workspace import lines_lost
from cxroi.store.state.records import AuditTrail
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.text.plain import plain, shown
from cxroi.ui.app.current import current_text, current_workspace
from cxroi.ui.tables import words_table
from cxroi.view.data.trail import change_words, person_words, trail_row

_SHOWN = 25
_COLUMNS = ("when", "who", "what", "version", "through")
Line = Mapping[str, Any]


def trail_section() -> None:
    """Draw the trail: whether it is whole first, then its lines."""
    text, workspace = current_text(), current_workspace()
    st.header(text("page.upload.trail.title"))
    st.markdown(text("page.upload.trail.lead"))
    try:
        trail, current = State.open(workspace.folder).trail(), workspace.current()
    except StoreError as error:
        st.error(text.error(error, plain))
        return
    if not trail.lines:
        st.markdown(text("trail.empty"))
        return
    lost = 0 if current is None else lines_lost(current, len(trail.lines))
    _state_of_chain(trail, lost, text)
    chosen = _narrowed([line.plain() for line in reversed(trail.lines)], text)
    rows = tuple(trail_row(line, text) for line in chosen[:_SHOWN])
    names = tuple(text(f"page.upload.trail.{name}") for name in _COLUMNS)
    words_table(names, rows, caption=text("page.upload.trail.title"))
    if len(rows) < len(chosen):
        st.caption(text("page.upload.trail.shown", count=len(rows), all=len(chosen)))
    _files(chosen, trail, text)


def _state_of_chain(trail: AuditTrail, lost: int, text: Text) -> None:
    if trail.changed_from is not None:
        st.error(text("store.audit_changed", line=trail.changed_from))
    elif lost:
        st.error(text("doctor.trail_shortened", count=lost))
    else:
        st.success(text("page.upload.trail.whole"))


def _narrowed(lines: Sequence[Line], text: Text) -> list[Line]:
    """Return the lines of the person and the kind of change that are chosen, all until one is."""
    people = sorted({person_words(line, text) for line in lines})
    kinds = sorted({line["what"] for line in lines}, key=lambda what: change_words(what, text))
    everyone, everything = text("page.upload.trail.everyone"), text("page.upload.trail.everything")
    who, what = st.columns(2)
    person = who.selectbox(
        text("page.upload.trail.who"),
        [None, *people],
        format_func=lambda one: everyone if one is None else shown(one, 60),
        key="trail-who",
    )
    kind = what.selectbox(
        text("page.upload.trail.what"),
        [None, *kinds],
        format_func=lambda one: everything if one is None else shown(change_words(one, text), 80),
        key="trail-what",
    )
    return [line for line in lines if person in (None, person_words(line, text)) and kind in (None, line["what"])]


def _files(chosen: Sequence[Line], trail: AuditTrail, text: Text) -> None:
    made = {
        "csv": ("text/csv", lambda: trail_csv(chosen, text)),
        "json": (
            "application/json",
            lambda: trail_json(chosen, changed_from=trail.changed_from, last_hash=trail.last_hash),
        ),
    }
    with st.container(horizontal=True):
        for kind, (mime, content) in made.items():
            st.download_button(
                text("page.upload.trail.take", format=kind.upper()),
                content,
                file_name=f"audit-trail.{kind}",
                mime=mime,
                on_click="ignore",
                key=f"trail-{kind}",
            )
