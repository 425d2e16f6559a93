"""Columns of the tables behind drawings and of tables that sort: figures whole, their unit in the heading, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cxroi.chart.drawing import Column
from cxroi.text import Text
from cxroi.view.figure import money


def money_column(name: str, amounts: Sequence[float], currency: str, text: Text) -> Column:
    """Return a column of money; the currency stands in its heading."""
    unit = text.currency(currency)
    heading = text(f"chart.column.{name}")
    return Column(
        heading=text.listed([heading, unit] if unit else [heading]),
        figures=tuple(round(amount, 2) + 0.0 for amount in amounts),
        words=tuple(money(amount, "", text) for amount in amounts),
    )


def count_column(name: str, counts: Sequence[float], text: Text) -> Column:
    """Return a column of how many."""
    return Column(
        heading=text(f"chart.column.{name}"),
        figures=tuple(counts),
        words=tuple(text.number(one, 0) if one == one else "–" for one in counts),
    )


def share_column(name: str, shares: Sequence[float], text: Text, places: int = 1) -> Column:
    """Return a column of shares (0..1), figures in percent."""
    return Column(
        heading=text(f"chart.column.{name}"),
        figures=tuple(round(100 * one, 3) for one in shares),
        words=tuple(text.percent(one, places) if one == one else "–" for one in shares),
    )


def month_column(months: Sequence[date], text: Text) -> Column:
    """Return a column of months, figures as YYYY-MM."""
    return Column(
        heading=text("chart.column.month"),
        figures=tuple(f"{month:%Y-%m}" for month in months),
        words=tuple(text.month(month) for month in months),
    )
