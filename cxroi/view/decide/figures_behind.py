"""The tables behind the pictures of a business case: every figure whole, with its unit in the heading, and in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxroi.chart.drawing import Column, Table
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import Curve
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.columns import money_column
from cxroi.view.decide.findings import step_name

_APART = 10.0  # levels between two rows: a reader looks for round ones


def curve_table(case: BusinessCase, text: Text) -> Table:
    """Return what every level of spend is worth: level, money a month, and the ends and the middle of its worth."""
    curve = case.curve
    first, last = (float(curve.level_percent[place]) for place in (0, -1))
    levels = np.arange(np.ceil(first / _APART) * _APART, last + 0.5, _APART).tolist()
    return level_columns(levels, case.verdict.today_spend, curve, case.currency, text)


def level_columns(levels: Sequence[float], today_spend: float, curve: Curve, currency: str, text: Text) -> Table:
    """Return the columns of a curve at some levels."""
    worth = [at_level(curve, level) for level in levels]
    percents = Column(
        heading=text("chart.column.level"),
        figures=tuple(round(level, 1) for level in levels),
        words=tuple(text.percent(level / 100, 0) for level in levels),
    )
    spend = money_column("spend", [today_spend * level / 100 for level in levels], currency, text)
    return (percents, spend, *_ends(worth, "worth", currency, text))


def cash_table(case: BusinessCase, text: Text) -> Table:
    """Return the sum of a plan's cash by month."""
    flow = case.cash_flow
    months = Column(
        heading=text("chart.cash_flow.x"),
        figures=tuple(int(month) for month in flow.month),
        words=tuple(text.number(int(month), 0) for month in flow.month),
    )
    sums = [
        Interval(low=low, mid=mid, high=high)
        for low, mid, high in zip(flow.low.tolist(), flow.mid.tolist(), flow.high.tolist(), strict=True)
    ]
    return (months, *_ends(sums, "cash", case.currency, text))


def steps_table(case: BusinessCase, text: Text) -> Table:
    """Return every step from the revenue of a plan to its net value, those too small for the picture among them."""
    names = tuple(step_name(step.name, step.amount, text) for step in case.waterfall)
    step = Column(heading=text("chart.column.step"), figures=names, words=names)
    amounts = [step.amount for step in case.waterfall]
    return step, money_column("amount", amounts, case.currency, text)


def at_level(curve: Curve, level: float) -> Interval:
    """Return what a level of spend is worth by a curve."""
    low, mid, high = (float(np.interp(level, curve.level_percent, line)) for line in (curve.low, curve.mid, curve.high))
    return Interval(low=min(low, mid), mid=mid, high=max(high, mid))


def _ends(worth: Sequence[Interval], name: str, currency: str, text: Text) -> Table:
    return tuple(
        money_column(f"{name}_{end}", [getattr(each, end) for each in worth], currency, text)
        for end in ("low", "mid", "high")
    )
