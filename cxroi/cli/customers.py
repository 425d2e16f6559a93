"""The command about customers: how long they stay, and what one is worth over the years."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.export.json.customers import worth_json
from cxroi.questions.customers import ask_customer_worth
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines, margin_notes
from cxroi.view.understand.customers import worth_words


def value(choices: Namespace, text: Text) -> int:
    """Say how long customers stay and what one is worth over the horizon: discounted margin less support cost."""
    horizon, rate = choices.horizon_months, choices.annual_discount_rate
    with opened(choices) as data:
        found = ask_customer_worth(data, horizon_months=horizon, annual_discount_rate=rate)
        panel = data.panel_without_costs
    facts = {**version_facts(data), **worth_json(found)}
    words = [*worth_words(found, text), *margin_notes(panel, text)]
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0
