"""What a customer is worth: discounted contribution margin less support cost over a stated horizon, with an interval.

Convention: a customer active today pays first at the end of the first period, if still there: value = sum over t = 1..H
of survival(t) (margin - support cost) / (1 + d)^t. The margin of this very moment is not in it (`margin_multiple` can
add it). Orders-only customers get their future orders from `cxroi.model.repeat_buying`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.discount import discount_factors
from cxroi.model.order_value import GammaGammaFit, expected_amount, fit_gamma_gamma
from cxroi.model.proportion import jeffreys_quantiles
from cxroi.model.repeat_buying import BgnbdFit, expected_orders_by_month, fit_bgnbd, probability_alive
from cxroi.model.uncertainty import Interval

__all__ = [
    "BgnbdFit",
    "Clv",
    "GammaGammaFit",
    "ValuedGroup",
    "churn_rate_draws",
    "clv",
    "clv_of_mix",
    "constant_survival",
    "discounted_value",
    "expected_lifetime",
    "fit_bgnbd",
    "fit_gamma_gamma",
    "margin_multiple",
    "probability_alive",
]

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


def margin_multiple(
    retention_rate: ArrayLike, discount_rate: ArrayLike, *, first_margin_now: bool = False
) -> float | Array:
    """Return how many periods' margin a customer is worth: r / (1 + i - r).

    With today's margin it is (1 + i) / (1 + i - r). That form is exactly one more. Both rates are per period; an
    endless horizon and a constant margin are assumed. Source: Gupta & Lehmann (2003), "Customers as Assets".

    >>> margin_multiple(0.9, 0.1), margin_multiple(0.9, 0.1, first_margin_now=True)
    (4.5, 5.5)
    """
    r, i = np.asarray(retention_rate, dtype=float), np.asarray(discount_rate, dtype=float)
    if not (np.all((r >= 0) & (r <= 1)) and np.all(i > -1) and np.all(1 + i - r > 0)):
        raise ModelError("clv.rates_out_of_range", retention_rate=str(retention_rate), discount_rate=str(discount_rate))
    multiple = np.round((1 + i if first_margin_now else r) / (1 + i - r), 12)
    return float(multiple) if multiple.ndim == 0 else multiple


def expected_lifetime(churn_rate: float) -> float:
    """Return the mean number of periods a customer stays, 1 / churn rate; infinite when nobody leaves.

    >>> expected_lifetime(0.05)
    20.0
    """
    if not 0 <= churn_rate <= 1:
        raise ModelError("clv.churn_out_of_range", churn_rate=churn_rate)
    return 1 / churn_rate if churn_rate else float("inf")


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


def clv(
    contribution_margin_per_month: ArrayLike,
    support_cost_per_month: ArrayLike,
    survival: ArrayLike,
    *,
    annual_discount_rate: float = 0.10,
) -> Clv:
    """Return the lifetime value of one active customer with a 90 % interval over the draws.

    `survival` is the share still active at the end of month 1..H, (H,) or (draws, H); margin and cost are money per
    active customer and month, scalars or one a draw. Month-end discounting at (1 + annual)^(t / 12).

    >>> clv(100.0, 20.0, [1.0, 1.0], annual_discount_rate=0.0).value.mid
    160.0
    """
    return clv_of_mix(
        [
            ValuedGroup(
                share=1.0, margin=contribution_margin_per_month, support=support_cost_per_month, survival=survival
            )
        ],
        annual_discount_rate=annual_discount_rate,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class ValuedGroup:
    """One group of customers: its share of all, margin and support cost a month, and survival as `clv` takes them."""

    share: float
    margin: ArrayLike
    support: ArrayLike
    survival: ArrayLike


def clv_of_mix(groups: Sequence[ValuedGroup], *, annual_discount_rate: float = 0.10) -> Clv:
    """Return the lifetime value of a customer drawn from several groups: the sum of share times value, draw by draw.

    Draws of different groups must be in unrelated order, else their uncertainty adds up as if it were one.
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


def discounted_value(
    orders: BgnbdFit,
    spend: GammaGammaFit,
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    mean_amount: ArrayLike,
    *,
    horizon_months: int = 12,
    annual_discount_rate: float = 0.10,
) -> Array:
    """Return each customer's expected orders times expected amount, discounted at month end, over `horizon_months`.

    Money in the unit of `mean_amount` (use margin per order for a value after cost). The fit carries its own time unit,
    so that weeks are never taken for days: a widely copied tutorial overstates this very figure about four times that
    way. Source: Fader, Hardie & Lee (2005), "RFM and CLV"; lifetimes Quickstart (Davidson-Pilon 2020) for the trap.
    """
    if horizon_months < 1:
        raise ModelError("clv.horizon_out_of_range", months=horizon_months)
    x = np.asarray(frequency, dtype=float)
    discount = discount_factors(annual_discount_rate, horizon_months)
    ahead = expected_orders_by_month(orders, horizon_months, x, recency, age)
    return np.asarray(np.tensordot(discount, ahead, axes=1) * expected_amount(spend, x, mean_amount))
