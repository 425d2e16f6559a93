"""Method: how every figure is made."""

import streamlit as st

from cxroi.ui.app.current import current_text
from cxroi.ui.app.how import in_use, table
from cxroi.ui.share.method import every_query, formulas
from cxroi.view.share.method import method

text = current_text()
view = method(in_use(), text)

st.title(view.title)
st.markdown(view.lead)

formulas_tab, register_tab, grades_tab, benchmarks_tab, references_tab, glossary_tab, queries_tab = st.tabs(view.tabs)
with formulas_tab:
    formulas(view.formulas, view.rule)
    table(view.health, titled=True)
with register_tab:
    table(view.plan, titled=True)
    table(view.priors, titled=True)
    table(view.channels, titled=True)
    table(view.certainty, titled=True)
    table(view.swings, titled=True)
with grades_tab:
    table(view.grades)
with benchmarks_tab:
    table(view.benchmarks)
with references_tab:
    table(view.references)
with glossary_tab:
    table(view.glossary)
with queries_tab:
    st.markdown(view.queries_intro)
    every_query()
