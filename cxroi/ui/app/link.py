"""The scenario in the address: read once when the tab opens, written after every change, the same on every page."""

from __future__ import annotations

import streamlit as st

from cxroi.errors import LinkError
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import read_link, write_link
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.language import DIGITS_PARAMETER
from cxroi.ui.app.language import PARAMETER as LANGUAGE

PARAMETER, PLANS = "s", "plans"
MADE_ON, LOOKED_AT, KEPT = "v", "data", "scenario"  # versions of the data, and the id of a kept scenario
LETTERS = "ABC"
_PROBLEM = "link_problem"
_LONGEST_UNDO = 50


def settle_scenario(default: Scenario) -> Scenario:
    """Return the reader's scenario: what was chosen in this tab, else what the address says, else `default`."""
    chosen = choices().scenario
    if chosen is None:
        written = st.query_params.get(PARAMETER)
        link = read_link(written) if written is not None else None
        chosen = link.scenario if link else default
        choose(scenario=chosen)
        report_link(link.problem if link else None)
    write_address(chosen)
    return chosen


def change_scenario(scenario: Scenario) -> None:
    """Take a new scenario, remember the last one for undo, and write the address."""
    before = choices().scenario
    if before is None or scenario == before:
        return
    choose(scenario=scenario, earlier=(*choices().earlier, before)[-_LONGEST_UNDO:])
    report_link(None)
    write_address(scenario)


def saved_plans() -> tuple[tuple[str, Scenario], ...]:
    """Return the plans that the reader keeps beside the scenario, by letter: of this tab, else those in the address."""
    plans = choices().plans
    if plans is None:
        written = [(one[:1], read_link(one[1:])) for one in st.query_params.get(PLANS, "").split(",") if one]
        plans = tuple((letter, link.scenario) for letter, link in written if letter in LETTERS and link.problem is None)
        choose(plans=plans[: len(LETTERS)])
    return plans


def save_plan(scenario: Scenario) -> None:
    """Keep a plan under the first letter that is free; where none is, nothing changes."""
    plans = saved_plans()
    free = [letter for letter in LETTERS if letter not in dict(plans)]
    if free:
        _keep_plans(tuple(sorted((*plans, (free[0], scenario)), key=lambda plan: plan[0])))


def drop_plan(letter: str) -> None:
    """Keep a plan no longer."""
    _keep_plans(tuple(plan for plan in saved_plans() if plan[0] != letter))


def _keep_plans(plans: tuple[tuple[str, Scenario], ...]) -> None:
    choose(plans=plans)
    write_plans()


def write_plans() -> None:
    """Put the kept plans into the address unless they stand there already."""
    written = ",".join(f"{letter}{write_link(plan)}" for letter, plan in saved_plans())
    if not written:
        st.query_params.pop(PLANS, None)
    elif st.query_params.get(PLANS) != written:
        st.query_params[PLANS] = written


def undo() -> None:
    """Go back to the scenario before the last change."""
    *rest, last = choices().earlier or (choices().scenario,)
    if last is not None:
        choose(scenario=last, earlier=tuple(rest))
        write_address(last)


def write_address(scenario: Scenario) -> None:
    """Put the scenario into the address with the version of the data that it was seen on, unless they stand there already."""
    for name, value in ((PARAMETER, write_link(scenario)), (MADE_ON, choices().made_on or choices().shown)):
        if value is not None and st.query_params.get(name) != value:
            st.query_params[name] = value


def report_link(problem: LinkError | None) -> None:
    """Keep what was wrong with the link this tab was opened with, until the scenario is changed."""
    widgets()[_PROBLEM] = problem


def show_link_problem(text: Text) -> None:
    """Say what was wrong with the link, if anything was."""
    problem = widgets().get(_PROBLEM)
    if problem is not None:
        st.warning(text.error(problem, plain))


def short_link(id: str) -> str:
    """Return the address that opens a kept scenario of this workspace on What-if, in the reader's language."""
    language = st.query_params.get(LANGUAGE, "")
    page = (st.context.url or "").split("?")[0].rpartition("/")[0]
    return f"{page}/what-if?{KEPT}={id}&{LANGUAGE}={language}"


def whole_link() -> str:
    """Return the address of this page with the scenario in it."""
    kept = (LANGUAGE, DIGITS_PARAMETER, PARAMETER, PLANS, MADE_ON, LOOKED_AT, KEPT)
    query = "&".join(f"{name}={value}" for name, value in st.query_params.items() if name in kept)
    return f"{(st.context.url or '').split('?')[0]}?{query}"
