"""The same money, divided better: the headline of the allocation."""

from __future__ import annotations

from cxroi.business_case import BusinessCase
from cxroi.model.allocation import Allocation, Move
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import money, money_range

_NOTEWORTHY = 0.02  # of the budget: a smaller move is not named


def allocation_headline(case: BusinessCase, allocation: Allocation, text: Text) -> str:
    """Return one sentence: what dividing today's budget better is worth, and between whom it moves."""
    least = _NOTEWORTHY * allocation.today_spend
    moves = sorted(allocation.moves, key=_change)
    givers = [move.segment for move in moves if _change(move) < -least]
    takers = [move.segment for move in reversed(moves) if _change(move) > least]
    if not givers or not takers or allocation.gain.mid < case.verdict.materiality:
        return text("page.overview.allocation.settled")
    return text(
        "page.overview.allocation.move",
        gain=money(allocation.gain.mid, case.currency, text),
        range=money_range(allocation.gain, case.currency, text),
        givers=_listed(givers, text),
        takers=_listed(takers, text),
    )


def _change(move: Move) -> float:
    return move.spend - move.today_spend


def _listed(names: list[str], text: Text) -> str:
    return text("chart.list_comma").join(shown(name) for name in names)
