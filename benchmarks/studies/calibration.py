"""The calibration study: companies simulated with a known truth, and how often what the product says about them is so.

`python -m benchmarks.studies.calibration [--companies 500] [--regimes inside,break] [--processes 2]` writes docs/calibration.md. It takes up where it
was stopped: finished companies are kept in --folder, and `--companies 0` reports on those that are finished in every regime.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one company a core

import numpy as np

from benchmarks.simulation.companies import Company, Inside, Simulated, simulate
from benchmarks.studies import made_companies
from benchmarks.studies.calibration_report import plot, report
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.response.prior import Priors
from cxroi.model.response.shape import Family
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.economics import Economics
from cxroi.model.value.projection import LEVELS
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.questions.plan import SpendPlan, plan_of

PLAN = 150.0
REGIMES = {
    "inside": "response and noise as the priors have them",
    "threshold": "a sharp logistic step somewhere between half and twice today's spend, nothing elsewhere: near the threshold family, not of it",
    "logarithm": "log(1 + spend): outside the families, never saturates",
    "chases": "spend is raised after churn rose above its true level, and cut after it fell",
    "few_months": "8 to 11 months",
    "tiny": "100 to 400 customers a segment",
    "break": "churn of one segment jumps for good in mid-history",
    "one_segment": "no segment to compare with",
    "shared": "spend moves in all segments at once",
    "positions": "one curve in money, on which each segment happens to stand elsewhere today",
    "knees": "straight lines between random points: outside the families",
}


@dataclass(frozen=True)
class Logistic:
    """A step at `middle` times today's spend: g(0) = 0 and g(3) = 1, so that its height is what the prior thinks possible."""

    middle: float
    width: float

    def __call__(self, r: np.ndarray) -> np.ndarray:
        def step(x: np.ndarray | float) -> np.ndarray:
            return 1 / (1 + np.exp(-(np.asarray(x) - self.middle) / self.width))

        return (step(r) - step(0.0)) / (step(3.0) - step(0.0))


@dataclass(frozen=True)
class Logarithm:
    """log(1 + scale r), scaled to g(1) = 1."""

    scale: float

    def __call__(self, r: np.ndarray) -> np.ndarray:
        return np.log1p(self.scale * np.asarray(r)) / np.log1p(self.scale)


@dataclass(frozen=True)
class Knees:
    """Straight lines between 0, 0.5, 1, 1.5, 2 and 3 times today's spend, rising by given parts: g(0) = 0 and g(3) = 1."""

    rise: tuple[float, ...]

    def __call__(self, r: np.ndarray) -> np.ndarray:
        height = np.cumsum([0.0, *self.rise])
        return np.interp(r, [0.0, 0.5, 1.0, 1.5, 2.0, 3.0], height / height[-1])


def company(regime: str, seed: int) -> Company:
    """Return the company of a regime: its truth drawn from the priors, changed as the regime says."""
    rng = np.random.default_rng([seed, sorted(REGIMES).index(regime)])
    family = int(rng.choice(len(Family), p=Priors().family_weight))
    steep = rng.uniform(0.1, 1) if family == Family.POWER else rng.uniform(1, 3)
    steep = 3 * (20 / 3) ** rng.uniform() if family == Family.THRESHOLD else steep
    middle, spread = abs(rng.normal(0, 0.35)), 0.01 + abs(rng.normal(0, 0.15))
    strength = tuple(float(b) for b in _positive_normal(rng, middle, spread, 4))
    base = Company(
        seed=seed + 10_000 * sorted(REGIMES).index(regime),
        customers=float(np.exp(rng.uniform(np.log(2_000), np.log(40_000)))),
        churn=float(rng.uniform(0.008, 0.04)),
        spend=float(np.exp(rng.uniform(np.log(0.7), np.log(12)))),
        strength=strength,
        response=Inside(family, float(np.exp(rng.uniform(np.log(0.25), np.log(4)))), float(steep)),
        carryover_rate=float(rng.uniform(0, 0.9)),
        spend_variation=float(rng.uniform(0.1, 0.4)),
        month_spread=float(np.exp(rng.uniform(np.log(0.01), np.log(0.15)))),
        drift_spread=float(np.exp(rng.uniform(np.log(0.01), np.log(0.15)))),
        drift_memory=float(rng.choice([0.0, 0.6, 0.9])),
        n_months=int(rng.choice([24, 36, 48])),
        own_unit=True,
    )
    changes: dict[str, dict[str, object]] = {
        "threshold": {"response": Logistic(float(rng.uniform(0.5, 2)), float(rng.uniform(0.1, 0.25)))},
        "logarithm": {"response": Logarithm(float(np.exp(rng.uniform(0, 3))))},
        "chases": {"chases": float(rng.uniform(0.5, 1.5))},
        "few_months": {"n_months": int(rng.integers(8, 12))},
        "tiny": {"customers": float(rng.uniform(100, 400))},
        "break": {"break_size": float(rng.choice([-1, 1]) * rng.uniform(0.15, 0.4))},
        "one_segment": {"n_segments": 1},
        "shared": {"shared": True},
        "positions": {"own_unit": False},
        "knees": {"response": Knees(tuple(rng.gamma(0.7, size=5).tolist()))},
    }
    return replace(base, **changes.get(regime, {}))  # type: ignore[arg-type]


def _positive_normal(rng: np.random.Generator, middle: float, spread: float, count: int) -> np.ndarray:
    out = rng.normal(middle, spread, 200 * count)
    return out[out >= 0][:count]


def true_value(simulated: Simulated, money: Economics, level_percent: np.ndarray) -> np.ndarray:
    """Return the true net present value (L, S) of levels of spend, with the company's own response, month by month.

    Customers whom a level adds by the end of the horizon count for their remaining life, as in the product; `money.life` says how long.
    """
    company, factor = simulated.company, 1.10 ** (-1 / 12)
    strength, level = np.resize(company.strength, company.n_segments), level_percent[:, None] / 100
    plan, today = np.zeros((2, len(level), company.n_segments))
    people = np.tile(money.customers, (2, len(level), 1))
    effective = np.ones((2, len(level), 1)) * simulated.today_ratio
    spent = np.stack([np.ones((len(level), 1)) * np.ones(company.n_segments), level * np.ones(company.n_segments)])
    for month in range(1, 37):
        effective = company.carryover_rate * effective + (1 - company.carryover_rate) * spent * simulated.today_ratio
        lifted = company.response(effective) - company.response(simulated.today_ratio)
        people = people * (1 - np.minimum(simulated.churn_today * np.exp(-strength * lifted), 1)) + money.joins
        today, plan = (
            worth + factor**month * (money.margin - money.support - x * money.spend) * n
            for worth, x, n in zip((today, plan), spent, people, strict=True)
        )
    q = (1 - simulated.churn_today) * factor
    left = np.array([(one ** np.arange(1, life + 1)).sum() for one, life in zip(q, money.life, strict=True)])
    return plan - today + factor**36 * left * (money.margin - money.support - money.spend) * (people[1] - people[0])


def study_one(regime: str, seed: int) -> dict[str, object]:
    """Return what the product said about one company, beside the truth; one entry for the whole and one per segment."""
    simulated = simulate(company(regime, seed))
    evidence = evidence_from_panel(simulated.panel, data_version="study")
    plan = plan_of(evidence, replace(default_scenario(evidence), investment_level_percent=PLAN))
    truth = true_value(simulated, plan.money, LEVELS)
    rows = [_row(plan, None, truth.sum(axis=1))]
    rows += [_row(plan, segment, truth[:, segment]) for segment in range(truth.shape[1])]
    failed = [check.check for check in plan.health if check.status == "fail"]
    rank = true_rank(simulated, evidence.posterior, plan.money.customers)
    return {"regime": regime, "seed": seed, "failed": failed, "rows": rows, "rank": rank}


def true_rank(simulated: Simulated, posterior: ResponsePosterior, customers: np.ndarray) -> float:
    """Return the share of posterior draws below the true marginal response of the whole company: uniform when all is right.

    Simulation-based calibration (Talts and others 2018).
    """
    weight, company, today = customers / customers.sum(), simulated.company, simulated.today_ratio
    slope = (company.response(1.01 * today) - company.response(0.99 * today)) / 0.02
    truth = float((np.resize(company.strength, company.n_segments) * slope) @ weight)
    return float((posterior.slope() @ weight < truth).mean())


def _row(plan: SpendPlan, segment: int | None, truth: np.ndarray) -> dict[str, object]:
    """Return what the product says of one segment, or of the whole, beside the true value (L,) of each level."""
    here, there = LEVELS.tolist().index(100), LEVELS.tolist().index(PLAN)
    best, verdict, worth = int(truth.argmax()), plan.verdict(segment), plan.valuation.of(segment)
    npv = Interval.of_draws(worth.plan_benefit - worth.plan_cost)
    return {
        "p_more": verdict.probability_more_pays,
        "more_pays": bool(truth[here + 1] > truth[here]),
        "best": float(LEVELS[best]),
        "call": verdict.call.value,
        "covered": bool(npv.low <= truth[there] <= npv.high),
        "lost": float(truth[best] - truth[here]),
        "material": bool(truth[best] - truth[here] > verdict.materiality),
    }


def main() -> None:
    """Run what is missing and write the report."""
    options = made_companies.asked(__doc__, "calibration", tuple(REGIMES), companies=500, processes=2)
    results = made_companies.run(study_one, options)
    text = report(results, REGIMES)
    options.out.write_text(text, encoding="utf-8")
    options.out.with_suffix(".svg").write_text(plot(results), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
