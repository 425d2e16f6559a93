"""The parts of the page "Where to invest", from the answer down to what stands behind it; a part that cannot be told says why."""

from __future__ import annotations

import streamlit as st

from cxroi.chart.drawing import Drawing
from cxroi.errors import CxroiError
from cxroi.model.scenario import Scenario
from cxroi.questions import BusinessCase, Evidence
from cxroi.questions.line_standing import Advice
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.how import how_computed
from cxroi.ui.decide.where_answers import (
    current_bounds,
    current_division,
    current_drivers,
    current_standings,
    current_worth,
)
from cxroi.ui.decide.where_panel import ask_panel, current_ask, limits_fold
from cxroi.ui.picture import show_drawing
from cxroi.view.decide.line_standing import standing_table
from cxroi.view.decide.touchpoints import touchpoint_view
from cxroi.view.decide.where_to_invest import where_view
from cxroi.view.figure import source_line
from cxroi.view.understand.segment_map import segment_drawing


def where_the_money_goes(evidence: Evidence, case: BusinessCase, asked: Scenario, text: Text) -> None:
    """Draw the question, its answer under the scenario `asked`, and the limits that it keeps to."""
    ask = current_ask(case)
    ask_panel(case, ask, text)
    place = st.container(key="where-answer")  # whose place is kept until it has come
    try:
        with place, st.spinner(text("where.working")):
            bounds = current_bounds(evidence, case, ask.part)
            found = current_division(evidence, case, asked, ask)
            kept = _worth_having(evidence, case) if ask.part == "line" else ()
    except CxroiError as error:
        place.warning(text.error(error, plain))
        if ask.limits:
            limits_fold(ask, current_bounds(evidence, case, ask.part), text)
        return
    view = where_view(case, found, ask, text, kept)
    with place:
        st.html(markup.where_answer(view))
        st.html(markup.where_moves(view))
    limits_fold(ask, bounds, text)
    st.html(markup.source(view.source))
    how_computed("division", text)


def _worth_having(evidence: Evidence, case: BusinessCase) -> tuple[str, ...]:
    found = current_standings(evidence, case)
    return tuple(one.name for one in found if one.advice in (Advice.KEEP, Advice.GROW))


def lines_and_promises(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw lines and promises as one table."""
    st.html(markup.section(text("where.lines.title")))
    try:
        with st.spinner(text("where.working")):
            found = current_standings(evidence, case)
    except CxroiError as error:
        st.html(markup.line(text.error(error)))
        return
    st.html(markup.standings(standing_table(found, case, text)))
    how_computed("standings", text)


def spend_beside_impact(evidence: Evidence, text: Text) -> None:
    """Draw each touchpoint's share of spend beside its share of impact."""
    st.html(markup.section(text("where.drivers.section")))
    try:
        with st.spinner(text("where.working")):
            view = touchpoint_view(current_drivers(evidence), text)
    except CxroiError as error:
        st.html(markup.line(text("where.drivers.none") if error.id == "scores.none" else text.error(error)))
        return
    st.html(markup.finding(view.title))
    st.html(markup.touchpoints(view))
    how_computed("touchpoints", text)


def value_beside_cost(evidence: Evidence, case: BusinessCase, text: Text, theme: str) -> None:
    """Draw the map of segments."""
    st.html(markup.section(text("where.map.section")))
    try:
        with st.spinner(text("where.working")):
            worth = current_worth(evidence, case)
            drawing = segment_drawing(case.baseline, worth, source_line(case, text), text)
    except CxroiError as error:
        st.html(markup.line(text.error(error)))
        return
    if not isinstance(drawing, Drawing):
        st.html(markup.line(drawing))
        return
    show_drawing(drawing, text, theme)
    st.html(markup.source(drawing.footer))
