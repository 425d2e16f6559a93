"""Do we spend the right amount? The verdict as a board reads it, its curve and its moves, then what stands behind them."""

import streamlit as st

from cxroi.ui import markup
from cxroi.ui.app.current import current_evidence, current_text, current_theme
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.how import how_computed
from cxroi.ui.data.money_said import is_missing, missing_money
from cxroi.ui.decide.case import case_of_evidence, current_allocation, current_case
from cxroi.ui.decide.own import own_assumptions
from cxroi.ui.decide.whole import whole_verdict
from cxroi.ui.picture import show_drawing
from cxroi.view.decide.overview import overview

text, theme = current_text(), current_theme()
evidence = current_evidence()
case = current_case(evidence)
bare = case_of_evidence(evidence, case)
view = overview(case, current_allocation(evidence, bare), text, bare)

own_assumptions(view.board, evidence, text)
if is_missing(evidence.panel) and case.asked.contribution_margin_rate is None:
    missing_money(evidence.panel)
with st.container(key="board"):  # whose place is kept until it has come
    st.html(markup.board(view.board))
how_computed("board", text)
show_drawing(view.curve, text, theme, is_section=True)
st.html(markup.source(view.source))
st.page_link(page_path("what_if"), label=text("page.overview.try_what_if"), icon=":material/tune:")

st.html(markup.moves(view.board.moves))

horizons, trust = st.columns([3, 2], gap="large")
with horizons:
    st.html(markup.horizons(view.horizons))
    how_computed("horizons", text)
with trust:
    st.html(markup.trust(view.board.trust))

st.html(markup.section(view.full_title))
whole_verdict(view, text)
st.html(markup.heading(view.next_title))
st.html(markup.figures(view.figures, view.roi_line))
how_computed("figures", text)
show_drawing(view.waterfall, text, theme)
st.page_link(page_path("where_to_invest"), label=text("where.link"), icon=":material/account_tree:")
st.html(markup.heading(view.health.title))
st.html(markup.health(view.health))
how_computed("health", text)
if view.notes:
    with st.expander(view.notes_title):
        st.html(markup.notes(view.notes))
