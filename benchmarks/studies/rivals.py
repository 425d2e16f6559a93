"""What else a company could go by: a pooled regression of its months, on churn alone or on every outcome, and a plain ratio.

The regression is the competent analyst's: log of carried-over spend with segment and month effects (level and trend where there is one
segment), quasi-Poisson for counts and least squares for logs of money, an elasticity with its standard error, and the probability
that more spend pays by the delta method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation import CHANNELS, Reading
from benchmarks.simulation.truth import HORIZON_MONTHS, Today, net_present_value
from cxroi.model.company.panel import Panel

Array = NDArray[np.float64]
CARRYOVER, WINDOW_MONTHS = 0.5, 12
CHURN_ONLY, ALL_OUTCOMES = ("churn",), CHANNELS


@dataclass(frozen=True)
class Elasticity:
    """How an outcome answers to spend, above 0 where good, with its standard error; infinite where the months do not tell."""

    value: float
    error: float


@dataclass(frozen=True)
class Advice:
    """What a regression advises: the probability that the next unit pays, and the value (L,) of levels at its estimate."""

    more_pays: float
    level_percent: Array
    value: Array

    def best(self, low: float = 0.0, high: float = 300.0) -> float:
        """Return the level of the highest value between two levels, today's among them."""
        inside = (self.level_percent >= min(low, 100)) & (self.level_percent <= max(high, 100))
        return float(self.level_percent[inside][self.value[inside].argmax()])

    @property
    def is_sure(self) -> bool:
        """Return whether it would be called a side."""
        return self.more_pays >= 0.8 or self.more_pays <= 0.2


def today_of(panel: Panel) -> Today:
    """Return where the company stands by its own books: means of the trailing year."""
    window = slice(max(0, panel.months.size - WINDOW_MONTHS), panel.months.size)
    exposure = panel.customers_at_start[:, window].sum(axis=1)

    def rate(name: str) -> Array:
        values: Array = getattr(panel, name)[:, window].sum(axis=1) / exposure
        return values

    last = panel.customers_at_start[:, -1] + panel.customers_joined[:, -1] - panel.customers_lost[:, -1]
    return Today(
        customers=last[:, None],
        churn=rate("customers_lost")[:, None],
        joins=panel.customers_joined[:, window].mean(axis=1)[:, None],
        margin=rate("contribution_margin"),
        support=rate("support_cost"),
        spend=rate("cx_spend"),
    )


def elasticities(panel: Panel) -> dict[str, Elasticity]:
    """Return the elasticity of each outcome by a regression of its own."""
    start = panel.customers_at_start
    spend = np.log(np.maximum(_carried(panel.cx_spend / start / today_of(panel).spend[:, None]), 1e-3)).ravel()
    design = _effects(*start.shape)
    return {
        "churn": _signed(-1, _poisson(panel.customers_lost.ravel(), start.ravel(), spend, design)),
        "joins": _poisson(panel.customers_joined.ravel(), np.ones(start.size), spend, design),
        "margin": _least_squares((panel.contribution_margin / start).ravel(), spend, design),
        "support": _signed(-1, _least_squares((panel.support_cost / start).ravel(), spend, design)),
    }


def _carried(ratio: Array) -> Array:
    out = ratio.copy()
    for t in range(1, ratio.shape[1]):
        out[:, t] = CARRYOVER * out[:, t - 1] + (1 - CARRYOVER) * ratio[:, t]
    return out


def _effects(n_segments: int, n_months: int) -> Array:
    """Return segment and month effects, (S T, p); level and trend where there is one segment."""
    segment, month = (index.ravel() for index in np.indices((n_segments, n_months)))
    if n_segments == 1:
        return np.stack([np.ones(n_months), np.linspace(-0.5, 0.5, n_months)], axis=1)
    columns = [segment == s for s in range(n_segments)] + [month == t for t in range(1, n_months)]
    return np.stack(columns, axis=1).astype(float)


def _signed(sign: int, found: Elasticity) -> Elasticity:
    return Elasticity(sign * found.value, found.error)


def _least_squares(y: Array, x: Array, design: Array, weight: Array | None = None) -> Elasticity:
    """Return the coefficient of `x` in a regression of log y, or of `y` itself where it is a working response with weights."""
    if weight is None:
        if not (y > 0).all():
            return Elasticity(0.0, np.inf)
        y, weight = np.log(y), np.ones(y.size)
    root = np.sqrt(weight)[:, None]
    basis, _ = np.linalg.qr(root * design)
    own = root[:, 0] * x - basis @ (basis.T @ (root[:, 0] * x))
    if own @ own < 1e-9 * max(float(weight @ x**2), 1e-12):
        return Elasticity(0.0, np.inf)
    left = root[:, 0] * y - basis @ (basis.T @ (root[:, 0] * y))
    slope = float(own @ left / (own @ own))
    freedom = max(y.size - design.shape[1] - 1, 1)
    dispersion = float(((left - slope * own) ** 2).sum()) / freedom
    return Elasticity(slope, float(np.sqrt(dispersion / (own @ own))))


def _poisson(count: Array, exposure: Array, x: Array, design: Array) -> Elasticity:
    """Return the coefficient of `x` in a quasi-Poisson regression, by iterated weighted least squares (McCullagh & Nelder 1989)."""
    if count.sum() == 0:
        return Elasticity(0.0, np.inf)
    full, mean = np.column_stack([design, x]), np.maximum(count, 0.5)
    found = Elasticity(0.0, np.inf)
    for _ in range(12):
        working = np.log(mean / exposure) + (count - mean) / mean
        found = _least_squares(working, x, design, mean)
        root = np.sqrt(mean)
        coefficients = np.linalg.lstsq(root[:, None] * full, root * working, rcond=None)[0]
        mean = np.maximum(exposure * np.exp(np.clip(full @ coefficients, -30, 30)), 1e-6)
    return found


def advise(
    today: Today, found: dict[str, Elasticity], reading: Reading, level_percent: Array
) -> dict[tuple[str, ...], Advice]:
    """Return the advice of the regression of churn alone and of the one of all outcomes."""
    plans: list[tuple[Array, dict[str, float]]] = []
    for outcomes in (CHURN_ONLY, ALL_OUTCOMES):
        known = {n: found[n].value if n in outcomes and np.isfinite(found[n].error) else 0.0 for n in CHANNELS}
        plans += [(level_percent, known), (np.array([102.0]), known)]
        for name in outcomes:
            step = _error(found[name])
            plans += [(np.array([102.0]), {**known, name: known[name] + sign * step}) for sign in (1, -1)]
    worth = iter(_worth(today, plans, reading))
    advice: dict[tuple[str, ...], Advice] = {}
    for outcomes in (CHURN_ONLY, ALL_OUTCOMES):
        value, next_unit = next(worth), float(next(worth)[0])
        spread = np.array([(float(next(worth)[0]) - float(next(worth)[0])) / 2 for _ in outcomes])
        advice[outcomes] = Advice(
            _normal(next_unit / max(float(np.sqrt(spread @ spread)), 1e-12)), level_percent, value
        )
    return advice


def _error(one: Elasticity) -> float:
    return min(one.error, 1.0)  # months that do not tell leave an elasticity of about nothing, give or take 1


def _normal(z: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(z))


def _worth(today: Today, plans: list[tuple[Array, dict[str, float]]], reading: Reading) -> list[Array]:
    """Return the value against today's spend of each plan's levels under its elasticities, all in one pass."""
    levels = np.concatenate([*(level for level, _ in plans), [100.0]])
    month = np.arange(1, HORIZON_MONTHS + 1)[:, None]
    log_spend = np.log(levels / 100 + (1 - levels / 100) * CARRYOVER**month)[:, :, None]
    lifts = {
        name: log_spend * np.concatenate([*(np.full(level.size, e[name]) for level, e in plans), [0.0]])[:, None]
        for name in CHANNELS
    }
    worth = net_present_value(
        today, levels, {n: np.repeat(v, today.spend.size, axis=2) for n, v in lifts.items()}, reading
    )
    total = worth[:-1].sum(axis=1) - worth[-1].sum()
    return np.split(total, np.cumsum([level.size for level, _ in plans])[:-1])


def naive_ratio(panel: Panel) -> float:
    """Return benefit over cost as a plain comparison has it: each segment's months of more spend against its months of less.

    Benefit a customer-month: what margin less support cost is higher, and what churn is lower times what a customer brings in
    1 / churn months, at most the horizon. Nothing else is accounted for.
    """
    start, benefit, cost = panel.customers_at_start, 0.0, 0.0
    for s in range(start.shape[0]):
        spend = panel.cx_spend[s] / start[s]
        more = spend >= np.median(spend)

        def rate(values: Array, months: Array, s: int = s) -> float:
            return float(values[s, months].sum() / start[s, months].sum())

        net = panel.contribution_margin - panel.support_cost
        churn = rate(panel.customers_lost, ~more) - rate(panel.customers_lost, more)
        overall = max(float(panel.customers_lost[s].sum() / start[s].sum()), 1e-6)
        value = rate(net, start[s] > 0) * min(1 / overall, HORIZON_MONTHS)
        customers = float(start[s, -1])
        benefit += customers * (rate(net, more) - rate(net, ~more) + churn * value)
        cost += customers * (rate(panel.cx_spend, more) - rate(panel.cx_spend, ~more))
    return benefit / cost if cost > 0 else 0.0
