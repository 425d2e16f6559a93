"""What customers known only by their orders are worth: BG/NBD orders times gamma-gamma amounts, with intervals.

Intervals are those of the segment's mean, from the uncertainty of both fits (delta method on logarithms, so that no
interval crosses zero); what one customer will do varies far more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.company.baseline import Baseline
from cxroi.model.company.segments import WHOLE, named_segments
from cxroi.model.customers.dropout import counted_value, dropout_limit, is_seen, stays_a_year
from cxroi.model.customers.order_amounts import GammaGammaFit, expected_amount, fit_gamma_gamma
from cxroi.model.customers.repeat_buying import (
    BgnbdFit,
    expected_orders_by_month,
    fit_bgnbd,
    order_probability,
    probability_alive,
)
from cxroi.model.discount import discount_factors
from cxroi.model.statistics.maximum_likelihood import MaximumLikelihood
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
_STEP = 0.02  # of a logarithm, for derivatives
_APART = 0.05  # by which the shares of customers who stay a year must differ to contradict each other
_FIGURES = ("alive_rate", "expected_orders", "amount", "value")
_ENDS = ("low", "mid", "high")


@dataclass(frozen=True, kw_only=True)
class OrderSegmentValue:
    """One segment known by its orders: means per customer over the horizon, each with a 90 % interval."""

    segment: str
    customers: float
    alive_rate: Interval  # expected share still ordering
    expected_orders: Interval  # days with an order
    amount: Interval  # money a day with an order to come
    value: Interval  # contribution margin, discounted


@dataclass(frozen=True, kw_only=True)
class OrderValue:
    """Value from order histories; `orders` and `spend` carry the parameters with their intervals.

    `doubt` is "boundary" where the orders show no sign that anybody leaves, so that the ranges reach to what they could
    hide, and "contradicted" where the baseline says that many do, so that they reach to what it says; else "".
    """

    orders: BgnbdFit
    spend: GammaGammaFit
    segments: tuple[OrderSegmentValue, ...]
    whole: OrderSegmentValue
    horizon_months: int
    annual_discount_rate: float
    margin_rate: float
    none_within_a_year: float  # share of new customers who place no second order within a year
    doubt: str = ""


def value_of_orders(
    histories: pd.DataFrame,
    amounts: pd.DataFrame,
    *,
    margin_rate: float,
    horizon_months: int = 36,
    annual_discount_rate: float = 0.10,
    baseline: Baseline | None = None,
) -> OrderValue:
    """Return the value of customers known by their orders: BG/NBD orders times gamma-gamma amounts times `margin_rate`.

    `histories` has one row a (segment, frequency, recency_weeks, age_weeks) with customers and mean_amount, `amounts`
    one a (frequency, mean_amount) with customers. The expected amount is linear in a customer's own mean, so that
    counting customers of one history together loses nothing. Source: Fader, Hardie & Lee (2005), "RFM and CLV".
    Where the orders show no dropout at all, the ranges are widened by what the likelihood allows and by what `baseline`
    says of the same customers; their middle is then that of both in logarithms.
    """
    if horizon_months < 1:
        raise ModelError("clv.horizon_out_of_range", months=horizon_months)
    discount = discount_factors(annual_discount_rate, horizon_months)
    columns = ("customers", "frequency", "recency_weeks", "age_weeks", "mean_amount")
    counted, frequency, recency, age, mean_amount = (histories[name].to_numpy(dtype=float) for name in columns)
    orders = fit_bgnbd(frequency, recency, age, weights=counted, unit="week")
    spend = fit_gamma_gamma(
        amounts["frequency"].to_numpy(dtype=float),
        amounts["mean_amount"].to_numpy(dtype=float),
        weights=amounts["customers"].to_numpy(dtype=float),
    )
    segment = named_segments(histories["segment"]).to_numpy(dtype=str)
    names = [str(name) for name in np.unique(segment)]
    base = _CustomerBase(
        counted=counted,
        history=(frequency, recency, age),
        mean_amount=mean_amount,
        rows=(*(segment == name for name in names), np.ones(segment.size, bool)),
        margin_rate=margin_rate,
        discount=discount,
    )
    found = base.segments((*names, WHOLE), orders, spend)
    doubt = ""
    if not is_seen(orders, *base.history, weights=counted):
        limit = dropout_limit(orders, *base.history, weights=counted)
        found, doubt = base.down_to(found, limit, spend), "boundary"
        stays = min(stays_a_year(orders), stays_a_year(limit))
        if baseline is not None and baseline.whole.annual_retention_rate.high < stays - _APART:
            found, doubt = base.down_to_counted(found, baseline), "contradicted"
    return OrderValue(
        orders=orders,
        spend=spend,
        segments=found[:-1],
        whole=found[-1],
        horizon_months=horizon_months,
        annual_discount_rate=annual_discount_rate,
        margin_rate=margin_rate,
        none_within_a_year=float(order_probability(orders, 0, 12 * orders.periods_per_month)),
        doubt=doubt,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _CustomerBase:
    """The histories, and which of them make up each segment."""

    counted: Array
    history: tuple[Array, Array, Array]  # frequency, recency, age
    mean_amount: Array
    rows: tuple[NDArray[np.bool_], ...]
    margin_rate: float
    discount: Array  # by month

    def segments(self, names: tuple[str, ...], orders: BgnbdFit, spend: GammaGammaFit) -> tuple[OrderSegmentValue, ...]:
        months = self.discount.size
        ahead = expected_orders_by_month(orders, months, *self.history)
        middle = self.means(orders, spend, ahead)

        def ordering(**changed: float) -> Array:
            fit = replace(orders, **changed)  # type: ignore[arg-type]
            return self.means(fit, spend, expected_orders_by_month(fit, months, *self.history))

        def spending(**changed: float) -> Array:
            return self.means(orders, replace(spend, **changed), ahead)  # type: ignore[arg-type]

        variance = _variance(
            ordering, {name: getattr(orders, name) for name in ("r", "alpha", "a", "b")}, orders.estimate
        )
        variance = variance + _variance(
            spending, {name: getattr(spend, name) for name in ("p", "q", "v")}, spend.estimate
        )
        return tuple(
            OrderSegmentValue(
                segment=name,
                customers=float(self.counted[self.rows[place]].sum()),
                **{
                    figure: _interval(middle[row, place], variance[row, place], most=1.0 if row == 0 else np.inf)
                    for row, figure in enumerate(_FIGURES)
                },
            )
            for place, name in enumerate(names)
        )

    def down_to(
        self, found: tuple[OrderSegmentValue, ...], limit: BgnbdFit, spend: GammaGammaFit
    ) -> tuple[OrderSegmentValue, ...]:
        """Return the segments with ranges that hold what `limit`, the largest dropout allowed, says as well."""
        ahead = expected_orders_by_month(limit, self.discount.size, *self.history)
        means = self.means(limit, spend, ahead)
        return tuple(
            replace(
                one,
                **{figure: _holding(getattr(one, figure), means[row, place]) for row, figure in enumerate(_FIGURES)},  # type: ignore[arg-type]
            )
            for place, one in enumerate(found)
        )

    def down_to_counted(
        self, found: tuple[OrderSegmentValue, ...], baseline: Baseline
    ) -> tuple[OrderSegmentValue, ...]:
        """Return the segments with ranges that reach to what the baseline's count of customers says."""
        by_name = {one.segment: one for one in baseline.segments} | {WHOLE: baseline.whole}
        widened = []
        for one in found:
            counted = by_name.get(one.segment)
            if counted is None or not one.customers:
                widened.append(one)
                continue
            worth = counted_value(counted, one.customers, self.discount)
            share = Interval.known(min(counted.customers / one.customers, 1.0))
            ordered = {
                end: getattr(one.expected_orders, end) * getattr(worth, end) / getattr(one.value, end) for end in _ENDS
            }
            widened.append(
                replace(
                    one,
                    alive_rate=_between(share, one.alive_rate),
                    value=_between(worth, one.value),
                    expected_orders=_between(Interval(**ordered), one.expected_orders),
                )
            )
        return tuple(widened)

    def means(self, orders: BgnbdFit, spend: GammaGammaFit, ahead: Array) -> Array:
        """Return share alive, orders, amount and value by segment, (4, segments)."""
        amount = expected_amount(spend, self.history[0], self.mean_amount)
        alive, bought = probability_alive(orders, *self.history), ahead.sum(axis=0)
        worth = self.margin_rate * (self.discount @ ahead) * amount
        return np.array(
            [
                [np.average(figure[own], weights=(self.counted * by)[own]) for own in self.rows]
                for figure, by in ((alive, 1.0), (bought, 1.0), (amount, np.maximum(bought, 1e-12)), (worth, 1.0))
            ]
        )


def _variance(means: Callable[..., Array], parameters: dict[str, float], estimate: MaximumLikelihood | None) -> Array:
    """Return the variance of the logarithm of `means`, from that of the logarithms of the parameters."""
    if estimate is None:
        return np.zeros(1)
    slopes = np.stack(
        [
            np.log(np.abs(means(**{name: value * exp(_STEP)}))) - np.log(np.abs(means(**{name: value * exp(-_STEP)})))
            for name, value in parameters.items()
        ]
    ) / (2 * _STEP)
    return np.asarray(np.einsum("i...,ij,j...->...", slopes, estimate.log_covariance, slopes))


def _holding(own: Interval, value: float) -> Interval:
    """Return an interval stretched to hold a value too."""
    return Interval(low=min(own.low, float(value)), mid=own.mid, high=max(own.high, float(value)))


def _between(one: Interval, other: Interval) -> Interval:
    """Return the interval that holds both, its middle theirs in logarithms."""
    mid = sqrt(one.mid * other.mid) if one.mid > 0 and other.mid > 0 else (one.mid + other.mid) / 2
    return Interval(low=min(one.low, other.low), mid=mid, high=max(one.high, other.high))


def _interval(middle: float, variance: float, most: float = np.inf) -> Interval:
    factor = exp(critical_value(0.9) * sqrt(variance)) if np.isfinite(variance) else np.inf
    ends = sorted((middle / factor, middle * factor))
    return Interval(low=float(ends[0]), mid=float(middle), high=float(min(ends[1], most)))
