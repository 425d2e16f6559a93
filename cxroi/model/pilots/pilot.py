"""What a pilot showed: the uplift of a randomised comparison, and how it enters the response as evidence.

Before a pilot: `cxroi.model.pilots.pilot_design`. Without randomisation: `cxroi.model.pilots.difference_in_differences`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.power import (
    hazard_variance,
)
from cxroi.model.statistics.proportion import critical_value, difference_interval
from cxroi.model.statistics.uncertainty import Interval


class PilotOutcome(StrEnum):
    """What a pilot can show that spend moves; beside churn the names are those of `cxroi.model.channels.Channel`."""

    CHURN = "churn"
    MARGIN = "margin"
    SUPPORT = "support"
    JOINS = "joins"


@dataclass(frozen=True, kw_only=True)
class PilotBeliefs:
    """What is believed of customers before a pilot tells; the values in use stand in data/assumptions.toml with their sources.

    Spreads are coefficients of variation between customers of one group; the intra-class correlation is that of customers of
    one branch.
    """

    margin_spread: float = 1.5
    support_spread: float = 2.0
    intra_class_correlation: float = 0.01

    def spread(self, outcome: PilotOutcome) -> float:
        """Return the spread of what a customer brings or costs."""
        return self.support_spread if outcome is PilotOutcome.SUPPORT else self.margin_spread


@dataclass(frozen=True, kw_only=True)
class PilotEvidence:
    """A normal likelihood on U(treated) - U(control), the log of one outcome that the difference in spend bought.

    Spend ratios are to today's spend per customer. `log_gain` is positive when the treated did better: lower log hazard of
    leaving, higher log margin, lower log support cost, more joins in logs. `segment` is None for a pilot over the whole
    company. Over `months` spend carries over from the control's level to its own, so that a short pilot shows less than
    what the spend buys in the end; 0: it shows all of it.
    """

    spend_ratio_treated: float
    spend_ratio_control: float
    log_gain: float
    standard_error: float
    grade: Grade
    outcome: PilotOutcome = PilotOutcome.CHURN
    segment: str | None = None  # None: the whole company
    months: int = 0


@dataclass(frozen=True, kw_only=True)
class PilotResult:
    """A measured pilot; `difference` is retention over the pilot, treated less control, with its 90 % interval."""

    treated_retention: float
    control_retention: float
    difference: Interval
    p_value: float
    log_hazard_gain: float
    log_hazard_error: float
    treated_customers: float
    control_customers: float
    grade: Grade
    variance_reduction: float = 0.0  # by CUPED, a share


class _Measured(Protocol):
    @property
    def log_hazard_gain(self) -> float: ...
    @property
    def log_hazard_error(self) -> float: ...
    @property
    def grade(self) -> Grade: ...


def measure_randomised(
    treated_customers: float, treated_retained: float, control_customers: float, control_retained: float
) -> PilotResult:
    """Return the risk difference of a randomised pilot with Newcombe's (1998) interval, and its log-hazard gain.

    gain = ln(-ln S_control) - ln(-ln S_treated), the same whatever the length of the pilot when hazards are
    proportional; variance (1 - S) / (n S ln(S)^2) a group. Half a lost and half a retained customer are added where a
    group lost nobody or everybody. The p-value is of the pooled two-proportion z-test.

    >>> result = measure_randomised(1000, 930, 1000, 900)
    >>> round(result.difference.mid, 4), round(result.log_hazard_gain, 4)
    (0.03, 0.3728)
    """
    counts = (treated_customers, treated_retained, control_customers, control_retained)
    if not (
        0 <= treated_retained <= treated_customers and 0 <= control_retained <= control_customers and all(counts[::2])
    ):
        raise ModelError("pilot.counts_unreadable", treated=treated_customers, control=control_customers)
    treated, control = treated_retained / treated_customers, control_retained / control_customers
    low, high = difference_interval(
        treated_retained, treated_customers, control_retained, control_customers, confidence=0.9
    )
    hazard_t = _log_cumulative_hazard(treated_customers, treated_retained)
    hazard_c = _log_cumulative_hazard(control_customers, control_retained)
    return PilotResult(
        treated_retention=treated,
        control_retention=control,
        difference=Interval(low=low, mid=treated - control, high=high),
        p_value=_pooled_p_value(*counts),
        log_hazard_gain=hazard_c[0] - hazard_t[0],
        log_hazard_error=sqrt(hazard_c[1] + hazard_t[1]),
        treated_customers=treated_customers,
        control_customers=control_customers,
        grade=Grade.RANDOMISED_PILOT,
    )


def as_evidence(
    measured: _Measured,
    *,
    spend_ratio_treated: float,
    spend_ratio_control: float = 1.0,
    segment: str | None = None,
    months: int = 0,
) -> PilotEvidence:
    """Return a measured pilot as a likelihood for `cxroi.model.response.posterior`, at two levels of spend.

    Raises ModelError when both groups got the same spend, which teaches nothing about spend.
    """
    if min(spend_ratio_treated, spend_ratio_control) < 0 or spend_ratio_treated == spend_ratio_control:
        raise ModelError("pilot.same_spend", treated=spend_ratio_treated, control=spend_ratio_control)
    return PilotEvidence(
        spend_ratio_treated=spend_ratio_treated,
        spend_ratio_control=spend_ratio_control,
        log_gain=measured.log_hazard_gain,
        standard_error=measured.log_hazard_error,
        grade=measured.grade,
        segment=segment,
        months=months,
    )


def cuped(retained: ArrayLike, treated: ArrayLike, covariate: ArrayLike) -> PilotResult:
    """Return the randomised difference after taking out what a pre-period covariate already explained.

    y - theta (x - mean x) with theta = cov(x, y) / var(x), both within groups; `covariate` must have been measured
    before anyone was assigned. Source: Deng, Xu, Kohavi & Walker (2013).
    """
    from scipy.special import ndtr

    y, group, x = (np.asarray(value, dtype=float) for value in (retained, treated, covariate))
    if not y.shape == group.shape == x.shape or min((group == 1).sum(), (group == 0).sum()) < 2 or np.isnan(x).any():
        raise ModelError("pilot.covariate_unreadable")
    centre = np.where(group == 1, x[group == 1].mean(), x[group == 0].mean())
    spread = ((x - centre) ** 2).sum()
    theta = ((x - centre) * y).sum() / spread if spread > 0 else 0.0
    adjusted = y - theta * (x - x.mean())
    kept_t, kept_c = adjusted[group == 1], adjusted[group == 0]
    variance_t, variance_c = kept_t.var(ddof=1) / kept_t.size, kept_c.var(ddof=1) / kept_c.size
    error = sqrt(variance_t + variance_c)
    plain = y[group == 1].var(ddof=1) / kept_t.size + y[group == 0].var(ddof=1) / kept_c.size
    treated_rate, control_rate = (float(np.clip(kept.mean(), 1e-6, 1 - 1e-6)) for kept in (kept_t, kept_c))
    effect = float(kept_t.mean() - kept_c.mean())
    slope_t, slope_c = treated_rate * log(treated_rate), control_rate * log(control_rate)
    return PilotResult(
        treated_retention=treated_rate,
        control_retention=control_rate,
        difference=_normal_interval(effect, error),
        p_value=float(2 * ndtr(-abs(effect) / error)) if error else float(effect == 0),
        log_hazard_gain=log(-log(control_rate)) - log(-log(treated_rate)),
        log_hazard_error=sqrt(variance_t / slope_t**2 + variance_c / slope_c**2),
        treated_customers=float(kept_t.size),
        control_customers=float(kept_c.size),
        grade=Grade.RANDOMISED_PILOT,
        variance_reduction=float(1 - error**2 / plain) if plain else 0.0,
    )


def _log_cumulative_hazard(customers: float, retained: float) -> tuple[float, float]:
    """Return ln(-ln S) and its variance."""
    if retained in (0, customers):
        customers, retained = customers + 1, retained + 0.5
    share = retained / customers
    return log(-log(share)), hazard_variance(share, customers)


def _pooled_p_value(n_1: float, kept_1: float, n_2: float, kept_2: float) -> float:
    from scipy.special import ndtr

    pooled = (kept_1 + kept_2) / (n_1 + n_2)
    error = sqrt(pooled * (1 - pooled) * (1 / n_1 + 1 / n_2))
    return float(2 * ndtr(-abs(kept_1 / n_1 - kept_2 / n_2) / error)) if error else 1.0


def _normal_interval(mid: float, error: float) -> Interval:
    half = critical_value(0.9) * error
    return Interval(low=mid - half, mid=mid, high=mid + half)
