"""A pilot counted by month: treated against control, and against the months before it began where these are there.

In a month with d losses of which D are treated, D is binomial given d with share n_t e^-gain / (n_t e^-gain + n_c): the
gain is a log ratio of hazards, and a month in which everybody leaves more counts for neither group (Mantel & Haenszel
1959). One pair of groups has no units to cluster by, so errors are widened by the months' own dispersion, never below 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.difference_in_differences import TrendCheck
from cxroi.model.pilots.pilot import PilotResult
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
_UNLIKE = 0.01  # groups drawn by lot that differ before the pilot beyond this chance were not drawn by lot


@dataclass(frozen=True, kw_only=True)
class MonthsResult:
    """A pilot of groups: its result, and what the months before said of the two groups (None where there are too few)."""

    result: PilotResult
    against_before: bool  # the months before are taken off, as difference in differences
    before: TrendCheck | None  # log hazard of control less treated before the start: they should be alike
    pre_trend: TrendCheck | None  # its change a month


def start_of(rows: pd.DataFrame) -> pd.Period | None:
    """Return the month a pilot began: as its rows say, else the first in which treated customers got another spend.

    A month counts as begun when the log ratio of spend per customer is at least half of the largest one. None where
    rows neither say it nor carry spend in every month.
    """
    said = rows["starts_on"].dropna() if "starts_on" in rows else pd.Series(dtype=object)
    if not said.empty:
        return pd.Period(pd.Timestamp(said.min()), freq="M")
    if "spend" not in rows or "customers" not in rows or rows[["spend", "customers"]].isna().any(axis=None):
        return None
    figures = rows[["spend", "customers"]].astype(float)
    sums = figures.groupby([pd.PeriodIndex(rows["period"], freq="M"), rows["group"].to_numpy()]).sum()
    rate = (sums["spend"] / sums["customers"]).unstack()
    if set(rate.columns) != {"treated", "control"}:
        return None
    apart = (np.log(rate["treated"] + 1e-12) - np.log(rate["control"] + 1e-12)).abs().fillna(0.0)
    begun = apart.index[(apart >= apart.max() / 2) & (apart > 0)]
    return None if begun.empty else begun[0]


def compare_months(rows: pd.DataFrame, start: pd.Period | None, *, randomised: bool) -> MonthsResult:
    """Return what the months since `start` show, given `group`, `period`, `customers` and `retained`.

    Groups drawn by lot are compared as they are, unless the months before show them unlike (then they count as
    matched). Matched groups are compared with the months before: gain after less gain before, errors added; grade B,
    or C where they drifted apart before the start.
    """
    months = _losses(rows)
    late = np.ones(len(months), bool) if start is None else np.asarray(months.index >= start)
    if not late.any():
        raise ModelError("pilot.comparison_incomplete")
    after, before = _ratio(months[late]), _ratio(months[~late]) if (~late).any() else None
    spread = _dispersion([after, *([before] if before else [])])
    alike = _check(before.gain, before.error * sqrt(spread)) if before else None
    trend = _trend(months[~late], spread) if (~late).sum() >= 3 else None
    by_lot = randomised and (alike is None or alike.p_value >= _UNLIKE)
    drifted = trend is not None and not trend.passes
    grade = Grade.RANDOMISED_PILOT if by_lot else Grade.OWN_HISTORY if drifted else Grade.MATCHED_COMPARISON
    other = None if by_lot else before
    return MonthsResult(
        result=_result(after, other, spread, grade), against_before=other is not None, before=alike, pre_trend=trend
    )


@dataclass(frozen=True)
class _Ratio:
    """The log ratio of hazards, control over treated, over some months."""

    gain: float
    error: float
    lost: tuple[Array, Array]  # treated, control, by month
    customers: tuple[Array, Array]

    @property
    def control_kept(self) -> float:
        return float(np.prod(1 - self.lost[1] / self.customers[1]))


def _losses(rows: pd.DataFrame) -> pd.DataFrame:
    """Return lost and customers of both groups, one row a month that both have."""
    counted = rows.assign(period=pd.PeriodIndex(rows["period"], freq="M"))
    parts = []
    for name, suffix in (("treated", "_t"), ("control", "_c")):
        sums = counted[counted["group"] == name].groupby("period")[["customers", "retained"]].sum().astype(float)
        lost = sums["customers"] - sums["retained"]
        parts.append(pd.DataFrame({f"n{suffix}": sums["customers"], f"lost{suffix}": lost}))
    months = pd.concat(parts, axis=1, join="inner").sort_index()
    if months.empty or months[["n_t", "n_c"]].to_numpy().min() <= 0 or months.to_numpy().min() < 0:
        raise ModelError(
            "pilot.counts_unreadable", treated=float(months["n_t"].sum()), control=float(months["n_c"].sum())
        )
    return months


def _ratio(months: pd.DataFrame) -> _Ratio:
    n_t, n_c, lost_t, lost_c = (months[name].to_numpy(dtype=float) for name in ("n_t", "n_c", "lost_t", "lost_c"))
    if lost_t.sum() + lost_c.sum() == 0:
        raise ModelError("pilot.counts_unreadable", treated=float(n_t.sum()), control=float(n_c.sum()))
    # Half a lost customer more in each group where one lost nobody, so that the logarithm exists.
    spare = 0.5 / n_t.size if min(lost_t.sum(), lost_c.sum()) == 0 else 0.0
    lost_t, lost_c = lost_t + spare, lost_c + spare
    above, below = (lost_t * n_c / (n_t + n_c)).sum(), (lost_c * n_t / (n_t + n_c)).sum()
    variance = ((lost_t + lost_c) * n_t * n_c / (n_t + n_c) ** 2).sum() / (above * below)
    return _Ratio(log(below / above), sqrt(variance), (lost_t, lost_c), (n_t, n_c))


def _dispersion(ratios: list[_Ratio]) -> float:
    """Return Pearson's dispersion of the monthly splits of losses around each ratio, pooled; 1 at least."""
    total, freedom = 0.0, 0
    for one in ratios:
        (lost_t, lost_c), (n_t, n_c) = one.lost, one.customers
        d = lost_t + lost_c
        share = n_t * exp(-one.gain) / (n_t * exp(-one.gain) + n_c)
        seen = d > 0
        total += float(((lost_t - d * share)[seen] ** 2 / (d * share * (1 - share))[seen]).sum())
        freedom += int(seen.sum()) - 1
    return max(1.0, total / freedom) if freedom > 0 else 1.0


def _trend(months: pd.DataFrame, spread: float) -> TrendCheck | None:
    """Return the change a month of the log ratio before the start, weighted by what each month knows of it."""
    lost_t, lost_c = months["lost_t"].to_numpy(float) + 0.5, months["lost_c"].to_numpy(float) + 0.5
    ratio = np.log(lost_c / months["n_c"].to_numpy(float)) - np.log(lost_t / months["n_t"].to_numpy(float))
    weight = 1 / (1 / lost_t + 1 / lost_c)
    when = np.arange(len(months), dtype=float)
    when -= np.average(when, weights=weight)
    information = float((weight * when**2).sum())
    return _check(float((weight * when * ratio).sum()) / information, sqrt(spread / information))


def _check(estimate: float, error: float) -> TrendCheck:
    from scipy.special import ndtr

    return TrendCheck(estimate=estimate, p_value=float(2 * ndtr(-abs(estimate) / error)))


def _result(after: _Ratio, before: _Ratio | None, spread: float, grade: Grade) -> PilotResult:
    """Return the result over the months after; without the pilot, treated customers would have gone on as before."""
    head_start = before.gain if before else 0.0
    gain = after.gain - head_start
    error = sqrt(spread * (after.error**2 + (before.error**2 if before else 0.0)))
    without = after.control_kept ** exp(-head_start)
    half = critical_value(0.9) * error

    def difference(log_hazard_gain: float) -> float:
        return float(without ** exp(-log_hazard_gain)) - without

    return PilotResult(
        treated_retention=without + difference(gain),
        control_retention=without,
        difference=Interval(low=difference(gain - half), mid=difference(gain), high=difference(gain + half)),
        p_value=_check(gain, error).p_value,
        log_hazard_gain=gain,
        log_hazard_error=error,
        treated_customers=float(after.customers[0].max()),
        control_customers=float(after.customers[1].max()),
        grade=grade,
    )
