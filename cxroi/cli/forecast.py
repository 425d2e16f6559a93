"""The command that says what is coming anyway."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.export.json.forecast import outlook_json
from cxroi.questions.forecast import ask_outlook
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.understand.forecast import forecast_words


def forecast(choices: Namespace, text: Text) -> int:
    """Say what the next month, quarter and year bring without the plan, and what stands out."""
    with opened(choices) as data:
        found, currency = ask_outlook(data, choices.segment), data.panel_without_costs.currency
    facts = {**version_facts(data), **outlook_json(found, choices.segment, currency, text)}
    words = forecast_words(found, currency, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0
