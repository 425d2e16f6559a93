"""Commands about the decision: where the company stands, and what a plan is worth."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.cli.scenario_file import evidence_and_scenario, scenario_changes
from cxroi.export.json.case import baseline_json, evaluation_json, tei_json
from cxroi.text import Text
from cxroi.view.decide.report import baseline_lines, case_lines, tei_lines


def baseline(choices: Namespace, text: Text) -> int:
    """Say where each segment stands today."""
    with opened(choices) as data:
        measured, panel = data.baseline, data.panel_without_costs
    facts = {**version_facts(data), **baseline_json(measured)}
    answer(choices, facts, baseline_lines(measured, panel, data.version.illustrative, text))
    return 0


def evaluate(choices: Namespace, text: Text) -> int:
    """Judge today's spend and value a plan against it."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.export.json.lines import lines_json
        from cxroi.questions import case_of, default_scenario
        from cxroi.questions.lines import lines_where_named
        from cxroi.view.decide.lines import line_words
        from cxroi.view.prove.events import event_lines

        scenario = changes.applied_to(default_scenario(data))
        case, lines = case_of(data, scenario), lines_where_named(data, scenario)
    by_line = None if lines is None else lines_json(lines, case.currency, text, scenario.hurdle_net_return)
    between = [] if lines is None else [*line_words(lines, text.counting(case.currency)), ""]
    told = event_lines(case.events, text)
    words = case_lines(case, text, [*between, *told, *([""] if told else [])])
    answer(choices, {**evaluation_json(case, text), "lines": by_line}, words)
    return 0


def tei(choices: Namespace, text: Text) -> int:
    """Show the plan by year, as a Total Economic Impact table."""
    with evidence_and_scenario(choices) as (data, evidence, scenario):
        from cxroi.questions import build_business_case, tei_view

        table, case = tei_view(evidence, scenario), build_business_case(evidence, scenario)
    facts = {**version_facts(data), **tei_json(table, case.currency)}
    answer(choices, facts, tei_lines(table, case, text))
    return 0


def evidence(choices: Namespace, text: Text) -> int:
    """Say what stands behind the verdict: what the months say, whether the model would make them, and every verdict so far."""
    from cxroi.export.json.evidence import evidence_json
    from cxroi.questions import case_of, default_scenario
    from cxroi.questions.shown_evidence import ask_shown_evidence
    from cxroi.questions.verdict_history import ask_verdict_history
    from cxroi.view.prove.evidence_lines import evidence_lines

    with opened(choices) as data:
        case = case_of(data, default_scenario(data))
        shown, history = ask_shown_evidence(data), ask_verdict_history(data, choices.every_version)
    facts = {**version_facts(data), **evidence_json(case, shown, history, text)}
    answer(choices, facts, evidence_lines(case, shown, history, text))
    return 0
