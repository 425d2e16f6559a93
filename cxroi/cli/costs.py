"""The command about the cost ledger: what was spent, against its budget, and from the files to the verdict."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.cli.slicing import chosen_slice
from cxroi.export.json.costs import costs_json
from cxroi.questions.costs import ask_cost_book, ask_cost_lines, ask_costs
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.table import table_words
from cxroi.view.understand.cost_book import book_view, book_words
from cxroi.view.understand.costs import cost_view, cost_words, lines_table, lines_title


def costs(choices: Namespace, text: Text) -> int:
    """Say what the ledger was spent on, how that stands beside its budget, and where every unit of it went."""
    with opened(choices) as data:
        about = chosen_slice(choices, data)
        cut, book = ask_costs(data, choices.by, choices.counts, about), ask_cost_book(data)
        lines = ask_cost_lines(data, choices.counts, about, choices.lines)
    words = [*cost_words(cost_view(cut, book, about, text)), "", *book_words(book_view(book, text))]
    if lines.lines:
        words += ["", lines_title(lines, text), "", *table_words(lines_table(lines, text))]
    answer(
        choices,
        {**version_facts(data), **costs_json(cut, book, lines)},
        [*illustrative_lines(data.version.illustrative, text), *words],
    )
    return 0
