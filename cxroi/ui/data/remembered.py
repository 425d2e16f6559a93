"""Mappings remembered by header: listed, and forgotten one by one or all."""

from __future__ import annotations

import streamlit as st

from cxroi.actions.mappings import forget_mappings
from cxroi.actions.place import workspace_folder
from cxroi.store.state.records import KeptMapping
from cxroi.store.state.state import State
from cxroi.tables import ANSWER, PRESET
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.ui.app.current import current_person, current_text, current_workspace
from cxroi.ui.tables import words_table
from cxroi.view.data import upload as account


def remembered_mappings() -> None:
    """Draw the remembered mappings with the buttons that forget them."""
    text = current_text()
    kept = State.open(workspace_folder()).mappings()
    st.caption(text("page.upload.remembered.lead"))
    if not kept:
        st.markdown(text("mappings.none"))
        return
    names = tuple(text(f"page.upload.remembered.{name}") for name in ("number", "table", "columns", "saved"))
    rows = tuple((str(place), *_row(one, text)) for place, one in enumerate(kept, 1))
    words_table(names, rows, caption=text("page.upload.remembered.title"))
    with st.container(horizontal=True):
        for place, one in enumerate(kept, 1):
            st.button(
                text("page.upload.remembered.forget", number=place),
                key=f"forget-{one.fingerprint}",
                on_click=_forget,
                args=(one.fingerprint,),
                type="tertiary",
            )
        if len(kept) > 1:
            st.button(text("page.upload.remembered.forget_all"), key="forget-all", on_click=_forget, args=(None,))


def _row(kept: KeptMapping, text: Text) -> tuple[str, str, str]:
    arrow = "→" if text.direction == "rtl" else "←"
    pairs = (
        f"{_kept_name(column, text)} {arrow} {shown(heading, 60) if heading else text('page.upload.left_out')}"
        for column, heading in kept.columns.items()
    )
    return account.table_name(kept.table, text), " · ".join(pairs), text.moment(kept.saved_at)


def _kept_name(column: str, text: Text) -> str:
    """Return what people call a column of ours, the answer in words whose score is kept, or the preset that was chosen."""
    if column == PRESET:
        return text("page.upload.preset")
    return shown(column[len(ANSWER) :], 60) if column.startswith(ANSWER) else account.target_name(column, text)


def _forget(fingerprint: str | None) -> None:
    headers = None if fingerprint is None else (fingerprint,)
    forget_mappings(current_workspace(), headers, who=current_person())
