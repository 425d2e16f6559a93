"""The command about customers by month: who comes, stays and goes, and what they bring and cost."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, opened, version_facts
from cxroi.export.json.customers import customers_json
from cxroi.questions.cohorts import ask_staying
from cxroi.questions.customer_months import ask_customer_months
from cxroi.questions.customers import ask_retention_points
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines, margin_notes
from cxroi.view.understand.customer_words import customers_words


def customers(choices: Namespace, text: Text) -> int:
    """Say who was active, joined and left, how much of the customers stays, and what they bring, cost and would bring if more stayed."""
    of = Slice(first=_month(choices.first_month), last=_month(choices.last_month), segment=choices.segment)
    if of.first and of.last and of.first > of.last:
        wrong_use("months_reversed", first=choices.first_month, last=choices.last_month)
    with opened(choices) as data:
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


def _month(given: str | None) -> date | None:
    try:
        return None if given is None else date.fromisoformat(f"{given}-01")
    except ValueError:
        wrong_use("month_of", given=given)
