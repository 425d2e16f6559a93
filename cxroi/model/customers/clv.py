"""What a customer is worth: discounted contribution margin less support cost over a stated horizon, with an interval.

Convention: a customer active today pays first at the end of the first period, if still there: value = sum over t = 1..H
of survival(t) (margin - support cost) / (1 + d)^t. The margin of this very moment is not in it. Orders-only customers get their future orders from `cxroi.model.customers.repeat_buying`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.discount import discount_factors
from cxroi.model.statistics.proportion import jeffreys_quantiles
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Clv:
    """Customer lifetime value of one active customer, in money, over `horizon_months`."""

    value: Interval
    undiscounted: Interval
    months_active: Interval  # expected months as a customer within the horizon
    horizon_months: int
    annual_discount_rate: float
    contribution_margin_per_month: float
    support_cost_per_month: float


def churn_rate_draws(lost: float, customer_periods: float, draws: int = 512) -> Array:
    """Return evenly spread quantiles of the Jeffreys posterior of a churn rate, Beta(lost + 1/2, stayed + 1/2).

    >>> bool(abs(churn_rate_draws(20, 1000).mean() - 20.5 / 1001) < 1e-4)
    True
    """
    if not 0 <= lost <= customer_periods or customer_periods <= 0:
        raise ModelError("clv.counts_out_of_range", lost=lost, customer_periods=customer_periods)
    return jeffreys_quantiles(lost, customer_periods, (np.arange(draws) + 0.5) / draws)


def constant_survival(churn_rate: ArrayLike, horizon: int) -> Array:
    """Return (1 - churn)^t for t = 1..horizon; one row a draw when `churn_rate` is an array.

    >>> constant_survival(0.5, 3).tolist()
    [0.5, 0.25, 0.125]
    """
    rate = np.asarray(churn_rate, dtype=float)
    survival: Array = (1 - rate[..., None]) ** np.arange(1, horizon + 1)
    return survival


@dataclass(frozen=True, kw_only=True, eq=False)
class ValuedGroup:
    """One group of customers: its share of all, margin and support cost a month, and survival.

    `survival` is the share still active at the end of month 1..H, (H,) or (draws, H); margin and support are money per active
    customer and month, scalars or one a draw.
    """

    share: float
    margin: ArrayLike
    support: ArrayLike
    survival: ArrayLike


def clv_of_mix(groups: Sequence[ValuedGroup], *, annual_discount_rate: float = 0.10) -> Clv:
    """Return the lifetime value of a customer drawn from several groups: the sum of share times value, draw by draw.

    With a 90 % interval over the draws; month-end discounting at (1 + annual)^(t / 12). Draws of different groups must be in unrelated order, else their uncertainty adds up as if it were one.
    """
    value = undiscounted = months = np.zeros(1)
    margin = support = 0.0
    horizon = 0
    for group in groups:
        stay = np.atleast_2d(np.asarray(group.survival, dtype=float))
        earned = np.atleast_1d(np.asarray(group.margin, dtype=float))
        spent = np.atleast_1d(np.asarray(group.support, dtype=float))
        if not np.isfinite(stay).all() or stay.min() < 0 or stay.max() > 1 + 1e-9:
            raise ModelError("clv.survival_unreadable")
        horizon = stay.shape[1]
        discount = discount_factors(annual_discount_rate, horizon)
        value = value + group.share * (earned - spent) * (stay @ discount)
        undiscounted = undiscounted + group.share * (earned - spent) * stay.sum(axis=1)
        months = months + group.share * stay.sum(axis=1)
        margin, support = margin + group.share * float(earned.mean()), support + group.share * float(spent.mean())
    return Clv(
        value=Interval.of_draws(value),
        undiscounted=Interval.of_draws(undiscounted),
        months_active=Interval.of_draws(months),
        horizon_months=horizon,
        annual_discount_rate=annual_discount_rate,
        contribution_margin_per_month=margin,
        support_cost_per_month=support,
    )
