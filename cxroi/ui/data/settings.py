"""What a workspace keeps for every load, in one place: ledger rules, shared costs, what is counted once, currency and margin, exchange rates, remembered columns."""

from __future__ import annotations

import streamlit as st

from cxroi.access.roles import FINANCE
from cxroi.ui.app.current import current_text, may_do
from cxroi.ui.data.cx_lines import ledger_in_use
from cxroi.ui.data.ledger_rules import figures_in_use, rules_form
from cxroi.ui.data.money_said import money_form
from cxroi.ui.data.rates import rates_form
from cxroi.ui.data.remembered import remembered_mappings
from cxroi.ui.data.shared_costs import shared_costs_form
from cxroi.ui.data.spend_in_support import spend_in_support_form


def kept_settings() -> None:
    """Draw what is kept, each part folded away behind its name."""
    text = current_text()
    st.title(text("page.upload.kept.title"), anchor=False)
    st.markdown(text("page.upload.kept.lead"))
    if not may_do(FINANCE):
        st.info(text("access.needs.finance"))
        return
    parts = ("rules", "shared", "in_support", "money", "rates", "remembered")
    rules, shared, in_support, money, rates, remembered = st.tabs([text(f"page.upload.{part}.title") for part in parts])
    with rules:
        ledger_in_use()
        rules_form("kept", figures_in_use())
    with shared:
        shared_costs_form()
    with in_support:
        spend_in_support_form("kept")
    with money:
        money_form("kept")
    with rates:
        rates_form()
    with remembered:
        remembered_mappings()
