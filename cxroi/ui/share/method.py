"""The parts of the Method page."""

from __future__ import annotations

import streamlit as st

from cxroi.store.engine.engine import query_names
from cxroi.ui.app.how import formula, queries
from cxroi.view.share.method import FormulaGroup, ShownTable


def formulas(groups: tuple[FormulaGroup, ...], rule: ShownTable) -> None:
    """Draw the formulas group by group, then the rule of the verdict; the address finds each under its id."""
    for group in groups:
        st.header(group.title, anchor=group.id)
        for row in group.rows:
            st.subheader(row.title, anchor=row.id)
            formula(row)
    st.header(rule.title, anchor=rule.id)
    st.markdown(rule.intro)
    for (sentence,) in rule.rows:
        st.markdown(f"- {sentence}")


def every_query() -> None:
    """Draw every query."""
    queries(query_names())
