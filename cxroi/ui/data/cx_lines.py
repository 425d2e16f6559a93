"""The question which lines of a ledger are customer experience: its names with their sums, what looks like it ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from cxroi.intake.report import IntakeReport, LedgerName
from cxroi.tables import LEDGER_NAMES
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text
from cxroi.view.data.cx_lines import answered, called, columns_of_names, name_words, open_names, why_words
from cxroi.view.data.upload import target_name

_SHOWN = 15  # the largest; smaller ones are folded away
Take = Callable[..., None]


def cx_lines_question(report: IntakeReport, id: str, take: Take) -> None:
    """Draw the names of the lines that are open, each to be ticked, and the two answers; `take` is called with what is said."""
    text = current_text()
    columns = [column for column in columns_of_names(report) if open_names(report, column)]
    by = columns[0]
    if len(columns) > 1:
        by = str(
            st.segmented_control(
                text("cx_lines.by"),
                columns,
                default=columns[0],
                format_func=lambda column: target_name(column, text),
                key=f"cx-by-{id}",
                required=True,
            )
        )
    names = open_names(report, by)
    if by in LEDGER_NAMES:
        _ticks(names, report, f"{id}-{by}", take, text)
    else:
        st.caption(text("cx_lines.search"))
        st.button(text("cx_lines.all"), key=f"cx-all-{id}", on_click=take, kwargs={"other_lines": "cx"})


def _ticks(names: Sequence[LedgerName], report: IntakeReport, id: str, take: Take, text: Text) -> None:
    keys = {one.name: f"cx-{id}-{place}" for place, one in enumerate(names)}

    def keep() -> None:
        are_cx = {name for name, key in keys.items() if widgets()[key]}
        take(ledger_rules=answered(names, are_cx), other_lines=None)

    def tick(one: LedgerName) -> None:
        why = f" &ensp; :green[{plain(why_words(one, text))}]" if one.word else ""
        label = f"**{plain(called(one, text))}** &ensp; {plain(name_words(one, report, text))}{why}"
        st.checkbox(label, value=bool(one.word), key=keys[one.name])

    with st.form(f"cx-lines-{id}", border=False):
        for one in names[:_SHOWN]:
            tick(one)
        if rest := names[_SHOWN:]:
            with st.expander(text("cx_lines.more", count=len(rest))):
                for one in rest:
                    tick(one)
        with st.container(horizontal=True):
            st.form_submit_button(text("cx_lines.keep"), type="primary", on_click=keep, key=f"cx-keep-{id}")
            st.form_submit_button(
                text("cx_lines.all"),
                on_click=lambda: take(ledger_rules=answered(names, set(keys)), other_lines=None),
                key=f"cx-all-{id}",
            )
    st.caption(text("cx_lines.search"))
