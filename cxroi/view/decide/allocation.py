"""Where the money should go, in words for a reader of plain text."""

from __future__ import annotations

from cxroi.model.decision.allocation import Allocation, Extra, Move
from cxroi.text import Text
from cxroi.view.decide.lines import line_name
from cxroi.view.figure import money, money_range, segment_name
from cxroi.view.table import columns

_HARDLY = 0.002  # of the extra money: so little is none
ALLOCATION_COLUMNS = ("today_spend", "new_spend", "gain_range", "next_unit")


def allocation_words(found: Allocation, part: str, currency: str, text: Text) -> list[str]:
    """Return the division of a budget in columns, what it is worth and what it cannot reach."""
    text = text.counting(currency)
    rows = [
        [
            part_name(move.segment, part, text),
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
        *([in_steps(found, text)] if found.made_by_quarter else []),
        *(
            text(
                f"{prefix}.unattainable",
                segment=part_name(move.segment, part, text),
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
    if extra.placed < _HARDLY * extra.asked:
        return text(f"allocation.none_{extra.because}")
    amounts = {
        name: money(value, currency, text) for name, value in (("unplaced", extra.unplaced), ("asked", extra.asked))
    }
    return text(f"allocation.left_{extra.because}", **amounts)


def in_steps(found: Allocation, text: Text) -> str:
    """Return in which of the plan's steps every move is made; nothing where the plan has none."""
    shares = found.made_by_quarter
    if all(share == 1 for share in shares):
        return text("allocation.steps_none") if shares else ""
    facts = {"quarters": text("unit.quarters", count=len(shares)), "month": text.number(3 * len(shares) + 1, 0)}
    return text("allocation.steps", shares=text.listed(text.percent(share, 0) for share in shares), **facts)


def _limit(move: Move, text: Text) -> str:
    return f" ({text(f'allocation.{move.bound}')})" if move.bound else ""


def part_name(name: str, part: str, text: Text) -> str:
    """Return the name of a segment or a line as it is shown."""
    return segment_name(name, text) if part == "segment" else line_name(name, text)
