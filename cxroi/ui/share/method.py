"""The parts of the Method page."""

from __future__ import annotations

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.model.assumption import Assumption
from cxroi.questions import build_business_case, default_scenario
from cxroi.store.engine.engine import contract_of, query_names
from cxroi.ui.app.choices import choices
from cxroi.ui.app.current import current_evidence
from cxroi.ui.tables import words_table
from cxroi.view.share.method import FormulaGroup, ShownTable, register_assumptions


def assumptions_in_use() -> tuple[Assumption, ...]:
    """Return the assumptions of the reader's scenario; the register's own where no case can be worked out."""
    try:
        evidence = current_evidence()
        return build_business_case(evidence, choices().scenario or default_scenario(evidence)).assumptions
    except CxroiError:
        return register_assumptions()


def formulas(groups: tuple[FormulaGroup, ...], rule: ShownTable) -> None:
    """Draw the formulas group by group, then the rule of the verdict."""
    for group in groups:
        st.header(group.title)
        for row in group.rows:
            st.subheader(row.title)
            words, maths = st.columns([2, 3], gap="large")
            words.markdown(row.meaning)
            words.caption(row.source)
            maths.latex(row.latex)
    st.header(rule.title)
    st.markdown(rule.intro)
    for (sentence,) in rule.rows:
        st.markdown(f"- {sentence}")


def table(shown: ShownTable, *, titled: bool = False) -> None:
    """Draw one table with its sentence above."""
    if titled:
        st.header(shown.title)
    if shown.intro:
        st.markdown(shown.intro)
    words_table(shown.headings, shown.rows, caption="" if titled else shown.title, strong=True)


def queries() -> None:
    """Draw every query of the panel, folded."""
    for name in query_names():
        with st.expander(name):
            st.code(contract_of(name).sql, language="sql")
