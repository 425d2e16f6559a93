"""What is said first of a plan, wherever a plan is shown: what it is worth, when it is paid back, how many customers stay."""

from __future__ import annotations

from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import PlanFigures
from cxroi.text import Text
from cxroi.view.figure import deserved_step, months_range, points_range, probability, signed_money, signed_range
from cxroi.view.ranges import RangedFigure, range_bar


def worth_figure(npv: Interval, currency: str, text: Text, within: tuple[float, float] | None = None) -> RangedFigure:
    """Return what a plan is worth; its range is drawn on the line `within`, or on one of its own."""
    return RangedFigure(
        label=text("board.figure.worth"),
        value=signed_money(npv.mid, currency, deserved_step(npv), text),
        range=signed_range(npv, text),
        bar=range_bar(npv, within),
    )


def paid_back_figure(of: PlanFigures, horizon_months: int, text: Text) -> RangedFigure:
    """Return when a plan is paid back, if it is, and how likely that is."""
    if of.cost.mid <= 0:
        return RangedFigure(label=text("board.figure.cash"), value=text("decide.no_cost"), range="")
    months = text.months(horizon_months)
    within = text("board.figure.within", chance=probability(of.probability_of_payback, text), months=months)
    if of.payback_months is None or of.payback_months.mid > horizon_months:
        never = text("board.figure.later", months=months)
        return RangedFigure(label=text("board.figure.cash"), value=never, range="", note=within)
    value = text.months(round(of.payback_months.mid))
    return RangedFigure(
        label=text("board.figure.paid_back"), value=value, range=months_range(of.payback_months, text), note=within
    )


def stay_figure(uplift_pp: Interval, today: float, text: Text) -> RangedFigure:
    """Return how many customers stay a year, `today` (a rate) and under a plan that lifts it by so many points."""
    before, after = text.percent(today), text.percent(today + uplift_pp.mid / 100)
    return RangedFigure(
        label=text("board.figure.stay"),
        value=before if before == after else text("board.figure.from_to", before=before, after=after),
        range=points_range(uplift_pp, text),
    )
