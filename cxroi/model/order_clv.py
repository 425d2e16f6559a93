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
from cxroi.model.maximum_likelihood import MaximumLikelihood
from cxroi.model.order_value import GammaGammaFit, expected_amount, fit_gamma_gamma
from cxroi.model.repeat_buying import BgnbdFit, expected_orders_by_month, fit_bgnbd, probability_alive
from cxroi.model.tenure import WHOLE, named_segments
from cxroi.model.uncertainty import Interval

Array = NDArray[np.float64]
_Z90 = 1.6448536269514722
_STEP = 0.02  # of a logarithm, for derivatives


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
    """Value from order histories; `orders` and `spend` carry the parameters with their intervals."""

    orders: BgnbdFit
    spend: GammaGammaFit
    segments: tuple[OrderSegmentValue, ...]
    whole: OrderSegmentValue
    horizon_months: int
    annual_discount_rate: float
    margin_rate: float


def value_of_orders(
    histories: pd.DataFrame,
    amounts: pd.DataFrame,
    *,
    margin_rate: float,
    horizon_months: int = 36,
    annual_discount_rate: float = 0.10,
) -> OrderValue:
    """Return the value of customers known by their orders: BG/NBD orders times gamma-gamma amounts times `margin_rate`.

    `histories` has one row a (segment, frequency, recency_weeks, age_weeks) with customers and mean_amount, `amounts`
    one a (frequency, mean_amount) with customers. The expected amount is linear in a customer's own mean, so that
    counting customers of one history together loses nothing. Source: Fader, Hardie & Lee (2005), "RFM and CLV".
    """
    if horizon_months < 1 or annual_discount_rate <= -1:
        raise ModelError("clv.horizon_out_of_range", months=horizon_months, discount_rate=annual_discount_rate)
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
        discount=(1 + annual_discount_rate) ** (-np.arange(1, horizon_months + 1) / 12),
    )
    found = base.segments((*names, WHOLE), orders, spend)
    return OrderValue(
        orders=orders,
        spend=spend,
        segments=found[:-1],
        whole=found[-1],
        horizon_months=horizon_months,
        annual_discount_rate=annual_discount_rate,
        margin_rate=margin_rate,
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
        figures = ("alive_rate", "expected_orders", "amount", "value")
        return tuple(
            OrderSegmentValue(
                segment=name,
                customers=float(self.counted[self.rows[place]].sum()),
                **{
                    figure: _interval(middle[row, place], variance[row, place], most=1.0 if row == 0 else np.inf)
                    for row, figure in enumerate(figures)
                },
            )
            for place, name in enumerate(names)
        )

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


def _interval(middle: float, variance: float, most: float = np.inf) -> Interval:
    factor = exp(_Z90 * sqrt(variance)) if np.isfinite(variance) else np.inf
    ends = sorted((middle / factor, middle * factor))
    return Interval(low=float(ends[0]), mid=float(middle), high=float(min(ends[1], most)))
