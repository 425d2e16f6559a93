"""Which lines of a ledger are customer experience, asked at the terminal: a list by name, and numbers as the answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from cxroi.cli.layout import inert_line
from cxroi.intake.report import IntakeReport, IntakeRequest, LedgerName
from cxroi.text import Text
from cxroi.view.data.cx_lines import answered, columns_of_names, open_name_words, open_names


def are_asked(reports: Sequence[IntakeReport]) -> bool:
    """Return whether all that keeps some ledger out is that nobody has said which of its lines are customer experience."""
    return any(report.message == "upload.cx_lines" for report in reports)


def ask_which(reports: Sequence[IntakeReport], request: IntakeRequest, text: Text) -> IntakeRequest | None:
    """List the names of the lines that are open and return the request with what a person says of them, None where they say nothing."""
    for report in (one for one in reports if one.message == "upload.cx_lines"):
        (column, *_) = columns_of_names(report)
        names = open_names(report, column)
        for place, one in enumerate(names, 1):
            print(inert_line(f"{place:4}. {open_name_words(one, report, text)}"), file=sys.stderr)
        chosen = _answer(names, text)
        if chosen is None:
            return None
        if len(chosen) == len(names):
            request = replace(request, other_lines="cx")
        else:
            rules = answered(names, {one.name for one in chosen})
            request = replace(request, ledger_rules=tuple(dict.fromkeys((*request.ledger_rules, *rules))))
    return request


def _answer(names: Sequence[LedgerName], text: Text) -> list[LedgerName] | None:
    while True:
        print(text("cx_lines.ask"), end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline()
        if not typed.strip():
            return None
        try:
            return [names[place] for place in places(typed, len(names))]
        except ValueError:
            print(text("cx_lines.ask_what"), file=sys.stderr)


def places(typed: str, count: int) -> list[int]:
    """Return the places, from 0, that are meant by numbers, ranges, "all" or "none". Raises ValueError for anything else.

    >>> places("1, 3-4", 5), places("all", 2), places("none", 2)
    ([0, 2, 3], [0, 1], [])
    """
    word = typed.strip().casefold()
    if word in ("all", "none"):
        return list(range(count)) if word == "all" else []
    found: set[int] = set()
    for part in word.replace("،", ",").split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first) - 1, int(last or first)))
    if not found or min(found) < 0 or max(found) >= count:
        raise ValueError
    return sorted(found)
