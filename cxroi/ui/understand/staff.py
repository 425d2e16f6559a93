"""The part of the page "Satisfaction" about a company's own people; it is there where a table of staff is."""

from __future__ import annotations

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.questions.events import ask_events
from cxroi.questions.slice import Slice
from cxroi.questions.staff import Staff, ask_staff
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.picks import picked
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.understand.staff import grade_words, measure_name, replacement_words, staff_view


def our_own_people(of: Slice, metric: str, text: Text, theme: str) -> None:
    """Draw the staff beside a score month by month, how they go together, and what replacing those who left costs."""
    try:
        found = asked(ask_staff, of, metric)
    except CxroiError:
        return
    st.html(markup.section(text("satisfaction.staff.section")))
    view = staff_view(found, _measure(found, text), text, asked(ask_events, of.segment))
    left, right = st.columns([7, 5], gap="large")
    with left:
        show_drawing(view.drawing, text, theme)
        st.html(markup.source(view.drawing.footer))
    with right:
        if view.slope:
            st.html(markup.line(view.slope))
        markup.draw(markup.paragraphs((*view.notes, grade_words(text))))
        _replacement(found, text)
    if view.table is not None:
        show_table("staff", view.table, text, caption=view.caption)


def _measure(found: Staff, text: Text) -> str:
    measures = tuple(found.measures)
    if len(measures) == 1:
        return measures[0]
    return picked(
        "staff",
        measures,
        lambda one: measure_name(one, text),
        text("satisfaction.staff.which"),
    )


def _replacement(found: Staff, text: Text) -> None:
    if found.replacement is None:
        return
    scenario = choices().scenario
    typed = scenario.staff_attrition_saving_per_year if scenario else 0.0
    st.html(markup.line(replacement_words(found.replacement, typed, text)))
    st.page_link(page_path("what_if"), label=text("satisfaction.staff.to_what_if"), width="content")
