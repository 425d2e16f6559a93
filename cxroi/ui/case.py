"""The evidence of the current data and the business case of the reader's scenario, each computed once for everybody."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cxroi.business_case import BusinessCase, Evidence, build_business_case, default_scenario, gather
from cxroi.errors import CxroiError
from cxroi.model.scenario import Scenario
from cxroi.store.sample import load_sample
from cxroi.store.snapshots import Workspace
from cxroi.text import Text
from cxroi.ui.current import workspace_folder
from cxroi.ui.link import link_problem, settle_scenario
from cxroi.view.link import write_link


def current_evidence() -> Evidence:
    """Return the evidence of the current version; a workspace that never had one starts with the sample company."""
    workspace = Workspace.open(workspace_folder())
    version = workspace.current() or load_sample(workspace)
    return _kept_evidence(f"{workspace.folder} {version.id}", workspace, version.id)


def evidence_scenario() -> Scenario:
    """Return the scenario in which everything is what the evidence says."""
    return default_scenario(current_evidence())


def current_case() -> BusinessCase:
    """Return the business case of the reader's scenario on the current data."""
    evidence = current_evidence()
    scenario = settle_scenario(default_scenario(evidence))
    return _kept_case(f"{workspace_folder()} {evidence.data_version} {write_link(scenario)}", evidence, scenario)


def open_case(text: Text) -> BusinessCase:
    """Return the current case, or show the sentence that says why there is none and end the page."""
    try:
        case = current_case()
    except CxroiError as error:
        st.info(text("decide.no_case", reason=text.error(error)))
        st.stop()
    problem = link_problem()
    if problem is not None:
        st.warning(text.error(problem))
    return case


# Keyed by one string: Streamlit would otherwise hash what it is given, and may give two arguments one key.
def _read_evidence(key: str, _workspace: Workspace, _version: str) -> Evidence:
    return gather(_workspace.folder, _version)


def _build_case(key: str, _evidence: Evidence, _scenario: Scenario) -> BusinessCase:
    return build_business_case(_evidence, _scenario)


_kept_evidence: Callable[[str, Workspace, str], Evidence]
_kept_evidence = st.cache_resource(max_entries=4, show_spinner=False)(_read_evidence)
_kept_case: Callable[[str, Evidence, Scenario], BusinessCase]
_kept_case = st.cache_resource(max_entries=256, show_spinner=False)(_build_case)
