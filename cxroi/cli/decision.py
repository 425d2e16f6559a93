"""Commands about the decision: where the company stands, and what a plan is worth."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from cxroi.cli.decision_words import baseline_lines, case_lines, tei_lines
from cxroi.cli.scenario_file import scenario_changes
from cxroi.cli.shared import answer, current_version, workspace_of
from cxroi.store.panel import read_panel
from cxroi.text import Text
from cxroi.view.report_json import baseline_json, evaluation_json, tei_json

if TYPE_CHECKING:
    from cxroi.business_case import Evidence
    from cxroi.model.scenario import Scenario


def baseline(choices: Namespace, text: Text) -> int:
    """Say where each segment stands today."""
    version = current_version(workspace_of(choices))
    from cxroi.model.baseline import measure_baseline

    measured = measure_baseline(read_panel(version))
    facts = {"data_version": version.id, "illustrative": version.illustrative, **baseline_json(measured)}
    answer(choices, facts, baseline_lines(measured, version.illustrative, text))
    return 0


def evaluate(choices: Namespace, text: Text) -> int:
    """Judge today's spend and value a plan against it."""
    evidence, scenario = evidence_and_scenario(choices)
    from cxroi.business_case import build_business_case
    from cxroi.cli.lines import line_words, lines_of
    from cxroi.view.lines_json import lines_json

    case = build_business_case(evidence, scenario)
    lines = lines_of(workspace_of(choices).folder, evidence, scenario)
    by_line = None if lines is None else lines_json(lines, case.currency, text, scenario.hurdle_net_return)
    words = case_lines(case, text, [] if lines is None else [*line_words(lines, text), ""])
    answer(choices, {**evaluation_json(case, text), "lines": by_line}, words)
    return 0


def tei(choices: Namespace, text: Text) -> int:
    """Show the plan by year, as a Total Economic Impact table."""
    evidence, scenario = evidence_and_scenario(choices)
    from cxroi.business_case import tei_view

    table, currency = tei_view(evidence, scenario), scenario.currency or evidence.panel.currency
    facts = {"data_version": evidence.data_version, "illustrative": evidence.illustrative, **tei_json(table, currency)}
    answer(choices, facts, tei_lines(table, currency, evidence.illustrative, text))
    return 0


def evidence_and_scenario(choices: Namespace) -> tuple[Evidence, Scenario]:
    """Return the evidence of the current version, and the scenario that the choices make of it."""
    changes = scenario_changes(choices)
    workspace = workspace_of(choices)
    version = current_version(workspace)
    from cxroi.business_case import default_scenario, gather

    evidence = gather(workspace.folder, version.id)
    return evidence, changes.applied_to(default_scenario(evidence))
