"""Simulated companies whose true response is known, for tests and for the calibration study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.panel import Panel
from cxroi.model.response.shape import Family, carry_over, gain

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Company:
    """What one simulated company looks like; money per customer and month, `response(r)` is g with g(0) = 0 and g(1) = 1."""

    seed: int = 0
    n_segments: int = 4
    n_months: int = 36
    customers: float = 20_000.0  # mean per segment
    churn: float = 0.02
    margin: float = 40.0
    support: float = 4.0
    spend: float = 3.0
    strength: tuple[float, ...] = (0.3, 0.3, 0.3, 0.3)
    response: Callable[[Array], Array] = lambda r: gain(Family.EXPONENTIAL, r, 1.0, 1.0)
    carryover_rate: float = 0.5
    spend_variation: float = 0.25
    month_spread: float = 0.05
    drift_spread: float = 0.03
    drift_memory: float = 0.6
    chases: float = 0.0  # how far spend follows last month's excess churn
    shared: bool = False  # spend moves in all segments at once
    break_size: float = 0.0  # jump of one segment's churn in mid-history, log hazard
    own_unit: bool = False  # `response` counts in each segment's own spend today, not in the index that all began from


@dataclass(frozen=True)
class Simulated:
    """A panel and the truth behind it."""

    panel: Panel
    company: Company
    churn_today: Array  # (S,) at today's spend, without chance
    today_ratio: Array  # (S,) scale of the company's own spend index to today's trailing mean


def simulate(company: Company) -> Simulated:
    """Return one history of the company: staggered spend, churn that answers to it, months and drift on top."""
    once = _simulated(company, np.ones(company.n_segments))
    return _simulated(company, once.today_ratio) if company.own_unit else once


def _simulated(company: Company, unit: Array) -> Simulated:
    """Return a history whose plan of spend is divided by `unit` (S,)."""
    rng = np.random.default_rng(company.seed)
    shape = (company.n_segments, company.n_months)
    month = rng.normal(0, company.month_spread, company.n_months)
    level = np.log(company.churn * np.exp(rng.normal(0, 0.25, company.n_segments)))
    customers = company.customers * np.exp(rng.normal(0, 0.4, company.n_segments))
    plan = _spend_plan(rng, shape, company.spend_variation)
    plan = np.repeat(plan[:1], shape[0], axis=0) if company.shared else plan
    plan = plan / unit[:, None]
    strength = np.resize(company.strength, company.n_segments)[:, None]
    first = company.break_size * (np.arange(company.n_segments) == 0)
    start, joined, lost, index = (np.zeros(shape) for _ in range(4))
    drift = rng.normal(0, company.drift_spread, company.n_segments)
    effective = plan[:, :1].copy()
    excess = np.zeros(company.n_segments)
    now, joins = np.round(customers), customers * company.churn
    for t in range(company.n_months):
        shock = rng.normal(0, company.drift_spread, company.n_segments)
        drift = company.drift_memory * drift + np.sqrt(1 - company.drift_memory**2) * shock
        index[:, t] = plan[:, t] * np.exp(company.chases * excess)
        effective = carry_over(
            index[:, t : t + 1], np.full(company.n_segments, company.carryover_rate), effective[:, 0]
        )
        step = first * (t >= company.n_months // 2)
        hazard = np.exp(level + month[t] + drift + step) * np.exp(
            -strength[:, 0] * (company.response(effective[:, 0]) - 1)
        )
        start[:, t] = now
        lost[:, t] = rng.binomial(now.astype(int), np.clip(hazard, 0, 0.95))
        joined[:, t] = rng.poisson(joins)
        excess = np.log((lost[:, t] + 0.5) / (now * np.exp(level) + 0.5))
        now = start[:, t] + joined[:, t] - lost[:, t]
    panel = _panel(company, start, joined, lost, index * company.spend * start)
    window = slice(max(0, company.n_months - 12), company.n_months)
    today = (index * start)[:, window].sum(1) / start[:, window].sum(1)
    gain_today = strength[:, 0] * (company.response(today) - 1)
    return Simulated(panel, company, np.exp(level + first - gain_today), today)


def _spend_plan(rng: np.random.Generator, shape: tuple[int, int], variation: float) -> Array:
    """Return spend per customer as an index: steps at staggered months, with a little monthly noise."""
    plan = np.empty(shape)
    for s in range(shape[0]):
        length = rng.integers(4, 10)
        steps = np.exp(rng.normal(0, variation, shape[1] // length + 2))
        plan[s] = np.repeat(steps, length)[rng.integers(0, length) :][: shape[1]]
    return plan * np.exp(rng.normal(0, 0.15 * variation, shape))


def _panel(company: Company, start: Array, joined: Array, lost: Array, spend: Array) -> Panel:
    first = np.datetime64("2022-01", "M")
    months = first + np.arange(company.n_months)
    return Panel(
        months=months,
        segments=tuple(f"s{i:02d}" for i in range(company.n_segments)),
        customers_at_start=start,
        customers_joined=joined,
        customers_lost=lost,
        revenue=start * company.margin * 1.6,
        contribution_margin=start * company.margin,
        support_contacts=start * 0.3,
        support_cost=start * company.support,
        cx_spend=spend,
        complete_months=np.ones(company.n_months, bool),
        currency="SAR",
    )


@dataclass(frozen=True)
class Inside:
    """One of the families."""

    family: int
    half: float
    steep: float

    def __call__(self, r: np.ndarray) -> np.ndarray:
        return gain(Family(self.family), r, self.half, self.steep)
