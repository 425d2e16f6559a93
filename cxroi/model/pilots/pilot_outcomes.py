"""What a pilot did beside retention: margin and support cost per customer, and customers who joined because of the group.

Each is a ratio of totals (of money, or of joins, to customer-months) in the treated and in the control group, and its log
ratio, whose error is that of the delta method. Rows of single customers carry their own spread, customers being the
clusters. Months of groups do not: which customers the lot put where stays hidden in them, month after month. So months
before the pilot are taken off where there are any; groups drawn by lot without them get the error that a stated spread
between customers brings, and one figure a group is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, log1p, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.pilot import PilotBeliefs, PilotEvidence, PilotOutcome
from cxroi.model.pilots.pilot_months import compare_months
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
COLUMNS = {PilotOutcome.MARGIN: "margin", PilotOutcome.SUPPORT: "support_cost", PilotOutcome.JOINS: "joined"}
_FEWEST_MONTHS, _FEWEST_CUSTOMERS = 3, 10
_UNLIKE = 0.01  # groups said to be drawn by lot that differ before the pilot beyond this chance were not
_DRIFTS = 0.10  # chance of a trend before the pilot below which the groups count as drifting apart


@dataclass(frozen=True, kw_only=True)
class OutcomeResult:
    """What a pilot did to one outcome; `treated` and `control` are per customer and month, control as it would have been.

    `change` is treated over control less 1 with its 90 % interval, as a share; `log_gain` is above 0 where that is good.
    """

    outcome: PilotOutcome
    treated: float
    control: float
    change: Interval
    log_gain: float
    log_error: float
    p_value: float
    against_before: bool  # the months before are taken off
    grade: Grade
    evidence: PilotEvidence | None = None


def measure_outcome(
    outcome: PilotOutcome,
    rows: pd.DataFrame,
    start: pd.Period | None,
    *,
    by_customer: bool,
    randomised: bool,
    beliefs: PilotBeliefs,
) -> OutcomeResult:
    """Return what the rows of one pilot show of an outcome; they hold its column, `group`, `period` and `retained`, and
    `customers` or `customer_id`. Raises ModelError where they cannot tell."""
    if by_customer:
        return _of_customers(outcome, rows, start, randomised)
    if outcome is PilotOutcome.JOINS:
        return _joined(rows, start, randomised)
    return _of_months(outcome, rows, start, randomised, beliefs.spread(outcome))


def share_of_all_joins(gain: float, error: float, share: float) -> tuple[float, float]:
    """Return the log gain, and its error, of all joins when a `share` of them is what a pilot counted.

    ln(1 + q (e^g - 1)): what was brought by the customers of a group is seldom all who join.

    >>> [round(one, 4) for one in share_of_all_joins(0.4, 0.1, 1.0)], round(share_of_all_joins(0.4, 0.1, 0.25)[0], 4)
    ([0.4, 0.1], 0.116)
    """
    grown = share * (exp(gain) - 1)
    return log1p(grown), error * share * exp(gain) / (1 + grown)


def _of_customers(
    outcome: PilotOutcome, rows: pd.DataFrame, start: pd.Period | None, randomised: bool
) -> OutcomeResult:
    """Return the log ratio of two means over customers.

    A mean is the sum over customers of what they brought over the sum of their months, with variance
    sum (y_i - R m_i)^2 n / (n - 1) / (sum m_i)^2. Margin and support cost count in months in which a customer stayed:
    what those who left no longer bring is the business of retention.
    """
    period = pd.PeriodIndex(rows["period"], freq="M")
    used = rows if start is None else rows[period >= start]
    if outcome is not PilotOutcome.JOINS:
        used = used[used["retained"].astype(float) > 0]
    means, variances = [], []
    for name in ("treated", "control"):
        part = used[used["group"] == name]
        each = part[COLUMNS[outcome]].astype(float).groupby(part["customer_id"]).agg(["sum", "size"])
        n, months = len(each), float(each["size"].sum())
        if n < _FEWEST_CUSTOMERS:
            raise ModelError("pilot.group_too_small", customers=n)
        mean = float(each["sum"].sum()) / months
        left = each["sum"].to_numpy() - mean * each["size"].to_numpy()
        means.append(mean)
        variances.append(float((left**2).sum()) * n / (n - 1) / months**2)
    if min(means) <= 0:
        raise ModelError("pilot.outcome_not_above_zero", column=COLUMNS[outcome])
    error = sqrt(sum(variance / mean**2 for variance, mean in zip(variances, means, strict=True)))
    grade = Grade.RANDOMISED_PILOT if randomised else Grade.MATCHED_COMPARISON
    return _result(outcome, log(means[0] / means[1]), error, means[1], grade, against_before=False)


def _of_months(
    outcome: PilotOutcome, rows: pd.DataFrame, start: pd.Period | None, randomised: bool, spread: float
) -> OutcomeResult:
    """Return the mean over months of the log ratio of the two groups, less that of the months before.

    Its error is that of the months' spread around their means, widened to Student's t, since a handful of months tells
    little of it; without months before, which customers the lot put where adds spread^2 (1 / n_t + 1 / n_c). Groups said to
    be drawn by lot that were further apart before than this explains count as matched.
    """
    months = _log_ratios(rows, COLUMNS[outcome])
    late = np.ones(len(months), bool) if start is None else np.asarray(months.index >= start)
    ratio = months["ratio"].to_numpy(dtype=float)
    after, before = ratio[late], ratio[~late]
    against_before = before.size > 1
    if after.size < (2 if against_before else _FEWEST_MONTHS):
        raise ModelError("pilot.outcome_needs_months", column=COLUMNS[outcome], months=int(after.size))
    if not (randomised or against_before):
        raise ModelError("pilot.outcome_needs_months_before", column=COLUMNS[outcome])
    noise = _noise((after, before) if against_before else (after,))
    sizes = months.loc[late, ["n_t", "n_c"]].to_numpy(dtype=float).mean(axis=0)
    by_chance = spread**2 * float((1 / sizes).sum())
    if against_before:
        variance, gain = noise * (1 / after.size + 1 / before.size), float(after.mean() - before.mean())
    else:
        variance, gain = noise / after.size + by_chance, float(after.mean())
    if variance < 1e-12:  # figures that were worked out from a rate, not measured
        raise ModelError("pilot.outcome_never_varies", column=COLUMNS[outcome])
    unlike = against_before and abs(before.mean()) > critical_value(1 - _UNLIKE) * sqrt(noise / before.size + by_chance)
    control = float(months.loc[late, "total_c"].sum() / months.loc[late, "n_c"].sum())
    without = control * exp(float(before.mean())) if against_before else control
    grade = Grade.RANDOMISED_PILOT if randomised and not unlike else _matched(before)
    return _result(outcome, gain, sqrt(variance), without, grade, against_before=against_before)


def _matched(before: Array) -> Grade:
    """Return the grade of groups that were not drawn by lot: B, or C where they drifted apart before the pilot."""
    drifted = before.size >= 3 and _drift_chance(before) < _DRIFTS
    return Grade.OWN_HISTORY if drifted else Grade.MATCHED_COMPARISON


def _noise(parts: tuple[Array, ...]) -> float:
    """Return the variance of a month's log ratio around the mean of its part, wide enough for the few months there are."""
    freedom = sum(part.size - 1 for part in parts)
    return sum(float(((part - part.mean()) ** 2).sum()) for part in parts) / freedom * _student(freedom) ** 2


def _joined(rows: pd.DataFrame, start: pd.Period | None, randomised: bool) -> OutcomeResult:
    """Return the log ratio of joins per customer-month: counts, compared as losses are."""
    joined = rows["joined"].astype(float)
    if (joined < 0).any() or not joined.sum() > 0:
        raise ModelError("pilot.outcome_not_above_zero", column="joined")
    customers = np.maximum(rows["customers"].astype(float), joined)
    told = compare_months(rows.assign(customers=customers, retained=customers - joined), start, randomised=randomised)
    period = pd.PeriodIndex(rows["period"], freq="M")
    during = (rows["group"] == "control") & (True if start is None else period >= start)
    control = float(joined[during].sum() / rows.loc[during, "customers"].astype(float).sum())
    found, head_start = told.result, told.before.estimate if told.before and told.against_before else 0.0
    without = max(control, 1e-12) * exp(-head_start)
    outcome, gain = PilotOutcome.JOINS, -found.log_hazard_gain
    return _result(outcome, gain, found.log_hazard_error, without, found.grade, against_before=told.against_before)


def _log_ratios(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the log ratio of treated to control per customer, with both customer counts, one row a month that both have."""
    counted = rows.assign(period=pd.PeriodIndex(rows["period"], freq="M"))
    parts = []
    for name, suffix in (("treated", "_t"), ("control", "_c")):
        sums = counted[counted["group"] == name].groupby("period")[["customers", column]].sum().astype(float)
        parts.append(pd.DataFrame({f"n{suffix}": sums["customers"], f"total{suffix}": sums[column]}))
    months = pd.concat(parts, axis=1, join="inner").sort_index()
    if months.empty or months.to_numpy().min() <= 0:
        raise ModelError("pilot.outcome_not_above_zero", column=column)
    mean = {suffix: np.log(months[f"total{suffix}"] / months[f"n{suffix}"]) for suffix in ("_t", "_c")}
    return months.assign(ratio=mean["_t"] - mean["_c"])


def _student(freedom: int) -> float:
    """Return by how much Student's t is wider than the normal at 90 %."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.95)) / critical_value(0.9)


def _drift_chance(ratio: Array) -> float:
    """Return the chance of a trend as steep as that of the months before, where there is none."""
    from scipy.special import stdtr

    when = np.arange(ratio.size) - (ratio.size - 1) / 2
    slope = float(when @ ratio) / float(when @ when)
    left = ratio - ratio.mean() - slope * when
    error = sqrt(float(left @ left) / (ratio.size - 2) / float(when @ when))
    return float(2 * stdtr(ratio.size - 2, -abs(slope) / error)) if error > 0 else float(slope == 0)


def _result(
    outcome: PilotOutcome, log_ratio: float, error: float, control: float, grade: Grade, *, against_before: bool
) -> OutcomeResult:
    from scipy.special import ndtr

    half, sign = critical_value(0.9) * error, -1.0 if outcome is PilotOutcome.SUPPORT else 1.0
    return OutcomeResult(
        outcome=outcome,
        treated=control * exp(log_ratio),
        control=control,
        change=Interval(low=exp(log_ratio - half) - 1, mid=exp(log_ratio) - 1, high=exp(log_ratio + half) - 1),
        log_gain=sign * log_ratio,
        log_error=error,
        p_value=float(2 * ndtr(-abs(log_ratio) / error)) if error > 0 else 1.0,
        against_before=against_before,
        grade=grade,
    )
