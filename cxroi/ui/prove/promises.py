"""The parts of the Promises page: what the programme has come to, then promise by promise."""

from __future__ import annotations

import streamlit as st

from cxroi.questions import BusinessCase, Evidence
from cxroi.questions.promises import ask_programme
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.how import how_computed
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.figure import source_line
from cxroi.view.prove.programme import ProgrammeView, programme_view
from cxroi.view.ranged import PageAnswer


def promises_in_use(evidence: Evidence, case: BusinessCase, text: Text) -> ProgrammeView | None:
    """Return what has become of every promise; where none is loaded None, and what is missing drawn."""
    found = asked(ask_programme)
    if not found.promises:
        st.title(text("promises.title"), anchor=False)
        missing_part("promises.load", "initiatives")
        return None
    return programme_view(found, evidence.panel.currency, source_line(case, text), text)


def programme_in_short(view: ProgrammeView, text: Text) -> None:
    """Draw the answer with its figures."""
    answer = PageAnswer(
        question=text("promises.title"),
        finding=view.finding,
        lead=(view.kicker, *view.lead),
        caution=view.caution,
        figures=view.figures,
    )
    st.html(markup.page_answer(answer))
    how_computed("programme-answer", text)


def promise_by_promise(view: ProgrammeView, text: Text, theme: str) -> None:
    """Draw every initiative, alone and among the others, beside what it promised; then the table and what is to be known of each."""
    st.html(markup.section(view.table.section))
    if view.drawing is not None:
        show_drawing(view.drawing, text, theme)
        st.html(markup.source(view.drawing.footer))
    st.html(markup.finding(view.table.title))
    show_table("programme", view.table.table, text, caption=view.table.title)
    markup.draw(markup.told(view.notes))
    for words in (view.table.caption, view.method, view.source):
        st.html(markup.source(words))
    if view.levels is not None:
        st.html(markup.section(view.levels.section))
        st.html(markup.finding(view.levels.title))
        show_table("levels", view.levels.table, text, caption=view.levels.title)
        st.html(markup.source(view.levels.caption))
