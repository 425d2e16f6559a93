"""A pilot as it was uploaded, measured: one row a customer, or one a group (or unit) and month.

Which measure fits follows from the rows: customers with a covariate take CUPED, customers without it the counted
difference, months of groups the churn of the two groups over the same months (`cxroi.model.pilots.pilot_months`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.difference_in_differences import (
    MatchedResult,
    churn_difference_in_differences,
    difference_in_differences,
    staggered_churn_difference,
)
from cxroi.model.pilots.pilot import (
    PilotBeliefs,
    PilotEvidence,
    PilotOutcome,
    PilotResult,
    as_evidence,
    cuped,
    measure_randomised,
)
from cxroi.model.pilots.pilot_months import MonthsResult, compare_months, start_of
from cxroi.model.pilots.pilot_outcomes import COLUMNS, OutcomeResult, measure_outcome


@dataclass(frozen=True, kw_only=True)
class MeasuredPilot:
    """One pilot of one segment ("" for the whole company), and what it says about spend where the rows have spend.

    `months` is how long it ran, `months_before` how many months before it the rows hold; `over_time` is what these
    said, None in a pilot of single customers, who were all there when it began. `outcomes` are those beside retention that
    the rows have, `refused` why others of them could not be measured.
    """

    segment: str
    months: int
    months_before: int
    result: PilotResult
    over_time: MonthsResult | None
    spend_per_customer_month: tuple[float, float] | None  # treated, control
    evidence: PilotEvidence | None
    outcomes: tuple[OutcomeResult, ...] = ()
    refused: Mapping[PilotOutcome, ModelError] = field(default_factory=dict)


def measure_table(
    rows: pd.DataFrame,
    *,
    spend_today: float | None = None,
    randomised: bool = True,
    since: pd.Timestamp | None = None,
    beliefs: PilotBeliefs | None = None,
) -> tuple[MeasuredPilot, ...]:
    """Return the pilots in an uploaded table, one a segment.

    Columns: group ("treated" or "control"), period (month), retained, and customers or customer_id; optionally segment,
    spend, starts_on, covariate, margin, support_cost and joined. Months before the pilot began (`since`, else `start_of` its rows) never dilute it.
    `spend_today` is CX spend per customer and month; with it, and with spend in the rows, a pilot becomes evidence for
    the response. Not `randomised` lowers the grade: the groups were chosen to match.
    """
    if missing := [name for name in ("group", "period", "retained") if name not in rows]:
        raise ModelError("pilot.columns_missing", columns=", ".join(missing))
    table = rows.assign(segment=rows["segment"].fillna("") if "segment" in rows else "")
    return tuple(
        _measure(str(name), part, spend_today, randomised, since, beliefs or PilotBeliefs())
        for name, part in table.groupby("segment", sort=True)
    )


def compare_over_time(rows: pd.DataFrame, since: pd.Timestamp | None = None) -> MatchedResult:
    """Return the churn of treated less control, after less before the start, with the checks of the months before.

    Each segment began at `since`, else as its own rows say (`start_of`); those that began in different months are compared with
    what had not begun yet. Customers are the units where rows have them, else the groups of each segment: then at least two
    segments are needed.
    """
    told = _Told.of(rows, since)
    lost = told.customers - rows["retained"].to_numpy(dtype=float)
    if told.begin_together:
        return churn_difference_in_differences(
            lost, told.customers, told.treated, told.after, told.unit, period=told.month
        )
    start = np.where(told.treated > 0, told.start, np.nan)
    return staggered_churn_difference(lost, told.customers, told.unit, told.month, start)


def money_over_time(rows: pd.DataFrame, since: pd.Timestamp | None = None) -> dict[PilotOutcome, MatchedResult]:
    """Return the same of margin and of support cost per customer and month, where all rows have them and all began together."""
    told = _Told.of(rows, since)
    if not told.begin_together:
        return {}
    return {
        outcome: difference_in_differences(
            rows[COLUMNS[outcome]].to_numpy(dtype=float) / told.customers,
            told.treated,
            told.after,
            told.unit,
            period=told.month,
            weights=told.customers,
        )
        for outcome in (PilotOutcome.MARGIN, PilotOutcome.SUPPORT)
        if COLUMNS[outcome] in rows and rows[COLUMNS[outcome]].notna().all()
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class _Told:
    """What the rows of pilots say of a comparison over time, an entry a row; months are counted from year 0."""

    customers: NDArray[np.float64]
    treated: NDArray[np.float64]
    unit: NDArray[np.str_]
    month: NDArray[np.float64]
    start: NDArray[np.float64]

    @classmethod
    def of(cls, rows: pd.DataFrame, since: pd.Timestamp | None) -> _Told:
        """Raises ModelError where nothing says when a pilot began."""
        by_customer = "customer_id" in rows and bool(rows["customer_id"].notna().all())
        segment = rows["segment"].fillna("")
        begun = {}
        for name, part in rows.groupby(segment):
            start = start_of(part) if since is None else pd.Period(since, freq="M")
            if start is None:
                raise ModelError("pilot.comparison_incomplete")
            begun[name] = float(start.year * 12 + start.month)
        period = pd.PeriodIndex(rows["period"], freq="M")
        return cls(
            customers=np.ones(len(rows)) if by_customer else rows["customers"].to_numpy(dtype=float),
            treated=np.asarray(rows["group"] == "treated", dtype=float),
            unit=(rows["customer_id"] if by_customer else segment + "|" + rows["group"]).to_numpy(dtype=str),
            month=(period.year * 12 + period.month).to_numpy(dtype=float),
            start=np.array([begun[name] for name in segment]),
        )

    @property
    def after(self) -> NDArray[np.float64]:
        return (self.month >= self.start).astype(float)

    @property
    def begin_together(self) -> bool:
        return np.unique(self.start).size == 1


def _measure(
    segment: str,
    rows: pd.DataFrame,
    spend_today: float | None,
    randomised: bool,
    since: pd.Timestamp | None,
    beliefs: PilotBeliefs,
) -> MeasuredPilot:
    if set(rows["group"]) != {"treated", "control"}:
        raise ModelError("pilot.comparison_incomplete")
    start = start_of(rows) if since is None else pd.Period(since, freq="M")
    period = pd.PeriodIndex(rows["period"], freq="M")
    during = rows if start is None else rows[period >= start]
    if set(during["group"]) != {"treated", "control"}:
        raise ModelError("pilot.comparison_incomplete")
    by_customer = "customer_id" in rows and bool(rows["customer_id"].notna().all())
    over_time = None if by_customer else compare_months(rows, start, randomised=randomised)
    result = over_time.result if over_time else _of_customers(during)
    if by_customer and not randomised:
        result = replace(result, grade=Grade.MATCHED_COMPARISON)
    months = pd.PeriodIndex(during["period"], freq="M").nunique()
    spend = _spend(during, by_customer)
    evidence = None
    if spend is not None and spend_today and spend[0] != spend[1]:
        evidence = as_evidence(
            result,
            spend_ratio_treated=spend[0] / spend_today,
            spend_ratio_control=spend[1] / spend_today,
            segment=segment or None,
            months=months,
        )
    outcomes, refused = _outcomes(rows, start, by_customer, randomised, beliefs, evidence)
    return MeasuredPilot(
        segment=segment,
        months=months,
        months_before=period.nunique() - months,
        result=result,
        over_time=over_time,
        spend_per_customer_month=spend,
        evidence=evidence,
        outcomes=outcomes,
        refused=refused,
    )


def _outcomes(
    rows: pd.DataFrame,
    start: pd.Period | None,
    by_customer: bool,
    randomised: bool,
    beliefs: PilotBeliefs,
    evidence: PilotEvidence | None,
) -> tuple[tuple[OutcomeResult, ...], dict[PilotOutcome, ModelError]]:
    """Return what the rows show beside retention, at the same two levels of spend, and why some of it they cannot."""
    found, refused = [], {}
    for outcome, column in COLUMNS.items():
        given = column in rows and bool(rows[column].notna().any())
        if not given:
            continue
        try:
            if rows[column].isna().any():
                raise ModelError("pilot.outcome_incomplete", column=column)
            one = measure_outcome(outcome, rows, start, by_customer=by_customer, randomised=randomised, beliefs=beliefs)
        except ModelError as error:
            refused[outcome] = error
            continue
        facts: dict[str, Any] = {
            "outcome": outcome,
            "log_gain": one.log_gain,
            "standard_error": one.log_error,
            "grade": one.grade,
        }
        found.append(one if evidence is None else replace(one, evidence=replace(evidence, **facts)))
    return tuple(found), refused


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


def _spend(rows: pd.DataFrame, by_customer: bool) -> tuple[float, float] | None:
    """Return spend per customer and month of treated and of control; None where a row has none."""
    if "spend" not in rows or rows["spend"].isna().any():
        return None
    rates = []
    for name in ("treated", "control"):
        part = rows[rows["group"] == name]
        customers = float(len(part)) if by_customer else float(part["customers"].astype(float).sum())
        rates.append(float(part["spend"].astype(float).sum()) / customers)
    return rates[0], rates[1]
