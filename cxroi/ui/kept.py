"""What a workspace keeps for every load, in one place: ledger rules, shared costs, exchange rates, remembered columns."""

from __future__ import annotations

import streamlit as st

from cxroi.ui.current import current_text
from cxroi.ui.ledger_rules import figures_in_use, rules_form
from cxroi.ui.rates import rates_form
from cxroi.ui.remembered import remembered_mappings
from cxroi.ui.shared_costs import shared_costs_form


def kept_settings() -> None:
    """Draw what is kept, each part folded away behind its name."""
    text = current_text()
    st.header(text("page.upload.kept.title"))
    st.markdown(text("page.upload.kept.lead"))
    parts = ("rules", "shared", "rates", "remembered")
    rules, shared, rates, remembered = st.tabs([text(f"page.upload.{part}.title") for part in parts])
    with rules:
        rules_form("kept", figures_in_use())
    with shared:
        shared_costs_form()
    with rates:
        rates_form()
    with remembered:
        remembered_mappings()
