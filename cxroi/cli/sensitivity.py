"""The command that says what moves a plan's value."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, version_facts
from cxroi.cli.scenario_file import evidence_and_scenario
from cxroi.export.json.sensitivity import sensitivity_json
from cxroi.questions import ask_what_matters
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.decide.sensitivity import sensitivity_words


def sensitivity(choices: Namespace, text: Text) -> int:
    """Say which inputs move the plan's net present value, where it turns, and what is worth knowing."""
    with evidence_and_scenario(choices) as (data, evidence, scenario):
        found, currency = ask_what_matters(evidence, scenario), scenario.currency or evidence.panel.currency
    facts = {**version_facts(data), **sensitivity_json(found, currency)}
    words = sensitivity_words(found, currency, text)
    answer(choices, facts, [*illustrative_lines(evidence.illustrative, text), *words])
    return 0
