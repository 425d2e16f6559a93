"""The whole verdict on the Overview: its facts, the ways in which spend pays, and the calls by segment."""

from __future__ import annotations

import streamlit as st

from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.how import how_computed
from cxroi.view.decide.overview import OverviewView


def whole_verdict(view: OverviewView, text: Text) -> None:
    """Draw the facts of the verdict beside what they rest on."""
    facts, parts = st.columns([6, 7], gap="large")
    with facts:
        st.html(markup.verdict_card(view.card))
        how_computed("verdict", text)
    with parts:
        st.html(markup.heading(view.channels.title))
        st.html(markup.channels(view.channels))
        how_computed("channels", text)
        st.html(markup.heading(view.segments.title))
        st.html(markup.segment_table(view.segments))
        how_computed("segments", text)
