"""Kept scenarios side by side: which, against which base, with figures as they were kept or on the data in use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cxroi.errors import ScenarioError
from cxroi.export.chart_table import table_csv
from cxroi.model.kept_scenario import SavedScenario
from cxroi.questions import Evidence
from cxroi.questions.scenarios import ask_worth_beside, kept_figures
from cxroi.text import Text
from cxroi.text.plain import plain, shown
from cxroi.ui import markup
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.how import how_computed
from cxroi.ui.app.picks import picked
from cxroi.ui.decide.case import kept_case
from cxroi.view.decide.scenario_comparison import Compared, comparison, comparison_table

_PARAMETER, _BASE, _AT_FIRST = "beside", "compare-base", 3
_FIGURES = ("now", "kept")


def chosen_beside(there: Sequence[SavedScenario]) -> tuple[str, ...]:
    """Return the ids of those side by side, the base first: as chosen in this tab, else by the address, else the last few."""
    known = [one.id for one in there]
    if choices().beside is None:
        asked = st.query_params.get(_PARAMETER, "").split(",")
        choose(beside=tuple(id for id in asked if id in known) or _usual(there))
    beside = tuple(id for id in choices().beside or () if id in known)
    if len(beside) > 1:
        st.query_params[_PARAMETER] = ",".join(beside)
    else:
        st.query_params.pop(_PARAMETER, None)
    return beside


def side_by_side(chosen: Sequence[SavedScenario], evidence: Evidence, text: Text) -> None:
    """Draw the chosen scenarios beside their base."""
    st.html(markup.section(text("scenarios.compare.title")))
    if len(chosen) < 2:
        st.html(markup.line(text("scenarios.compare.lead")))
        return
    order = choices().beside or ()
    ordered = sorted(chosen, key=lambda one: order.index(one.id))
    names = {one.id: one.kept.name for one in ordered}
    with st.container(key="compare-picks", horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox(
            text("scenarios.compare.base"),
            list(names),
            format_func=lambda id: shown(names[id]),
            key=f"{_BASE}-{ordered[0].id}",
            on_change=_rebase,
            args=(f"{_BASE}-{ordered[0].id}", tuple(names)),
            width=320,
        )
        label = text("scenarios.compare.figures")
        as_kept = picked("figures", _FIGURES, lambda one: text(f"scenarios.compare.{one}"), label) == "kept"
    told = _as_kept(ordered) if as_kept else _on_data(ordered, evidence, text)
    view = comparison(told, text, as_kept=as_kept)
    words = (text("scenarios.compare.figure"), text("scenarios.compare.assumption"), text("scenarios.compare.same"))
    st.html(markup.scenarios_beside(view, words))
    markup.draw(markup.paragraphs(view.notes))
    how_computed("beside", text)
    st.download_button(
        text("chart.action.csv"),
        data=partial(_csv, told, text),
        file_name="cx-roi-scenarios.csv",
        mime="text/csv",
        key="scenarios-csv",
        on_click="ignore",
        type="tertiary",
    )


def _usual(there: Sequence[SavedScenario]) -> tuple[str, ...]:
    """Return the last few, after what was approved last."""
    approved = sorted((one for one in there if one.approval), key=lambda one: str(one.approval and one.approval.at))
    first = approved[-1:] or list(there[:_AT_FIRST])[-1:]
    return tuple(dict.fromkeys(one.id for one in (*first, *there[:_AT_FIRST])))


def _as_kept(ordered: Sequence[SavedScenario]) -> list[Compared]:
    return [Compared(saved=one, figures=one.kept.figures) for one in ordered]


def _on_data(ordered: Sequence[SavedScenario], evidence: Evidence, text: Text) -> list[Compared]:
    """Return the scenarios worked out on the data that are shown; one that these cannot reach has no figures."""
    base, told = ordered[0].kept.scenario, []
    for one in ordered:
        scenario = one.kept.scenario
        try:
            figures = kept_figures(kept_case(evidence, scenario))
            more = None if one is ordered[0] else ask_worth_beside(evidence, scenario, base)
            told.append(Compared(saved=one, figures=figures, more=more))
        except ScenarioError as error:
            reason = text.error(error, plain)
            st.warning(text("scenarios.compare.unreachable", name=plain(one.kept.name), reason=reason))
            told.append(Compared(saved=one, figures=None))
    return told


def _csv(told: Sequence[Compared], text: Text) -> bytes:
    return table_csv(comparison_table(told, text))


def _rebase(key: str, ids: tuple[str, ...]) -> None:
    base = widgets()[key]
    choose(beside=(base, *(id for id in ids if id != base)))
