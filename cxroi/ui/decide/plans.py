"""The plans that a reader keeps, beside the one under the hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import streamlit as st

from cxroi.errors import ScenarioError
from cxroi.questions import BusinessCase, Evidence
from cxroi.questions.sweep import Stop, safe_plan, stop_of_case
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.how import how_computed
from cxroi.ui.app.link import change_scenario, drop_plan, saved_plans
from cxroi.ui.decide.case import kept_case
from cxroi.view.decide.plans import plan_table


def kept_stops(evidence: Evidence) -> Iterator[tuple[str, Stop]]:
    """Yield what is said first of each plan that is kept, by letter; one that these data cannot reach is left out."""
    for letter, plan in saved_plans():
        with suppress(ScenarioError):
            yield letter, stop_of_case(kept_case(evidence, plan))


def compare_plans(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw the plans side by side, with the ways to open or drop those that are kept."""
    supported, plan = safe_plan(case), stop_of_case(case)
    safe = None if supported is None else stop_of_case(kept_case(evidence, supported))
    kept = tuple(kept_stops(evidence))
    view = plan_table(case, plan, kept, safe, text)
    st.html(markup.section(view.title))
    st.html(markup.plans(view))
    how_computed("plans", text)
    if not saved_plans():
        return
    with st.container(horizontal=True, gap="small", key="kept-plans"):
        for letter, saved in saved_plans():
            if letter in dict(kept):
                st.button(
                    text("page.what_if.plans.open", letter=letter),
                    key=f"open_{letter}",
                    on_click=change_scenario,
                    args=(saved,),
                )
            st.button(
                text("page.what_if.plans.remove", letter=letter),
                key=f"drop_{letter}",
                on_click=drop_plan,
                args=(letter,),
            )
