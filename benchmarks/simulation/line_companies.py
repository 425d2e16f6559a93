"""Simulated companies that spend on several lines, each with a known effect of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation.companies import Company as Plain
from benchmarks.simulation.companies import Inside, _panel, _spend_plan
from cxroi.model.company.panel import Panel
from cxroi.model.discount import discount_factors
from cxroi.model.response.shape import Family, carry_over
from cxroi.model.value.economics import Economics

Array = NDArray[np.float64]
REGIMES = {
    "spread": "the whole's strength split at random between five lines, each with its own shape and carryover",
    "strong_and_useless": "one line of five does nearly everything, one does nothing",
    "pair": "two lines of five always move together",
    "chased": "every line is raised after churn rose",
}


@dataclass(frozen=True)
class Line:
    """One line's truth: its share of the spend, what today's spend on it buys in log hazard, and how."""

    share: float
    strength: float | Array  # the same in every segment, or one each (S,)
    response: Inside
    carryover_rate: float


@dataclass(frozen=True)
class LineCompany:
    """A panel with its spend by line, and the truth behind it."""

    panel: Panel
    spend: dict[str, Array]
    lines: dict[str, Line]
    churn_today: Array  # (S,) at today's spend, without chance
    today_ratio: dict[str, Array]  # (S,) scale of each line's own index to today's trailing mean


def line_company(regime: str, seed: int, n_lines: int = 5) -> LineCompany:
    """Return the company of a regime: its truth drawn from the priors, changed as the regime says."""
    rng = np.random.default_rng([seed, sorted(REGIMES).index(regime), 77])
    share = rng.dirichlet(np.full(n_lines, 6.0))
    weight = rng.dirichlet(n_lines * share)
    if regime == "strong_and_useless":
        weight = np.r_[0.85, 0.0, np.full(n_lines - 2, 0.15 / (n_lines - 2))]
        share = np.r_[0.25, 0.25, np.full(n_lines - 2, 0.5 / (n_lines - 2))]
    total = abs(rng.normal(0, 0.35)) if regime != "strong_and_useless" else rng.uniform(0.25, 0.6)
    lines = {
        f"line{i}": Line(share[i], _by_segment(rng, total * weight[i]), _response(rng), rng.uniform(0, 0.9))
        for i in range(n_lines)
    }
    plain = Plain(
        seed=seed,
        n_months=int(rng.choice([30, 36, 48])),
        customers=float(np.exp(rng.uniform(np.log(4_000), np.log(40_000)))),
        churn=float(rng.uniform(0.01, 0.04)),
        spend=float(np.exp(rng.uniform(np.log(0.7), np.log(12)))),
        month_spread=float(np.exp(rng.uniform(np.log(0.01), np.log(0.1)))),
        drift_spread=float(np.exp(rng.uniform(np.log(0.01), np.log(0.1)))),
        drift_memory=float(rng.choice([0.0, 0.6, 0.9])),
        chases=float(rng.uniform(0.5, 1.5)) if regime == "chased" else 0.0,
    )
    return simulate_lines(plain, lines, rng, together=("line2", "line3") if regime == "pair" else ())


def simulate_lines(
    plain: Plain, lines: dict[str, Line], rng: np.random.Generator, together: tuple[str, ...] = ()
) -> LineCompany:
    """Return one history: every line in staggered steps of its own, churn that answers to the sum of the lines' curves."""
    shape = (plain.n_segments, plain.n_months)
    plans = {name: _spend_plan(rng, shape, float(rng.uniform(0.15, 0.45))) for name in lines}
    for name in together:
        plans[name] = plans[together[0]] * np.exp(rng.normal(0, 0.01, shape))
    level = np.log(plain.churn * np.exp(rng.normal(0, 0.25, plain.n_segments)))
    customers = plain.customers * np.exp(rng.normal(0, 0.4, plain.n_segments))
    month, drift = rng.normal(0, plain.month_spread, plain.n_months), rng.normal(0, plain.drift_spread, shape[0])
    start, joined, lost = (np.zeros(shape) for _ in range(3))
    index = {name: np.zeros(shape) for name in lines}
    effective = {name: plan[:, 0] for name, plan in plans.items()}
    now, excess = np.round(customers), np.zeros(shape[0])
    for t in range(plain.n_months):
        shock = rng.normal(0, plain.drift_spread, shape[0])
        drift = plain.drift_memory * drift + np.sqrt(1 - plain.drift_memory**2) * shock
        lift = np.zeros(shape[0])
        for name, line in lines.items():
            index[name][:, t] = plans[name][:, t] * np.exp(plain.chases * excess)
            carried = carry_over(index[name][:, t : t + 1], np.full(shape[0], line.carryover_rate), effective[name])
            effective[name] = carried[:, 0]
            lift += line.strength * (line.response(effective[name]) - 1)
        hazard = np.exp(level + month[t] + drift - lift)
        start[:, t], lost[:, t] = now, rng.binomial(now.astype(int), np.clip(hazard, 0, 0.95))
        joined[:, t] = rng.poisson(customers * plain.churn)
        excess = np.log((lost[:, t] + 0.5) / (now * np.exp(level) + 0.5))
        now = start[:, t] + joined[:, t] - lost[:, t]
    return _company(plain, lines, level, index, start, joined, lost)


def _company(
    plain: Plain,
    lines: dict[str, Line],
    level: Array,
    index: dict[str, Array],
    start: Array,
    joined: Array,
    lost: Array,
) -> LineCompany:
    spend = {name: lines[name].share * plain.spend * index[name] * start for name in lines}
    window = slice(plain.n_months - 12, plain.n_months)
    today = {n: (i * start)[:, window].sum(1) / start[:, window].sum(1) for n, i in index.items()}
    lift = sum(lines[name].strength * (lines[name].response(today[name]) - 1) for name in lines)
    panel = _panel(plain, start, joined, lost, sum(spend.values()))
    return LineCompany(panel, spend, lines, np.exp(level - lift), today)


def _by_segment(rng: np.random.Generator, middle: float, n_segments: int = 4) -> Array:
    """Return strengths around a middle, spread between segments in proportion as the whole's are, and never below 0."""
    spread = (0.01 + abs(rng.normal(0, 0.15))) / (0.35 * np.sqrt(2 / np.pi)) * middle
    drawn = rng.normal(middle, spread, 200 * n_segments)
    return drawn[drawn >= 0][:n_segments] if middle else np.zeros(n_segments)


def _response(rng: np.random.Generator) -> Inside:
    family = int(rng.integers(3))
    steep = rng.uniform(0.1, 1) if family == Family.POWER else rng.uniform(1, 3)
    return Inside(family, float(np.exp(rng.uniform(np.log(0.25), np.log(4)))), float(steep))


def true_gain(company: LineCompany, money: Economics, level: Mapping[str, float | Array]) -> float:
    """Return the true net present value of moving lines to `level`, percent of today's, one for all segments or one each.

    Month by month, without chance.
    """
    today = {name: company.today_ratio[name] for name in company.lines}
    index, carried = dict(today), dict(today)
    plan, stay = money.customers.copy(), money.customers.copy()
    spend = sum(_per_customer(company, name) * level.get(name, 100.0) / 100 for name in company.lines)
    worth = 0.0
    for factor in discount_factors(0.10, 36):
        lift = np.zeros(plan.size)
        for name, line in company.lines.items():
            index[name] = today[name] * level.get(name, 100.0) / 100
            carried[name] = line.carryover_rate * carried[name] + (1 - line.carryover_rate) * index[name]
            lift += line.strength * (line.response(carried[name]) - line.response(today[name]))
        plan = plan * np.maximum(1 - company.churn_today * np.exp(-lift), 0) + money.joins
        stay = stay * (1 - company.churn_today) + money.joins
        worth += factor * float(
            ((money.margin - money.support) * (plan - stay) - spend * plan + money.spend * stay).sum()
        )
    return worth


def _per_customer(company: LineCompany, name: str) -> Array:
    """Return a line's spend per customer-month over the last twelve months, (S,)."""
    start = company.panel.customers_at_start[:, -12:]
    per_customer: Array = company.spend[name][:, -12:].sum(1) / start.sum(1)
    return per_customer
