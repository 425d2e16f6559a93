"""The business case of the reader's scenario, computed once for everybody who asks for the same one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from typing import Any, TypeVar, cast

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import LinkError, ScenarioError
from cxroi.model.decision.allocation import Allocation
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import write_link
from cxroi.questions import (
    BusinessCase,
    Evidence,
    Sensitivity,
    ask_what_matters,
    ask_where_to_spend,
    build_business_case,
    default_scenario,
)
from cxroi.ui.app.choices import choices, choose
from cxroi.ui.app.current import current_text
from cxroi.ui.app.link import change_scenario, report_link, settle_scenario, show_link_problem
from cxroi.ui.app.measures import timed_answer

_Value = TypeVar("_Value")
_CASES = 256  # a case holds figures, some 16 KB, and no draws (tests/questions/test_case.py): a few megabytes together


def current_case(evidence: Evidence) -> BusinessCase:
    """Return the business case of the reader's scenario on `evidence`, and say what was wrong with its link."""
    scenario = settle_scenario(default_scenario(evidence))
    try:
        case = kept_case(evidence, scenario)
    except ScenarioError:  # a link can hold an uplift that these data cannot reach
        scenario = replace(scenario, retention_uplift_pp=None)
        case = kept_case(evidence, scenario)
        choose(scenario=scenario)
        report_link(LinkError("link.out_of_range"))
    show_link_problem(current_text())
    return case


def chosen_case(evidence: Evidence) -> BusinessCase:
    """Return the business case of the scenario that `current_case` has settled, or that was chosen since."""
    return kept_case(evidence, choices().scenario or default_scenario(evidence))


def case_of_evidence(evidence: Evidence, case: BusinessCase) -> BusinessCase:
    """Return the case of the same prices and horizon whose plan is the evidence's own."""
    return kept_case(evidence, case.asked.without_plan)


def current_sensitivity(evidence: Evidence, case: BusinessCase) -> Sensitivity:
    """Return what moves the plan of a case; slow, so it is asked for only when somebody looks."""
    return _kept_sensitivity(scenario_key(evidence, case.asked), evidence, case.asked)


def current_allocation(evidence: Evidence, case: BusinessCase) -> Allocation:
    """Return the best division of today's budget under the assumptions of a case."""
    return ask_where_to_spend(evidence, case.asked)


def try_changes(evidence: Evidence, changes: dict[str, Any]) -> None:
    """Change the reader's scenario if the model has an answer to it; raises ScenarioError otherwise, and nothing has changed."""
    scenario = replace(choices().scenario or Scenario(), **changes)
    kept_case(evidence, scenario)
    change_scenario(scenario)


def kept_case(evidence: Evidence, scenario: Scenario) -> BusinessCase:
    """Return the case of a scenario, as it was worked out before or now; raises ScenarioError where its uplift cannot be reached."""
    return last_kept(evidence.cases, scenario, lambda: _built(evidence, scenario), most=_CASES)


def _built(evidence: Evidence, scenario: Scenario) -> BusinessCase:
    with timed_answer():
        return build_business_case(evidence, scenario)


def last_kept(
    kept: OrderedDict[Scenario, object], scenario: Scenario, make: Callable[[], _Value], *, most: int
) -> _Value:
    """Return what was made of a scenario, made now where it is new; the `most` last made stay, beside the data that they speak of."""
    known = kept.get(scenario)
    if known is not None:
        return cast("_Value", known)
    made = make()  # two threads may both make it; either is the same
    while len(kept) >= most:
        kept.popitem(last=False)
    kept[scenario] = made
    return made


def data_key(evidence: Evidence) -> str:
    """Return what everything said of the data depends on: the version, what currencies are worth, how spend is shared out."""
    rates = sorted(evidence.account.rates.items()) if evidence.account else ()
    panel = evidence.panel  # the same data, shared out otherwise, support cost counted once, another margin
    money = (panel.cx_spend, panel.support_cost, panel.contribution_margin)
    divided = blake2b(b"".join(one.tobytes() for one in money), digest_size=8).hexdigest()
    return f"{workspace_folder()} {evidence.data_version} {rates} {divided} {panel.currency}"


def scenario_key(evidence: Evidence, scenario: Scenario) -> str:
    """Return what a scenario's business case depends on."""
    return f"{data_key(evidence)} {write_link(scenario)}"


def _ask(key: str, _evidence: Evidence, _scenario: Scenario) -> Sensitivity:
    """Ask by one string, because Streamlit's cache can take two lists of arguments for one."""
    return ask_what_matters(_evidence, _scenario)


_kept_sensitivity: Callable[[str, Evidence, Scenario], Sensitivity]
_kept_sensitivity = st.cache_resource(max_entries=64, show_spinner=False)(_ask)
