"""What happens if we spend more, or less? Sliders that stay in view, the headline first, the charts after it."""

import streamlit as st

from cxroi.ui import markup
from cxroi.ui.app.current import current_evidence, current_text, current_theme, evidence_key
from cxroi.ui.app.newer import tell_of_newer_data
from cxroi.ui.decide.case import current_case, current_sensitivity
from cxroi.ui.decide.picture import show_drawing
from cxroi.ui.decide.scenario_panel import scenario_panel
from cxroi.view.decide.sensitivity import sensitivity_view
from cxroi.view.decide.what_if import headline, what_if

text, theme = current_text(), current_theme()
opened_with, evidence = evidence_key(), current_evidence()
st.html(markup.STYLE)
st.title(text("page.what_if.title"), anchor=False)


def plan() -> None:
    """Draw everything that follows from the scenario, on the data that the page was opened with."""
    tell_of_newer_data(opened_with)
    case = current_case(evidence)
    st.html(markup.headline(headline(case, text)))
    controls, results = st.columns([5, 8], gap="large")
    view = what_if(case, text)
    with controls:
        scenario_panel(evidence, case, view, text)
    with results:
        for drawing in view.drawings:
            show_drawing(drawing, text, theme)
        st.html(markup.heading(view.comparison.title))
        st.html(markup.comparison(view.comparison))
        st.html(markup.source(view.source))
        fold = st.expander(text("page.what_if.sensitivity.fold"), key="sensitivity", on_change="rerun")
        if fold.open:
            with fold, st.spinner(text("page.what_if.sensitivity.working")):
                what_moves = sensitivity_view(case, current_sensitivity(evidence, case), text)
                show_drawing(what_moves.drawing, text, theme)
                st.html(markup.source(what_moves.line))


st.fragment(plan)()
