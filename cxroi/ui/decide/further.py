"""What is folded away on What-if: the sliders without the picture, every other assumption, and what moves the result most."""

from __future__ import annotations

import streamlit as st

from cxroi.questions import BusinessCase, Evidence
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.decide.case import current_sensitivity
from cxroi.ui.decide.scenario_panel import further_assumptions, scenario_panel
from cxroi.ui.picture import show_drawing
from cxroi.view.decide.sensitivity import sensitivity_view
from cxroi.view.decide.what_if import headline, sides


def plain_fold(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw every other assumption, and the three sliders as plain widgets for who cannot use the picture; closed, they cost nothing."""
    further_assumptions(evidence, case, text)
    fold = st.expander(text("page.what_if.live.plain"), key="plain", on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.html(markup.headline(headline(case, text)))
        scenario_panel(evidence, case, sides(case, text), text)


def sensitivity_fold(evidence: Evidence, case: BusinessCase, text: Text, theme: str) -> None:
    """Draw what moves the result most; slow, so only when somebody looks."""
    fold = st.expander(text("page.what_if.sensitivity.fold"), key="sensitivity", on_change="rerun")
    if not fold.open:
        return
    with fold, st.spinner(text("page.what_if.sensitivity.working")):
        what_moves = sensitivity_view(case, current_sensitivity(evidence, case), text)
        show_drawing(what_moves.drawing, text, theme)
        st.html(markup.source(what_moves.line))
