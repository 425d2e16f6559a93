"""Two versions of the data side by side, in the figures that a verdict rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cxroi.questions import VersionFigures
from cxroi.text import Text
from cxroi.view.figure import money, percent_range

Row = tuple[str, str, str, str]


def side_by_side(before: VersionFigures, after: VersionFigures, text: Text) -> tuple[Row, ...]:
    """Return name, before, after and change of each figure; money is only subtracted in one currency."""
    same_money = before.currency == after.currency

    def amount(name: str) -> Row:
        first, second = float(getattr(before, name)), float(getattr(after, name))
        change = _change(first, second, lambda by: money(by, after.currency, text), text) if same_money else ""
        shown = money(first, before.currency, text), money(second, after.currency, text)
        return text(f"versions.figure.{name}"), *shown, change

    def count(name: str) -> Row:
        first, second = float(getattr(before, name)), float(getattr(after, name))
        change = _change(first, second, lambda by: text.number(by, 0), text)
        return text(f"versions.figure.{name}"), text.number(first, 0), text.number(second, 0), change

    def rate(name: str, places: int) -> Row:
        first, second = getattr(before, name), getattr(after, name)
        moved = round(100 * (second.mid - first.mid), places)
        return (
            text(f"versions.figure.{name}"),
            percent_range(first, text, places),
            percent_range(second, text, places),
            text.points(moved, places) if moved else text("versions.same"),
        )

    return (
        (text("versions.figure.period"), _period(before, text), _period(after, text), ""),
        count("months"),
        count("customers"),
        rate("monthly_churn_rate", 2),
        rate("annual_retention_rate", 1),
        amount("revenue_per_customer_month"),
        amount("margin_per_customer_month"),
        amount("cx_spend_per_month"),
        amount("cx_spend"),
        (
            text("versions.figure.segments"),
            text.number(len(before.segments)),
            text.number(len(after.segments)),
            _change(len(before.segments), len(after.segments), lambda by: text.number(by, 0), text),
        ),
    )


def _change(before: float, after: float, say: Callable[[float], str], text: Text) -> str:
    """Return the change in its own unit, and as percent where there was something before."""
    if after == before:
        return text("versions.same")
    by = text.raised(say(after - before)) if after > before else say(after - before)
    return text("versions.change", by=by, percent=text.signed_percent(after / before - 1)) if before else by


def _period(figures: VersionFigures, text: Text) -> str:
    first, last = (date.fromisoformat(f"{month}-01") for month in (figures.first_month, figures.last_month))
    return text.between(text.month(first), text.month(last))
