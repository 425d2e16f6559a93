"""The same money, divided better: the headline of the allocation."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.allocation import Allocation, Extra, Move
from cxroi.text import Text
from cxroi.view.decide.lines import line_name
from cxroi.view.figure import money, money_range, segment_name
from cxroi.view.table import columns

ALLOCATION_COLUMNS = ("today_spend", "new_spend", "gain_range", "next_unit")


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


def _change(move: Move) -> float:
    return move.spend - move.today_spend


def allocation_words(found: Allocation, part: str, currency: str, text: Text) -> list[str]:
    """Return the division of a budget in columns, what it is worth and what it cannot reach."""
    rows = [
        [
            _name(move.segment, part, text),
            money(move.today_spend, currency, text),
            money(move.spend, currency, text) + _limit(move, text),
            text("lines.none") if move.bound == "held" else money_range(move.gain, currency, text),
            text("lines.none") if move.bound == "held" else text.percent(move.marginal_roi, 0),
        ]
        for move in found.moves
    ]
    spend, today = money(found.spend, currency, text), money(found.today_spend, currency, text)
    headings = [text(f"heading.{part}"), *(text(f"heading.{name}") for name in ALLOCATION_COLUMNS)]
    prefix = "allocation" if part == "segment" else "lines.allocate"
    if all(move.bound == "held" for move in found.moves):
        return [*columns(headings, rows), "", text("lines.allocate.nothing_known")]
    return [
        *columns(headings, rows),
        "",
        text("allocation.total", spend=spend, today=today, gain=money_range(found.gain, currency, text)),
        *([left_over(found.extra, currency, text)] if found.extra else []),
        *(
            text(
                f"{prefix}.unattainable",
                segment=_name(move.segment, part, text),
                rate=text.percent(move.marginal_roi, 0),
            )
            for move in found.moves
            if move.segment in found.unattainable
        ),
        text(f"{prefix}.note"),
    ]


def left_over(extra: Extra, currency: str, text: Text) -> str:
    """Return how much of the extra money was not placed and why, or that all of it was."""
    if extra.because is None:
        return text("allocation.all_placed")
    amounts = {
        name: money(value, currency, text) for name, value in (("unplaced", extra.unplaced), ("asked", extra.asked))
    }
    return text(f"allocation.left_{extra.because}", **amounts)


def _limit(move: Move, text: Text) -> str:
    return f" ({text(f'allocation.{move.bound}')})" if move.bound else ""


def _name(name: str, part: str, text: Text) -> str:
    return segment_name(name, text) if part == "segment" else line_name(name, text)
