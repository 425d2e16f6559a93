"""Where should the money go? The answer first, then lines and promises in one table, touchpoints, and the map of segments."""

import streamlit as st

from cxroi.ui.app.current import current_evidence, current_text, current_theme, evidence_key
from cxroi.ui.app.newer import tell_of_newer_data
from cxroi.ui.decide.case import case_of_evidence, current_case
from cxroi.ui.decide.where import lines_and_promises, spend_beside_impact, value_beside_cost, where_the_money_goes

text, theme = current_text(), current_theme()
opened_with, evidence = evidence_key(), current_evidence()
st.title(text("where.title"), anchor=False)
plan = current_case(evidence)
case = case_of_evidence(evidence, plan)


def answer() -> None:
    """Draw what follows from what is asked, on the data that the page was opened with."""
    tell_of_newer_data(opened_with)
    where_the_money_goes(evidence, case, plan.asked, text)


st.fragment(answer)()
lines_and_promises(evidence, case, text)
touchpoints, segments = st.columns(2, gap="large")
with touchpoints:
    spend_beside_impact(evidence, text)
with segments:
    value_beside_cost(evidence, case, text, theme)
