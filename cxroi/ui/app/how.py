"""How what is shown is computed: a quiet word below it that opens its formulas, their assumptions, and the queries behind it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.questions import build_business_case, default_scenario
from cxroi.store.engine.engine import contract_of
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.ui.app.choices import choices
from cxroi.ui.app.current import current_evidence, current_text
from cxroi.ui.app.language import PARAMETER
from cxroi.ui.tables import words_table
from cxroi.view.share.computed import computed_view
from cxroi.view.share.method import FormulaRow, InUse, ShownTable, in_use_of, register_in_use


def how_computed(name: str, text: Text) -> None:
    """Offer how what is shown under a name is computed, in a row of its own."""
    with st.container(key=f"take-along-how-{name}", horizontal=True):
        how_button(name, text)


def how_button(name: str, text: Text) -> None:
    """Offer the same in a row that is there; it is worked out when somebody asks."""
    if st.button(text("computed.title"), key=f"{name}-how", help=text("computed.help"), type="tertiary"):
        st.dialog(text("computed.title"), width="large")(_explained)(name)


def _explained(name: str) -> None:
    text = current_text()
    view = computed_view(name, in_use, text)
    for row in view.formulas:
        st.subheader(f"[{row.title}](./method?{PARAMETER}={text.language}#{row.id})", anchor=False)
        formula(row)
    for shown in view.assumptions:
        st.subheader(shown.title, anchor=False)
        table(shown)
    st.subheader(view.queries_title, anchor=False)
    st.caption(view.queries_intro)
    queries(view.queries)


def in_use() -> InUse:
    """Return the assumptions of the reader's scenario; the register's own where no case can be worked out."""
    try:
        evidence = current_evidence()
        case = build_business_case(evidence, choices().scenario or default_scenario(evidence))
        return in_use_of(case, State.open(workspace_folder()).audit())
    except CxroiError:
        return register_in_use()


def formula(row: FormulaRow) -> None:
    """Draw one formula: its words beside its signs."""
    words, maths = st.columns([2, 3], gap="large")
    words.markdown(row.meaning)
    words.caption(row.source)
    maths.latex(row.latex)


def table(shown: ShownTable, *, titled: bool = False) -> None:
    """Draw one table with its sentence above."""
    if titled:
        st.header(shown.title, anchor=shown.id)
    if shown.intro:
        st.markdown(shown.intro)
    words_table(shown.headings, shown.rows, caption="" if titled else shown.title, strong=True)


def queries(names: Iterable[str]) -> None:
    """Draw queries, folded; each begins with its contract."""
    for name in names:
        with st.expander(name):
            st.code(contract_of(name).sql, language="sql")
