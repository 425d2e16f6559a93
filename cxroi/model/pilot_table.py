"""A pilot as it was uploaded, measured: one row a customer, or one a group (or unit) and month.

Which measure fits follows from the rows: customers with a covariate take CUPED, customers without it the counted
difference, months of groups the churn of the two groups over the same months.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np
import pandas as pd

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.matched import MatchedResult, churn_difference_in_differences
from cxroi.model.pilot import PilotEvidence, PilotResult, as_evidence, cuped, measure_randomised
from cxroi.model.proportion import critical_value
from cxroi.model.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class MeasuredPilot:
    """One pilot of one segment ("" for the whole company), and what it says about spend where the rows have spend."""

    segment: str
    months: int
    result: PilotResult
    spend_per_customer_month: tuple[float, float] | None  # treated, control
    evidence: PilotEvidence | None


def measure_table(
    rows: pd.DataFrame, *, spend_today: float | None = None, randomised: bool = True
) -> tuple[MeasuredPilot, ...]:
    """Return the pilots in an uploaded table, one a segment.

    Columns: group ("treated" or "control"), period (month), retained, and customers or customer_id; optionally segment,
    spend and covariate. `spend_today` is CX spend per customer and month; with it, and with spend in the rows, a pilot
    becomes evidence for the response. Not `randomised` lowers the grade: the groups were chosen to match.
    """
    if missing := [name for name in ("group", "period", "retained") if name not in rows]:
        raise ModelError("pilot.columns_missing", columns=", ".join(missing))
    table = rows.assign(segment=rows["segment"].fillna("") if "segment" in rows else "")
    grade = Grade.RANDOMISED_PILOT if randomised else Grade.MATCHED_COMPARISON
    return tuple(_measure(str(name), part, spend_today, grade) for name, part in table.groupby("segment", sort=True))


def compare_over_time(rows: pd.DataFrame, since: pd.Timestamp) -> MatchedResult:
    """Return the churn of treated less control, after less before `since`, with the checks of the months before.

    Customers are the units where rows have them, else the groups of each segment: then at least two segments are needed.
    """
    by_customer = "customer_id" in rows and bool(rows["customer_id"].notna().all())
    unit = rows["customer_id"] if by_customer else rows["segment"].fillna("") + "|" + rows["group"]
    customers = np.ones(len(rows)) if by_customer else rows["customers"].to_numpy(dtype=float)
    period = pd.PeriodIndex(rows["period"], freq="M")
    return churn_difference_in_differences(
        customers - rows["retained"].to_numpy(dtype=float),
        customers,
        (rows["group"] == "treated").to_numpy(dtype=float),
        (period >= pd.Period(since, freq="M")).astype(float),
        unit.to_numpy(dtype=str),
        period=(period.year * 12 + period.month).to_numpy(dtype=float),
    )


def _measure(segment: str, rows: pd.DataFrame, spend_today: float | None, grade: Grade) -> MeasuredPilot:
    groups = {name: rows[rows["group"] == name] for name in ("treated", "control")}
    if any(part.empty for part in groups.values()):
        raise ModelError("pilot.comparison_incomplete")
    by_customer = "customer_id" in rows and bool(rows["customer_id"].notna().all())
    result = _of_customers(rows) if by_customer else _of_months(groups["treated"], groups["control"])
    result = replace(result, grade=grade)
    months = int(pd.PeriodIndex(rows["period"], freq="M").nunique())
    spend = _spend(groups["treated"], groups["control"], by_customer)
    evidence = None
    if spend is not None and spend_today and spend[0] != spend[1]:
        evidence = as_evidence(
            result,
            spend_ratio_treated=spend[0] / spend_today,
            spend_ratio_control=spend[1] / spend_today,
            segment=segment or None,
        )
    return MeasuredPilot(
        segment=segment, months=months, result=result, spend_per_customer_month=spend, evidence=evidence
    )


def _of_customers(rows: pd.DataFrame) -> PilotResult:
    """Return the difference between customers; one with several months stayed if it did in the last of them."""
    last = rows.sort_values("period", kind="stable").groupby(["group", "customer_id"], as_index=False).last()
    kept = last["retained"].to_numpy(dtype=float)
    if not np.isin(kept, (0, 1)).all() or last["customer_id"].duplicated().any():
        raise ModelError("pilot.customers_unreadable")
    treated = (last["group"] == "treated").to_numpy(dtype=float)
    if "covariate" in last and last["covariate"].notna().all():
        return cuped(kept, treated, last["covariate"].to_numpy(dtype=float))
    counts = [(treated == g).sum() for g in (1, 0)], [kept[treated == g].sum() for g in (1, 0)]
    return measure_randomised(counts[0][0], counts[1][0], counts[0][1], counts[1][1])


def _of_months(treated: pd.DataFrame, control: pd.DataFrame) -> PilotResult:
    """Return the difference between groups counted by month: `retained` of `customers` in each.

    The monthly hazards' ratio by Mantel & Haenszel (1959) with the months as strata, so that a month in which everybody
    leaves more does not count for either group; the difference is over the months of the pilot.
    """
    columns = ["customers", "retained"]
    by_month = [
        part.assign(period=pd.PeriodIndex(part["period"], freq="M")).groupby("period")[columns].sum().astype(float)
        for part in (treated, control)
    ]
    both = pd.merge(by_month[0], by_month[1], left_index=True, right_index=True, suffixes=("_t", "_c"))
    n_t, n_c = both["customers_t"].to_numpy(), both["customers_c"].to_numpy()
    lost_t, lost_c = n_t - both["retained_t"].to_numpy(), n_c - both["retained_c"].to_numpy()
    if (
        both.empty
        or min(n_t.min(), n_c.min()) <= 0
        or min(lost_t.min(), lost_c.min()) < 0
        or lost_t.sum() + lost_c.sum() == 0
    ):
        raise ModelError("pilot.counts_unreadable", treated=float(n_t.sum()), control=float(n_c.sum()))
    # Half a lost customer more in each group where one lost nobody, so that the logarithm exists.
    spare = 0.5 / n_t.size if min(lost_t.sum(), lost_c.sum()) == 0 else 0.0
    lost_t, lost_c = lost_t + spare, lost_c + spare
    above, below = (lost_t * n_c / (n_t + n_c)).sum(), (lost_c * n_t / (n_t + n_c)).sum()
    variance = ((lost_t + lost_c) * n_t * n_c / (n_t + n_c) ** 2).sum() / (above * below)
    gain, error = log(below / above), sqrt(variance)
    control_kept = float(np.prod(1 - (n_c > 0) * (lost_c / n_c)))
    half = critical_value(0.9) * error

    def difference(log_hazard_gain: float) -> float:
        return float(control_kept ** exp(-log_hazard_gain)) - control_kept

    from scipy.special import ndtr

    return PilotResult(
        treated_retention=control_kept + difference(gain),
        control_retention=control_kept,
        difference=Interval(low=difference(gain - half), mid=difference(gain), high=difference(gain + half)),
        p_value=float(2 * ndtr(-abs(gain) / error)),
        log_hazard_gain=gain,
        log_hazard_error=error,
        treated_customers=float(n_t.max()),
        control_customers=float(n_c.max()),
        grade=Grade.RANDOMISED_PILOT,
    )


def _spend(treated: pd.DataFrame, control: pd.DataFrame, by_customer: bool) -> tuple[float, float] | None:
    """Return spend per customer and month of each group; None where a row has none."""
    if "spend" not in treated or treated["spend"].isna().any() or control["spend"].isna().any():
        return None
    rates = []
    for part in (treated, control):
        customers = float(len(part)) if by_customer else float(part["customers"].astype(float).sum())
        rates.append(float(part["spend"].astype(float).sum()) / customers)
    return rates[0], rates[1]
