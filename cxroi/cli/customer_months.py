"""The command about customers by month: who comes, stays and goes, and what they bring and cost."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.cli.slicing import chosen_slice
from cxroi.export.json.customers import customers_json
from cxroi.questions.cohorts import ask_staying
from cxroi.questions.customer_months import ask_customer_months
from cxroi.questions.customers import ask_retention_points
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines, margin_notes
from cxroi.view.understand.customer_words import customers_words


def customers(choices: Namespace, text: Text) -> int:
    """Say who was active, joined and left, how much of the customers stays, and what they bring, cost and would bring if more stayed."""
    with opened(choices) as data:
        of = chosen_slice(choices, data)
        months, staying = ask_customer_months(data, of), ask_staying(data, of.segment)
        points = ask_retention_points(data, of.segment, choices.horizon_months, choices.annual_discount_rate)
        panel = data.panel_without_costs
    facts = {**version_facts(data), **customers_json(months, staying, points)}
    words = customers_words(months, staying, points, text)
    answer(
        choices,
        facts,
        [*illustrative_lines(data.version.illustrative, text), *words, *margin_notes(panel, text)],
    )
    return 0
