"""What the page "Where to invest" asks: slow questions, each answered once for everybody and kept with the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import StoreError
from cxroi.model.decision.allocation import Allocation
from cxroi.model.satisfaction.drivers import Drivers
from cxroi.model.scenario import Scenario
from cxroi.questions import BusinessCase, Evidence, ask_where_to_spend, open_version
from cxroi.questions.allocation import Ask, segment_bounds
from cxroi.questions.customers import CustomerWorth, ask_customer_worth
from cxroi.questions.line_evidence import LineEvidence, gather_lines
from cxroi.questions.line_standing import LineStanding, protected_bounds, standings
from cxroi.questions.lines import LineReport, ask_where_between_lines, judge_lines, line_bounds
from cxroi.questions.promises import Promise, gather_promises
from cxroi.questions.satisfaction import ask_drivers
from cxroi.ui.app.asked import as_seen
from cxroi.ui.decide.case import data_key, last_kept, scenario_key

_REPORTS = 64


def current_division(evidence: Evidence, case: BusinessCase, asked: Scenario, ask: Ask) -> Allocation:
    """Return where the money should go under the prices and horizon of a case, and in the steps of the plan that is asked."""
    return _kept_divisions(f"{scenario_key(evidence, asked)} {ask}", evidence, case, asked, ask)


def current_bounds(evidence: Evidence, case: BusinessCase, part: str) -> Mapping[str, tuple[float, float]]:
    """Return the limits of every part as they are unless a person sets others, percent of today's."""
    if part == "segment":
        return segment_bounds(evidence)
    lines = _kept_lines(data_key(evidence), evidence)
    seen = {name: line_bounds(evidence, lines, name) for name in lines.names}
    return {**seen, **_protected(evidence, case, lines)}


def current_standings(evidence: Evidence, case: BusinessCase) -> tuple[LineStanding, ...]:
    """Return where every line and initiative stands; none where the data name neither."""
    promises = _kept_promises(data_key(evidence), evidence)
    return standings(_report(evidence, case), promises, as_of=evidence.panel.last_day)


def current_drivers(evidence: Evidence) -> Drivers:
    """Return which touchpoints move customers; raises StoreError or ModelError where the answers cannot say."""
    return as_seen(_kept_drivers(data_key(evidence), evidence))


def current_worth(evidence: Evidence, case: BusinessCase) -> CustomerWorth:
    """Return what customers are worth by segment over the horizon of a case."""
    scenario = case.scenario
    how = (scenario.horizon_months, scenario.annual_discount_rate)
    return as_seen(_kept_worth(f"{data_key(evidence)} {how}", evidence, *how))


def _report(evidence: Evidence, case: BusinessCase) -> LineReport | None:
    """Return the verdict on every line, None where the data name none."""
    try:
        lines = _kept_lines(data_key(evidence), evidence)
    except StoreError as error:
        if not error.id.startswith("store.lines."):
            raise
        return None
    return last_kept(lines.reports, case.asked, lambda: judge_lines(evidence, lines, case.asked), most=_REPORTS)


def _divide(key: str, _evidence: Evidence, _case: BusinessCase, _asked: Scenario, _ask: Ask) -> Allocation:
    """Divide by one string, because Streamlit's cache can take two lists of arguments for one."""
    if _ask.part == "segment":
        return ask_where_to_spend(_evidence, _asked, **_ask.facts)
    lines = _kept_lines(data_key(_evidence), _evidence)
    kept = _protected(_evidence, _case, lines)
    return ask_where_between_lines(_evidence, lines, _asked, **_ask.facts, kept_bounds=kept)


def _protected(evidence: Evidence, case: BusinessCase, lines: LineEvidence) -> Mapping[str, tuple[float, float]]:
    return protected_bounds(current_standings(evidence, case), evidence, lines)


def _gather(key: str, _evidence: Evidence) -> LineEvidence:
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return gather_lines(data, _evidence)


def _promise(key: str, _evidence: Evidence) -> tuple[Promise, ...]:
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return gather_promises(data, _evidence)


def _drive(key: str, _evidence: Evidence) -> Drivers:
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return ask_drivers(data)


def _value(key: str, _evidence: Evidence, _months: int, _rate: float) -> CustomerWorth:
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return ask_customer_worth(data, horizon_months=_months, annual_discount_rate=_rate)


_kept_divisions: Callable[[str, Evidence, BusinessCase, Scenario, Ask], Allocation]
_kept_divisions = st.cache_resource(max_entries=64, show_spinner=False)(_divide)
_kept_lines: Callable[[str, Evidence], LineEvidence]
_kept_lines = st.cache_resource(max_entries=4, show_spinner=False)(_gather)
_kept_promises: Callable[[str, Evidence], tuple[Promise, ...]]
_kept_promises = st.cache_resource(max_entries=4, show_spinner=False)(_promise)
_kept_drivers: Callable[[str, Evidence], Drivers]
_kept_drivers = st.cache_resource(max_entries=4, show_spinner=False)(_drive)
_kept_worth: Callable[[str, Evidence, int, float], CustomerWorth]
_kept_worth = st.cache_resource(max_entries=16, show_spinner=False)(_value)
