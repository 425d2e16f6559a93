"""Retention and value of every segment from counts of tenures, with intervals; of orders see `cxroi.model.customers.order_clv`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.company.segments import named_segments
from cxroi.model.customers.clv import Clv, ValuedGroup, churn_rate_draws, clv_of_mix, constant_survival
from cxroi.model.customers.hazard import Hazard, HazardChoice
from cxroi.model.customers.retention import CohortRetention, cohort_retention
from cxroi.model.customers.tenure import hazard_of, of_segment, tenure_mix
from cxroi.model.discount import discount_rate
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
_DRAWS = 256


@dataclass(frozen=True, kw_only=True)
class SegmentValue:
    """One segment: how its customers stay, and what one of them is worth.

    `active` is a customer of today with today's mix of tenures, `new` one who joins today; under a constant hazard they
    are equal. The whole is the mix of its segments, by customers and by joins, so that segments add up to it. `hazard`
    is None where the data have no joining dates to tell tenures.
    """

    segment: str
    hazard: HazardChoice | None
    monthly_churn_rate: Interval
    annual_retention_rate: Interval
    active: Clv
    new: Clv


@dataclass(frozen=True, kw_only=True)
class CustomerValue:
    """Every segment and the whole company, and the cohorts behind (None where only the panel is known)."""

    segments: tuple[SegmentValue, ...]
    whole: SegmentValue
    cohorts: CohortRetention | None
    cohort_months: tuple[str, ...]  # YYYY-MM, one a row of `cohorts`
    horizon_months: int
    annual_discount_rate: float
    currency: str


def value_of_contracts(
    baseline: Baseline,
    tenures: pd.DataFrame | None = None,
    *,
    trailing_months: int = 12,
    horizon_months: int = 36,
    annual_discount_rate: float = 0.10,
    recorded_from: pd.Timestamp | None = None,
) -> CustomerValue:
    """Return retention and CLV per segment; without `tenures` from the baseline's churn rate alone.

    `tenures` has one row a (segment, cohort, age_months, tenure_months, has_left) with its customers; ages and tenures
    are whole months. The hazard by tenure comes from the trailing months, as the baseline's churn does. Cohorts that joined before
    `recorded_from` are left out: those of them who left before then are not in the data.
    """
    if horizon_months < 1:
        raise ModelError("clv.horizon_out_of_range", months=horizon_months)
    discount_rate(annual_discount_rate)
    ages = _named(tenures)
    found = prospects(baseline, tenures, trailing_months=trailing_months, horizon_months=horizon_months)
    joined = ages if ages is None or recorded_from is None else ages[pd.to_datetime(ages["cohort"]) >= recorded_from]
    cohorts, months = (None, ()) if joined is None or joined.empty else cohort_table(joined)
    return CustomerValue(
        segments=tuple(_value(one.baseline, one.hazard, [one], annual_discount_rate) for one in found),
        whole=_value(baseline.whole, hazard_of(ages, trailing_months), found, annual_discount_rate),
        cohorts=cohorts,
        cohort_months=months,
        horizon_months=horizon_months,
        annual_discount_rate=annual_discount_rate,
        currency=baseline.currency,
    )


def prospects(
    baseline: Baseline, tenures: pd.DataFrame | None = None, *, trailing_months: int = 12, horizon_months: int = 36
) -> list[Prospect]:
    """Return how the customers of every segment stay, draw by draw; `tenures` as in `value_of_contracts`."""
    ages = _named(tenures)
    return [
        _prospect(
            one, None if ages is None else of_segment(ages, one.segment), trailing_months, horizon_months, seed=place
        )
        for place, one in enumerate(baseline.segments)
    ]


def _named(tenures: pd.DataFrame | None) -> pd.DataFrame | None:
    if tenures is None or tenures.empty:
        return None
    return tenures.assign(segment=named_segments(tenures["segment"]))


def cohort_table(ages: pd.DataFrame) -> tuple[CohortRetention, tuple[str, ...]]:
    """Return cohorts by month of joining; a tenure is shown once every customer of the cohort could have reached it."""
    by_cohort = ages.groupby("cohort", sort=True)
    longest = int(ages["age_months"].max()) + 1
    active = np.full((by_cohort.ngroups, longest), np.nan)
    for row, (_, cohort) in enumerate(by_cohort):
        n, tenure = cohort["customers"].to_numpy(dtype=float), cohort["tenure_months"].to_numpy()
        for period in range(int(cohort["age_months"].min()) + 1):
            active[row, period] = n[tenure >= period].sum()
    return cohort_retention(active), tuple(str(month)[:7] for month in by_cohort.groups)


@dataclass(frozen=True, eq=False)
class Prospect:
    """How the customers of one segment stay: share still there after month 1, 2, ..., of today's and of those who join."""

    baseline: SegmentBaseline
    hazard: HazardChoice | None
    active: Array  # survival, (draws, horizon)
    new: Array


def _prospect(one: SegmentBaseline, ages: pd.DataFrame | None, trailing: int, horizon: int, *, seed: int) -> Prospect:
    """Return how one segment's customers stay; its draws in an order of its own, unrelated to other segments'."""
    months = np.arange(1.0, horizon + 1)
    churn = churn_rate_draws(min(one.customers_lost, one.customer_months), max(one.customer_months, 1.0), _DRAWS)
    active = new = constant_survival(churn, horizon)
    hazard = hazard_of(ages, trailing)
    if ages is not None and hazard and hazard.choice is Hazard.TENURE and hazard.sbg:
        new = hazard.sbg.survival_draws(months, draws=_DRAWS)
        active = tenure_mix(hazard.sbg, ages).survival_draws(months, _DRAWS)
    order = np.random.default_rng(seed).permutation(_DRAWS)
    return Prospect(one, hazard, active[order], new[order])


def _value(
    one: SegmentBaseline, hazard: HazardChoice | None, parts: list[Prospect], annual_discount_rate: float
) -> SegmentValue:
    """Return one segment, or the whole as the mix of its segments: today's customers, and those who join."""

    def mix(sizes: list[float], survivals: list[Array]) -> Clv:
        total = sum(sizes)
        shares = [size / total if total else 1 / len(sizes) for size in sizes]
        groups = [
            ValuedGroup(
                share=share,
                margin=part.baseline.contribution_margin_per_customer_month,
                support=part.baseline.support_cost_per_customer_month,
                survival=survival,
            )
            for share, part, survival in zip(shares, parts, survivals, strict=True)
        ]
        return clv_of_mix(groups, annual_discount_rate=annual_discount_rate)

    return SegmentValue(
        segment=one.segment,
        hazard=hazard,
        monthly_churn_rate=one.monthly_churn_rate,
        annual_retention_rate=one.annual_retention_rate,
        active=mix([part.baseline.customers for part in parts], [part.active for part in parts]),
        new=mix([part.baseline.joins_per_month for part in parts], [part.new for part in parts]),
    )
