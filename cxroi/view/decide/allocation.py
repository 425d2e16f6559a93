"""The same money, divided better: the headline of the allocation."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.allocation import Allocation, Move
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.decide.lines import line_name
from cxroi.view.figure import money, money_range

_NOTEWORTHY = 0.02  # of the budget: a smaller move is not named


@dataclass(frozen=True, kw_only=True)
class MoveRow:
    """One part of the budget; `name` may hold what the data say and is to be escaped. `direction` is -1, 0 or 1."""

    name: str
    today: str
    proposed: str
    direction: int
    gain: str
    next_unit: str
    limit: str


@dataclass(frozen=True, kw_only=True)
class AllocationTable:
    """Today's budget divided better; `headline` is what that is worth."""

    headline: str
    headings: tuple[str, ...]
    rows: tuple[MoveRow, ...]
    caption: str


def allocation_table(found: Allocation, part: str, currency: str, text: Text) -> AllocationTable:
    """Return the division of a budget; `part` is "segment" or "line"."""
    held = all(move.bound == "held" for move in found.moves)
    worth = {"gain": money_range(found.gain, currency, text), "spend": money(found.spend, currency, text)}
    first = text("lines.heading.name" if part == "line" else "page.overview.segment.name")
    names = ("today", "proposed", "gain", "next_unit")
    return AllocationTable(
        headline=text("lines.allocation.unknown") if held else text("lines.allocation.headline", **worth),
        headings=(first, *(text(f"lines.allocation.{name}") for name in names)),
        rows=tuple(_move_row(move, part, currency, text) for move in found.moves),
        caption=text(f"lines.allocation.caption_{part}"),
    )


def _move_row(move: Move, part: str, currency: str, text: Text) -> MoveRow:
    held, change = move.bound == "held", _change(move)
    small = abs(change) < 0.005 * max(move.today_spend, 1e-9)
    none = text("lines.none")
    name = move.segment if part == "segment" else line_name(move.segment, text)
    return MoveRow(
        name=text("decide.whole") if part == "segment" and name == WHOLE else name,
        today=money(move.today_spend, currency, text),
        proposed=money(move.spend, currency, text),
        direction=0 if small else 1 if change > 0 else -1,
        gain=none if small else money_range(move.gain, currency, text),
        next_unit=none if held else text.percent(move.marginal_roi, 0),
        limit=text(f"lines.allocation.limit_{move.bound}") if move.bound else "",
    )


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
    return text.listed(shown(name) for name in names)
