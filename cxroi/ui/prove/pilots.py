"""The parts of the Pilots page: where a test is worth most, one that is designed here, its two groups, and what finished ones have shown."""

from __future__ import annotations

from functools import partial

import streamlit as st

from cxroi.access.roles import FINANCE
from cxroi.errors import CxroiError
from cxroi.export.pilot_lists import group_list, list_name
from cxroi.model.company.segments import WHOLE
from cxroi.model.pilots.pilot import PilotOutcome
from cxroi.questions import BusinessCase, Evidence
from cxroi.questions.pilot_groups import DrawnGroups, GroupsWish, ask_groups, ask_regions, ask_where_to_test
from cxroi.questions.pilots import PilotPlan, PilotWish, plan_pilot, read_uploaded_pilots
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import may_do
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.how import how_computed
from cxroi.ui.picture import show_table
from cxroi.view.data_notes import data_notes
from cxroi.view.figure import segment_name
from cxroi.view.prove.pilot_page import design_view, groups_figures, where_to_test
from cxroi.view.prove.pilots import uploaded_words
from cxroi.view.ranged import PageAnswer

_OUTCOMES = (PilotOutcome.CHURN, PilotOutcome.MARGIN, PilotOutcome.SUPPORT)
_KINDS = {"more": 150.0, "cut": 70.0, "dark": 0.0}
_UNITS = ("customers", "regions", "branches")
_SEED = 2026


def worth_testing(evidence: Evidence, text: Text) -> None:
    """Draw where a test is worth most."""
    found = asked(ask_where_to_test)
    view = where_to_test(found, evidence.panel.currency, text)
    answer = PageAnswer(
        question=text("pilots.title"), finding=view.finding, lead=(view.kicker, *view.lead), figures=view.figures
    )
    st.html(markup.page_answer(answer))
    how_computed("tests", text)
    with st.expander(view.table.section):
        st.html(markup.finding(view.table.title))
        show_table("where-to-test", view.table.table, text, caption=view.table.title)
        st.html(markup.source(view.table.caption))


def designed_here(evidence: Evidence, text: Text) -> None:
    """Draw the choices of a design, what it asks for and shows, and its two groups."""
    st.html(markup.section(text("pilots.design_section")))
    asked_for, answer = st.columns([2, 3], gap="large")
    with asked_for:
        wish, regions = _wish(evidence, text)
    try:
        plan = asked(plan_pilot, wish)
    except CxroiError as error:
        answer.warning(text.error(error, plain))
        return
    view = design_view(plan, text)
    with answer:
        st.html(markup.finding_line(view.finding))
        st.html(markup.ranged(view.figures))
        markup.draw(*map(markup.line, view.lines))
        how_computed("pilot-design", text)
    with st.expander(view.table.title):
        show_table("pilot-options", view.table.table, text, caption=view.table.title)
        st.html(markup.source(view.table.caption))
    st.html(markup.section(text("pilots.groups.section")))
    _groups(plan, regions, evidence.panel.currency, text)


def _wish(evidence: Evidence, text: Text) -> tuple[PilotWish, bool]:
    """Draw the choices and return what is wished for, and whether whole regions of the data are drawn."""
    names = [one.segment for one in evidence.baseline.segments]
    chosen = st.selectbox(
        text("pilots.ask.segment"),
        [WHOLE, *names] if len(names) > 1 else [WHOLE],
        format_func=lambda name: segment_name(name, text),
        key="pilot-segment",
    )
    segment = None if chosen == WHOLE else chosen
    kind = st.segmented_control(
        text("pilots.ask.kind"),
        list(_KINDS),
        default="more",
        format_func=lambda name: text(f"pilots.kind.{name}"),
        key="pilot-kind",
        required=True,
    )
    level = _KINDS[kind]
    if kind != "dark":
        low, high = (101.0, 300.0) if kind == "more" else (1.0, 99.0)
        level = st.number_input(
            text("pilots.ask.level"), low, high, level, 5.0, key=f"pilot-level-{kind}", format="%.0f"
        )
    outcome = st.selectbox(
        text("pilots.ask.outcome"), _OUTCOMES, format_func=lambda one: text(f"pilot.outcome.{one}"), key="pilot-outcome"
    )
    points = outcome is PilotOutcome.CHURN
    size = st.number_input(
        text(f"pilots.ask.{'points' if points else 'percent'}"),
        0.1,
        50.0,
        2.0 if points else 5.0,
        0.5,
        key=f"pilot-size-{outcome}",
        format="%.1f",
    )
    better = kind == "more"
    change = size if better is (outcome is not PilotOutcome.SUPPORT) else -size
    unit = st.segmented_control(
        text("pilots.ask.unit"),
        list(_UNITS),
        default="customers",
        format_func=lambda name: text(f"pilots.unit.{name}"),
        key="pilot-unit",
        required=True,
    )
    branches, variation = _branches(unit, segment, text)
    return (
        PilotWish(
            outcome=outcome,
            segment=segment,
            uplift_pp=change if points else None,
            change_percent=None if points else change,
            level_percent=level,
            branches=branches,
            size_variation=variation,
        ),
        unit == "regions",
    )


def _branches(unit: str, segment: str | None, text: Text) -> tuple[int | None, float]:
    """Return how many branches or regions are drawn from, and how much their sizes vary; none where customers are drawn."""
    if unit == "regions":
        found = asked(ask_regions, segment)
        st.caption(text("pilots.regions", count=len(found.sizes)))
        return max(len(found.sizes), 1), found.variation
    if unit == "branches":
        count = st.number_input(text("pilots.ask.branches"), 2, 100_000, 40, key="pilot-branches")
        percent = st.number_input(text("pilots.ask.variation"), 0, 300, 50, 10, key="pilot-variation")
        return int(count), percent / 100
    return None, 0.0


def _groups(plan: PilotPlan, regions: bool, currency: str, text: Text) -> None:
    """Draw what two groups need, and once somebody asks the groups themselves: how alike they are, and both lists."""
    if plan.wish.branches is not None and not regions:
        st.html(markup.line(text("pilots.groups.no_branches")))
        return
    if not may_do(FINANCE):
        st.html(markup.line(text("access.for_finance")))
        return
    per_group = plan.design.branches_per_group if regions else plan.design.customers_per_group
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        seed = st.number_input(text("pilots.groups.seed"), 0, 2**31 - 1, _SEED, key="pilot-seed", width=220)
        st.button(text("pilots.groups.draw"), key="pilot-draw", type="primary", on_click=_draw)
    st.html(markup.source(text("pilots.groups.why_seed")))
    if not widgets().get("pilot-drawn"):
        return
    wish = GroupsWish(per_group=int(per_group or 0), seed=int(seed), segment=plan.wish.segment, by_region=regions)
    try:
        drawn = asked(ask_groups, wish)
    except CxroiError as error:
        st.warning(text.error(error, plain))
        return
    view = groups_figures(drawn, currency, text)
    st.html(markup.finding(view.title))
    show_table("pilot-groups", view.table, text, caption=view.title)
    _lists(drawn, text)
    st.html(markup.source(view.caption))


def _draw() -> None:
    widgets()["pilot-drawn"] = True


def _lists(drawn: DrawnGroups, text: Text) -> None:
    """Offer both lists, each as a file of its own."""
    with st.container(key="pilot-lists", horizontal=True, gap="small"):
        for group in ("treated", "control"):
            st.download_button(
                text(f"pilots.groups.download_{group}"),
                data=partial(group_list, drawn, (group,)),
                file_name=list_name(drawn, group),
                mime="text/csv",
                key=f"pilot-list-{group}",
                on_click="ignore",
            )


def shown_so_far(case: BusinessCase, text: Text) -> None:
    """Draw what uploaded pilots have shown, whether each counts in the verdict, and the way to load a result."""
    st.html(markup.section(text("pilots.shown_section")))
    try:
        found = asked(read_uploaded_pilots)
    except CxroiError:
        missing_part("pilots.none_loaded", "pilots")
        return
    counted = (note.sentence for note in data_notes(case, text) if ".pilot_" in note.id)
    markup.draw(*map(markup.line, (*uploaded_words(found, text), *counted)))
    how_computed("pilots-shown", text)
    st.page_link(page_path("upload"), label=text("pilots.load_result"), width="content")
