"""What some points more of annual retention would be worth, on a company's own figures and as the famous benchmark is reckoned.

Reichheld & Sasser (1990) halved the customers who leave in chosen industries and compared the profit of a customer's life before and
after: with R retained a year a customer stays 1 / (1 - R) years, so that the gain is (1 - R) / (1 - R') - 1 before discounting and
whatever else changes. It is large where few leave, and small where many do. Discounted at i a year a customer who pays at once and each
year that follows is worth (1 + i) / (1 + i - R) margins of a year (Gupta & Lehmann 2003), which grows by less; at i = 0 it is 1 / (1 - R).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.customers.contract_clv import Prospect
from cxroi.model.discount import discount_factors
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class SegmentPoints:
    """One segment: the annual retention of its customers of today before and after, and what that is worth over the horizon."""

    segment: str
    customers: float
    retention: Interval
    raised: Interval
    per_customer: Interval  # money
    gain: Interval  # money, of all its customers of today


@dataclass(frozen=True, kw_only=True)
class RetentionPoints:
    """`points` more of annual retention in every segment, none above 100 %; before anything that it would cost.

    `life_years` and `raised_life_years` are 1 / (1 - R); `for_life` is what a customer's profit then gains as a share, `for_life_discounted`
    the same discounted; both are None where nobody would leave any more. `share` is `gain` as a share of what today's customers
    are worth over the horizon.
    """

    points: float
    horizon_months: int
    annual_discount_rate: float
    segments: tuple[SegmentPoints, ...]
    retention: Interval
    raised: Interval
    life_years: Interval
    raised_life_years: Interval | None
    for_life: Interval | None
    for_life_discounted: Interval | None
    worth: Interval  # money, of all customers of today as they stay
    gain: Interval  # money
    share: Interval | None


def worth_of_points(
    prospects: Sequence[Prospect], *, horizon_months: int, points: float = 5.0, annual_discount_rate: float = 0.10
) -> RetentionPoints:
    """Return what `points` more of annual retention would be worth to customers of today, margin less support cost.

    Survival S(t) becomes S(t) to the power log R' / log R, R = S(12): every hazard falls in the same proportion. `prospects` must reach
    over the horizon and a year at least.
    """
    discount = discount_factors(annual_discount_rate, horizon_months)
    found = [_moved(one, points, discount) for one in prospects]
    everybody = sum(one.customers for one in found) or 1.0
    shares = [one.customers / everybody for one in found]
    retention, raised, worth, gain = (
        np.sum([weight * getattr(one, name) for weight, one in zip(weights, found, strict=True)], axis=0)
        for name, weights in (
            *(("retention", shares), ("raised", shares)),
            *((name, [one.customers for one in found]) for name in ("worth", "gain")),
        )
    )
    lasting = [retention, raised] if (raised < 1).all() else None
    multiples = lasting and [margin_multiple(one, annual_discount_rate) for one in lasting]
    return RetentionPoints(
        points=points,
        horizon_months=horizon_months,
        annual_discount_rate=annual_discount_rate,
        segments=tuple(one.told for one in found),
        retention=Interval.of_draws(retention),
        raised=Interval.of_draws(raised),
        life_years=Interval.of_draws(life_years(retention)),
        raised_life_years=Interval.of_draws(life_years(raised)) if lasting else None,
        for_life=Interval.of_draws(life_years(raised) / life_years(retention) - 1) if lasting else None,
        for_life_discounted=Interval.of_draws(multiples[1] / multiples[0] - 1) if multiples else None,
        worth=Interval.of_draws(worth),
        gain=Interval.of_draws(gain),
        share=Interval.of_draws(gain / worth) if (worth > 0).all() else None,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Moved:
    """One segment, draw by draw: annual retention before and after, what a customer is worth and what the points add."""

    baseline: SegmentBaseline
    retention: Array
    raised: Array
    worth: Array
    gain: Array

    @property
    def customers(self) -> float:
        return self.baseline.customers

    @property
    def told(self) -> SegmentPoints:
        return SegmentPoints(
            segment=self.baseline.segment,
            customers=self.customers,
            retention=Interval.of_draws(self.retention),
            raised=Interval.of_draws(self.raised),
            per_customer=Interval.of_draws(self.gain),
            gain=Interval.of_draws(self.customers * self.gain),
        )


def _moved(one: Prospect, points: float, discount: Array) -> _Moved:
    monthly = one.baseline.contribution_margin_per_customer_month - one.baseline.support_cost_per_customer_month
    retention = np.clip(one.active[:, _YEAR - 1], 0.0, 1.0)
    raised = np.minimum(retention + points / 100, 1.0)
    stay = one.active[:, : discount.size]
    return _Moved(
        baseline=one.baseline,
        retention=retention,
        raised=raised,
        worth=monthly * (stay @ discount),
        gain=monthly * ((raised_survival(stay, retention, raised) - stay) @ discount),
    )


def raised_survival(survival: ArrayLike, retention: ArrayLike, raised: ArrayLike) -> Array:
    """Return survival (draws, months) whose share after a year is `raised` in place of `retention`, every hazard changed alike.

    >>> raised_survival([[0.98**12, 0.98**24]], [0.98**12], [0.99**12]).round(6).tolist() == [[round(0.99**12, 6), round(0.99**24, 6)]]
    True
    """
    stay, from_rate, to_rate = (np.asarray(values, dtype=float) for values in (survival, retention, raised))
    movable = (from_rate > 0) & (from_rate < 1) & (to_rate > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(movable, np.log(to_rate) / np.log(from_rate), 1.0)
    found: Array = stay ** power[:, None]
    return found


def life_years(annual_retention_rate: ArrayLike) -> Array:
    """Return the years that a customer stays on average, 1 / (1 - R).

    >>> life_years([0.90, 0.95]).round(6).tolist()
    [10.0, 20.0]
    """
    leave = 1 - np.asarray(annual_retention_rate, dtype=float)
    years: Array = 1 / np.maximum(leave, 1e-9)
    return years


def margin_multiple(annual_retention_rate: ArrayLike, annual_discount_rate: float) -> Array:
    """Return how many margins of a year a customer is worth who pays at once and every year that follows, (1 + i) / (1 + i - R).

    It is one more than R / (1 + i - R), of who pays first in a year. Source: Gupta & Lehmann (2003), Customers as assets.

    >>> (margin_multiple([0.90, 0.95], 0.10) - 1).round(2).tolist()
    [4.5, 6.33]
    """
    rate = np.asarray(annual_retention_rate, dtype=float)
    multiple: Array = (1 + annual_discount_rate) / np.maximum(1 + annual_discount_rate - rate, 1e-9)
    return multiple
