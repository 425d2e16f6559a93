"""Commands about what is behind the verdict: what customers say, who was heard, and what goes with leaving."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.export.json.satisfaction import drivers_json, scores_json
from cxroi.questions.satisfaction import ask_drivers, ask_scores
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.understand.satisfaction import driver_words, score_words


def scores(choices: Namespace, text: Text) -> int:
    """Say what customers answer, by what they were asked about, and whether that can be trusted."""
    with opened(choices) as data:
        found = ask_scores(data)
    facts = {**version_facts(data), **scores_json(found)}
    words = score_words(found, choices.by, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0


def drivers(choices: Namespace, text: Text) -> int:
    """Say which touchpoints go with leaving (or with ordering again), and which links not to believe."""
    with opened(choices) as data:
        found = ask_drivers(data, within_months=choices.within_months, outcome=choices.outcome)
        currency = data.panel_without_costs.currency
    facts = {**version_facts(data), **drivers_json(found, currency, text)}
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *driver_words(found, text)])
    return 0
