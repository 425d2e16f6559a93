"""The projection: customers month by month under a level of spend, on a leading axis of draws.

N_t = N_{t-1} (1 - h_t) + joins with h_t = h_today exp(-b (g(r_t) - g(1))) and r_t = l + (1 - l) a^t for a level l held from month 1 on.
Everything money depends on is linear in two sums per draw and segment: the discounted customer-months of one customer
who is there today, and of one who joins every month. They are worked out once for a grid of levels; a slider only adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxroi.model.baseline import Baseline
from cxroi.model.response import ResponsePosterior
from cxroi.model.uncertainty import Draws

# Percent of today's spend; 98 and 102 give the marginal return at today's.
LEVELS = np.array(sorted({*range(0, 201, 5), *range(210, 301, 10), 98, 102}), dtype=float)
COARSE_LEVELS = np.array(sorted({*range(0, 201, 10), *range(220, 301, 20), 98, 102}), dtype=float)


@dataclass(frozen=True, kw_only=True, eq=False)
class Future:
    """What is drawn about the years to come: churn today (n, S), strengths (n, S), and the response behind them."""

    response: ResponsePosterior
    churn: Draws
    strength: Draws

    def thinned(self, count: int) -> Future:
        """Return at most `count` of the draws, evenly spaced."""
        return self.take(slice(None, None, max(1, len(self.churn) // count)))

    def take(self, draws: NDArray[np.int64] | slice) -> Future:
        """Return the future made of some of the draws."""
        return Future(response=self.response.take(draws), churn=self.churn[draws], strength=self.strength[draws])

    def with_strength(self, strength: Draws) -> Future:
        """Return the same future with other strengths."""
        return Future(response=self.response, churn=self.churn, strength=strength)

    def path_gain(self, level_percent: float, horizon_months: int) -> Draws:
        """Return g(r_t) - g(1) for months 1 to the horizon, (n, T), when spend is held at a level from today's on."""
        level, month = level_percent / 100, np.arange(1, horizon_months + 1)
        r = level + (1 - level) * self.response.carryover_rate[:, None] ** month
        return self.response.gains(r) - self.response.gains(1.0)[:, None]

    def final_gain(self, level_percent: float) -> Draws:
        """Return g(l) - g(1), the gain per unit of strength once carryover has run its course, (n,)."""
        return self.response.gains(level_percent / 100) - self.response.gains(1.0)

    def arrival(self, level_percent: float, horizon_months: int) -> Draws:
        """Return how much of what a level buys in the end is there by month 1 to the horizon, (n, T).

        (g(r_t) - g(1)) / (g(l) - g(1)); carryover alone, 1 - a^t, where the level buys nothing.
        """
        final = self.final_gain(level_percent)[:, None]
        carried = 1 - self.response.carryover_rate[:, None] ** np.arange(1, horizon_months + 1)
        nothing = np.abs(final) < 1e-9
        return np.where(nothing, carried, self.path_gain(level_percent, horizon_months) / np.where(nothing, 1.0, final))


def draw_future(response: ResponsePosterior, baseline: Baseline, seed: int = 0) -> Future:
    """Return the future of the segments of `baseline`: churn around that of the trailing months, strengths from the response.

    Churn is uncertain by the count of customers lost (its Jeffreys posterior) and because a year can be a good or a bad one:
    see `luck_of_the_year`. A segment without spend today has no level to raise: its response is switched off.
    """
    from scipy.special import betaincinv

    n = len(response.family)
    rng = np.random.default_rng([seed, 7])
    churn = np.empty((n, len(baseline.segments)))
    for s, segment in enumerate(baseline.segments):
        u = (rng.permutation(n) + 0.5) / n
        lost = min(segment.customers_lost, segment.customer_months)
        churn[:, s] = betaincinv(lost + 0.5, segment.customer_months - lost + 0.5, u)
    churn = np.minimum(
        churn * np.exp(luck_of_the_year(response, baseline.whole.months, len(baseline.segments), rng)), 1.0
    )
    spends = np.array([segment.cx_spend_per_month > 0 for segment in baseline.segments])
    return Future(response=response, churn=churn, strength=response.strength * spends)


def luck_of_the_year(response: ResponsePosterior, months: int, n_segments: int, rng: np.random.Generator) -> Draws:
    """Return how far, in log hazard, the churn of the trailing `months` lies from its level for no lasting reason, (n, S).

    The mean over T months of month effects N(0, s_g^2), the same for all segments, and of each segment's own drift, an
    autoregression of spread s_u and memory rho: variance s_g^2 / T + s_u^2 sum_ij rho^|i-j| / T^2.
    """
    lag = np.arange(1, months)
    together = 2 * (months - lag) @ response.drift_memory ** lag[:, None] + months
    month, drift = (rng.standard_normal((len(response.family), count)) for count in (1, n_segments))
    own = response.drift_spread * np.sqrt(together) / months
    return month * (response.month_spread / np.sqrt(months))[:, None] + drift * own[:, None]


def discount_factors(annual_discount_rate: float, horizon_months: int) -> Draws:
    """Return (1 + annual)^(-m/12) for month ends 1 to the horizon.

    >>> discount_factors(0.1, 12)[-1].round(6).item()
    0.909091
    """
    return (1 + annual_discount_rate) ** (-np.arange(1, horizon_months + 1) / 12)


def customer_months(future: Future, path_gain: Draws, discount: Draws) -> tuple[Draws, Draws]:
    """Return (stay, inflow), each (S, n): discounted customer-months per customer today, and per customer joining a month."""
    churn, strength = future.churn.T, future.strength.T
    alive, stock = np.ones(churn.shape), np.zeros(churn.shape)
    stay, inflow = np.zeros(churn.shape), np.zeros(churn.shape)
    for month in range(discount.size):
        kept = survival(churn, strength, path_gain[:, month])
        alive *= kept
        stock *= kept
        stock += 1.0
        np.multiply(alive, discount[month], out=kept)
        stay += kept
        np.multiply(stock, discount[month], out=kept)
        inflow += kept
    return stay, inflow


def survival(churn: Draws, strength: Draws, gain: Draws) -> Draws:
    """Return the share of customers kept in a month, 1 - h exp(-b gain), never below 0."""
    kept = strength * -gain
    np.exp(kept, out=kept)
    kept *= churn
    np.subtract(1.0, kept, out=kept)
    return np.maximum(kept, 0.0, out=kept)


def customers_by_month(
    future: Future, path_gain: Draws | None, customers: Draws, joins: Draws, horizon_months: int = 0
) -> Iterator[Draws]:
    """Yield customers at each month end, (S, n), for customers and joins per segment (S,); no path means today's spend.

    The array is the same each time: use it before asking for the next.
    """
    churn, strength = future.churn.T, future.strength.T
    now = np.repeat(customers[:, None], churn.shape[1], axis=1).astype(float)
    kept = 1.0 - churn
    for month in range(horizon_months if path_gain is None else path_gain.shape[1]):
        if path_gain is not None:
            kept = survival(churn, strength, path_gain[:, month])
        now *= kept
        now += joins[:, None]
        yield now


@dataclass(frozen=True, kw_only=True, eq=False)
class ProjectionTable:
    """Discounted customer-months for a grid of levels: stay and inflow (L, S, n). Shared by every slider that keeps
    horizon and discount rate."""

    level_percent: Draws
    stay: Draws
    inflow: Draws
    discount: Draws
    future: Future
    _last: dict[bytes, Draws] = field(default_factory=dict, repr=False)

    @property
    def today(self) -> int:
        """Return the row of today's level."""
        return int(np.flatnonzero(self.level_percent == 100)[0])

    def totals(self, customers: Draws, joins: Draws) -> Draws:
        """Return discounted customer-months (L, S, n) for customers and joins per segment (S,)."""
        key = customers.tobytes() + joins.tobytes()
        known = self._last.get(key)
        if known is None:
            known = customers[:, None] * self.stay + joins[:, None] * self.inflow
            self._last.clear()
            self._last[key] = known
        return known


def tabulate(
    future: Future, annual_discount_rate: float, horizon_months: int, level_percent: NDArray[np.float64] = LEVELS
) -> ProjectionTable:
    """Return the table of discounted customer-months over a grid of levels."""
    discount = discount_factors(annual_discount_rate, horizon_months)
    pairs = [customer_months(future, future.path_gain(level, horizon_months), discount) for level in level_percent]
    return ProjectionTable(
        level_percent=level_percent,
        stay=np.stack([stay for stay, _ in pairs]),
        inflow=np.stack([inflow for _, inflow in pairs]),
        discount=discount,
        future=future,
    )


def retention_change(future: Future, customers: Draws, level_percent: float) -> Draws:
    """Return the long-run change in annual retention at a level against today, in points, weighted by customers, (n,)."""
    weight = customers / max(customers.sum(), 1e-12)
    now = (1 - future.churn) ** 12
    then = survival(future.churn, future.strength, future.final_gain(level_percent)[:, None]) ** 12
    return 100 * ((then - now) @ weight)


def cut_for_uplift(future: Future, customers: Draws, uplift_pp: float) -> Draws:
    """Return the proportional churn cut, (n,) in log hazard and the same in all segments, that lifts annual retention so far.

    Solves sum_s w_s (1 - h_s e^(-cut))^12 = sum_s w_s (1 - h_s)^12 + uplift by Newton's method; NaN where no cut reaches it.
    """
    weight = customers / max(customers.sum(), 1e-12)
    churn = future.churn
    goal = ((1 - churn) ** 12) @ weight + uplift_pp / 100
    cut = np.zeros(len(churn))
    for _ in range(40):
        hazard = np.minimum(churn * np.exp(-cut)[:, None], 1.0)
        miss = ((1 - hazard) ** 12) @ weight - goal
        slope = (12 * (1 - hazard) ** 11 * hazard) @ weight
        step = np.clip(-miss / np.maximum(slope, 1e-12), -0.7, 0.7)
        cut = cut + step
        if np.abs(step).max() < 1e-12:
            break
    return np.where((goal < 1) & (goal >= 0) & (np.abs(miss) < 1e-9), cut, np.nan)
