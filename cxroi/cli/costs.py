"""The command about the cost ledger: what was spent, against its budget, and from the files to the verdict."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from cxroi.actions.rates import read_month
from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, opened, version_facts
from cxroi.export.json.costs import costs_json
from cxroi.questions.costs import ask_cost_book, ask_costs
from cxroi.questions.slice import Slice, ask_choosable
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.understand.cost_book import book_view, book_words
from cxroi.view.understand.costs import cost_view, cost_words


def costs(choices: Namespace, text: Text) -> int:
    """Say what the ledger was spent on, how that stands beside its budget, and where every unit of it went."""
    first, last = (_month(month) for month in (choices.from_month, choices.until))
    with opened(choices) as data:
        known = ask_choosable(data)
        if known is not None and (first or last):
            first, last = first or known.first, last or known.last
        about = Slice(first=first, last=last, segment=choices.segment, touchpoint=choices.touchpoint)
        cut, book = ask_costs(data, choices.by, choices.counts, about), ask_cost_book(data)
    words = [*cost_words(cost_view(cut, book, about, text)), "", *book_words(book_view(book, text))]
    answer(
        choices,
        {**version_facts(data), **costs_json(cut, book)},
        [*illustrative_lines(data.version.illustrative, text), *words],
    )
    return 0


def _month(words: str | None) -> date | None:
    if not words:
        return None
    month = read_month(words)
    if not month:
        wrong_use("costs_month", given=words)
    return date.fromisoformat(f"{month}-01")
