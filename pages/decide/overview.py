"""Do we spend the right amount? The verdict beside its curve, then what stands behind it."""

import streamlit as st

from cxroi.ui import markup
from cxroi.ui.app.current import current_evidence, current_text, current_theme
from cxroi.ui.app.frame import page_path
from cxroi.ui.decide.case import current_allocation, current_case
from cxroi.ui.decide.lines import lines_fold, promises_fold
from cxroi.ui.decide.picture import show_drawing
from cxroi.view.decide.allocation import allocation_headline
from cxroi.view.decide.overview import overview

text, theme = current_text(), current_theme()
st.html(markup.STYLE)
evidence = current_evidence()
case = current_case(evidence)
view = overview(case, text)

st.title(view.title, anchor=False)
verdict, curve = st.columns([6, 7], gap="large")
with verdict:
    st.html(markup.verdict_card(view.card))
with curve:
    show_drawing(view.curve, text, theme)
    st.html(markup.source(view.source))
    st.page_link(page_path("what_if"), label=text("page.overview.try_what_if"), icon=":material/tune:")

st.html(markup.heading(view.channels.title))
st.html(markup.channels(view.channels))
st.html(markup.heading(view.horizons.title))
st.html(markup.horizons(view.horizons))

st.html(markup.heading(view.next_title))
st.html(markup.figures(view.figures, view.roi_line))

value, segments = st.columns([6, 7], gap="large")
with value:
    st.html(markup.heading(view.value_title))
    show_drawing(view.waterfall, text, theme)
with segments:
    st.html(markup.heading(view.segments.title))
    if view.segments.rows:
        st.html(markup.line(allocation_headline(case, current_allocation(evidence, case), text)))
    st.html(markup.segment_table(view.segments))

lines_fold(evidence, case)
promises_fold(evidence, case)
st.html(markup.heading(view.health.title))
st.html(markup.health(view.health))
if view.notes:
    with st.expander(view.notes_title):
        st.html(markup.notes(view.notes))
st.html(markup.source(view.source))
