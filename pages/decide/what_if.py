"""What happens if we spend more, or less? The scenario as a sentence and a curve to take hold of, then the charts behind it."""

import streamlit as st

from cxroi.ui import markup
from cxroi.ui.app.current import current_evidence, current_text, current_theme, evidence_key
from cxroi.ui.app.newer import tell_of_newer_data
from cxroi.ui.decide.case import case_of_evidence, current_case
from cxroi.ui.decide.further import plain_fold, sensitivity_fold
from cxroi.ui.decide.keep import keep_bar
from cxroi.ui.decide.live_panel import draw_panel, tell_all_drawn
from cxroi.ui.decide.plans import compare_plans
from cxroi.ui.picture import show_drawing, take_along
from cxroi.view.decide.board_drawing import board_drawing
from cxroi.view.decide.what_if import what_if

text, theme = current_text(), current_theme()
opened_with, evidence = evidence_key(), current_evidence()


def plan() -> None:
    """Draw everything that follows from the scenario, on the data that the page was opened with."""
    tell_of_newer_data(opened_with)
    case = current_case(evidence)
    bare = case_of_evidence(evidence, case)
    draw_panel(evidence, text)
    keep_bar(evidence, case, text)
    take_along("board_curve", lambda: board_drawing(case, bare, text), text, theme)
    plain_fold(evidence, case, text)
    view = what_if(case, text)
    compare_plans(evidence, case, text)
    for place, drawing in zip(st.columns(2, gap="large"), view.drawings, strict=True):
        with place:
            show_drawing(drawing, text, theme)
    sensitivity_fold(evidence, case, text, theme)
    st.html(markup.source(view.source))
    tell_all_drawn()


st.fragment(plan)()
