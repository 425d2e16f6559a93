"""The company's next month, quarter and year if nothing is changed: each measure of the panel forecast by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.company.panel import Panel
from cxroi.model.forecast.backtest import MeasureKind
from cxroi.model.forecast.forecast import Alert, Forecast, alerts, forecast

Array = NDArray[np.float64]

KINDS = {
    "retention_rate": MeasureKind.RATE,  # monthly
    "customers": MeasureKind.SCORE,  # at the start of the month: a stock, which must never be added up over months
    "revenue": MeasureKind.AMOUNT,
    "contribution_margin": MeasureKind.AMOUNT,
    "support_cost": MeasureKind.AMOUNT,
    "csat": MeasureKind.SCORE,  # percent satisfied
    "nps": MeasureKind.SCORE,
    "ces": MeasureKind.SCORE,
}
MONEY_MEASURES = frozenset(
    {"revenue", "contribution_margin", "support_cost"}
)  # the others are shares, counts and scores

_BOUNDS = {
    "customers": (0.0, np.inf),
    "csat": (0.0, 100.0),
    "nps": (-100.0, 100.0),
}  # what a score or stock can be at all
_COUNTED = ("retention_rate", "customers")  # by who is seen to be there: not known where nobody could be lost yet


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Forecasts of every measure with enough history, those without (and how many months they have), and alerts."""

    forecasts: tuple[Forecast, ...]
    too_short: tuple[tuple[str, int], ...]
    alerts: tuple[Alert, ...]
    last_month: str  # YYYY-MM, the last complete one; forecasts start after it


def look_ahead(panel: Panel, *, segment: str | None = None) -> Outlook:
    """Return the outlook of a panel, of one of its segments or (None) of the whole company.

    Only complete months enter, since a month that is still running looks like a fall; what was sold in months before anybody
    could be seen to leave is known all the same, but for what contracts bring, which is known of those alone who are still there. Raises ModelError where no measure has months enough.
    """
    if segment is not None and segment not in panel.segments:
        raise ModelError("segments.unknown", segment=segment, known=", ".join(panel.segments))
    complete = np.flatnonzero(panel.complete_months)
    if complete.size == 0:
        raise ModelError("forecast.too_short", months=0, needed=6)
    until = int(complete[-1]) + 1
    forecasts, too_short = [], []
    by_contract = panel.source == "customers" and panel.orders is None
    counted = (*_COUNTED, *(("revenue", "contribution_margin") if by_contract else ()))
    for measure, kind in KINDS.items():
        series = measured(panel, measure, segment)[:until]
        if measure in counted:
            series = np.where(panel.complete_months[:until], series, np.nan)
        known = series[np.isfinite(series)]
        if known.size == 0 or (measure == "support_cost" and not known.any()):
            continue
        try:
            forecasts.append(
                forecast(series, measure=measure, kind=kind, bounds=_BOUNDS.get(measure, (-np.inf, np.inf)))
            )
        except ModelError as refused:
            if refused.id != "forecast.too_short":
                raise
            too_short.append((measure, int(known.size)))
    if not forecasts:
        raise ModelError("forecast.too_short", months=max((months for _, months in too_short), default=0), needed=6)
    return Outlook(
        forecasts=tuple(forecasts),
        too_short=tuple(too_short),
        alerts=alerts(forecasts),
        last_month=str(panel.months[until - 1]),
    )


def measured(panel: Panel, measure: str, segment: str | None = None) -> Array:
    """Return the months of one measure; a score of the whole weighs segments by their answers. NaN: not observed."""
    rows = slice(None) if segment is None else [panel.segments.index(segment)]

    def total(counts: Array) -> Array:
        return np.where(np.isnan(counts[rows]).all(axis=0), np.nan, np.nansum(counts[rows], axis=0))

    if measure == "retention_rate":
        start = total(panel.customers_at_start)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(start > 0, 1 - total(panel.customers_lost) / start, np.nan))
    if measure == "customers":
        return total(panel.customers_at_start)
    if measure not in ("csat", "nps", "ces"):
        return total(getattr(panel, measure))
    score, answers = getattr(panel, measure), getattr(panel, f"{measure}_n")
    if score is None:
        return np.full(panel.months.size, np.nan)
    weight = np.where(np.isnan(score[rows]), 0.0, 1.0 if answers is None else np.nan_to_num(answers[rows]))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((np.nan_to_num(score[rows]) * weight).sum(axis=0) / weight.sum(axis=0))
