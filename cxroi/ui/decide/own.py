"""The strip that says how many assumptions are the reader's own, with the way back to the evidence."""

from __future__ import annotations

import streamlit as st

from cxroi.questions import Evidence, default_scenario
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.link import change_scenario
from cxroi.view.decide.board import Board


def own_assumptions(view: Board, evidence: Evidence, text: Text) -> None:
    """Show the strip where an assumption is the reader's own, and nothing otherwise."""
    if not view.own:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(markup.own(view.own))
        st.button(
            text("page.what_if.back"), key="own_back", on_click=change_scenario, args=(default_scenario(evidence),)
        )
