"""The calibration study: companies simulated with a known truth, and how often what the product says about them is so.

`python -m benchmarks.calibration [--companies 200] [--regimes inside,break] [--processes 2]` writes docs/calibration.md. It takes up where it
was stopped: finished companies are kept in --folder.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one company a core

import numpy as np

from benchmarks.companies import Company, Simulated, simulate
from cxroi.business_case import build_business_case, default_scenario, evidence_from_panel
from cxroi.model.economics import economics
from cxroi.model.projection import LEVELS, Future, customer_months, discount_factors
from cxroi.model.response import Priors, ResponsePosterior
from cxroi.model.shape import Family, gain
from cxroi.model.valuation import benefit_and_cost

PLAN = 150.0
REGIMES = {
    "inside": "response and noise as the priors have them",
    "threshold": "a sharp logistic step somewhere between half and twice today's spend, nothing elsewhere: outside the families",
    "logarithm": "log(1 + spend): outside the families, never saturates",
    "chases": "spend is raised after churn rose",
    "few_months": "8 to 11 months",
    "tiny": "100 to 400 customers a segment",
    "break": "churn of one segment jumps for good in mid-history",
    "one_segment": "no segment to compare with",
    "shared": "spend moves in all segments at once",
    "positions": "one curve in money, on which each segment happens to stand elsewhere today",
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
class Inside:
    """One of the families."""

    family: int
    half: float
    steep: float

    def __call__(self, r: np.ndarray) -> np.ndarray:
        return gain(Family(self.family), r, self.half, self.steep)


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
    }
    return replace(base, **changes.get(regime, {}))  # type: ignore[arg-type]


def _positive_normal(rng: np.random.Generator, middle: float, spread: float, count: int) -> np.ndarray:
    out = rng.normal(middle, spread, 200 * count)
    return out[out >= 0][:count]


def true_value(simulated: Simulated, money: object, level_percent: np.ndarray) -> np.ndarray:
    """Return the true net present value (L, S) of levels of spend, with the company's own response."""
    company, discount = simulated.company, discount_factors(0.10, 36)
    month = np.arange(1, 37)
    strength = np.resize(company.strength, company.n_segments)
    months = np.empty((level_percent.size, company.n_segments, 1))
    level = level_percent[:, None] / 100
    for s, today in enumerate(simulated.today_ratio):
        r = today * (level + (1 - level) * company.carryover_rate**month)
        path = company.response(r) - company.response(today)
        churn, strengths = (np.full((len(level), 1), value) for value in (simulated.churn_today[s], strength[s]))
        one = Future(response=None, churn=churn, strength=strengths)  # type: ignore[arg-type]
        stay, inflow = customer_months(one, path, discount)
        months[:, s, 0] = money.customers[s] * stay[0] + money.joins[s] * inflow[0]  # type: ignore[attr-defined]
    here = int(np.flatnonzero(level_percent == 100)[0])
    benefit, cost = benefit_and_cost(money, level_percent, months, months[here], 0.0)  # type: ignore[arg-type]
    return (benefit - cost)[:, :, 0]


def study_one(regime: str, seed: int) -> dict[str, object]:
    """Return what the product said about one company, beside the truth; one entry for the whole and one per segment."""
    simulated = simulate(company(regime, seed))
    evidence = evidence_from_panel(simulated.panel, data_version="study")
    case = build_business_case(evidence, replace(default_scenario(evidence), investment_level_percent=PLAN))
    money = economics(evidence.baseline, case.scenario, PLAN)
    truth = true_value(simulated, money, LEVELS)
    rows = [_row(case.outcome, case.verdict, truth.sum(axis=1))]
    rows += [_row(s.outcome, s.verdict, truth[:, i]) for i, s in enumerate(case.segments)]
    failed = [check.check for check in case.health if check.status == "fail"]
    rank = true_rank(simulated, evidence.posterior, money.customers)
    return {"regime": regime, "seed": seed, "failed": failed, "rows": rows, "rank": rank}


def true_rank(simulated: Simulated, posterior: ResponsePosterior, customers: np.ndarray) -> float:
    """Return the share of posterior draws below the true marginal response of the whole company: uniform when all is right.

    Simulation-based calibration (Talts and others 2018).
    """
    weight, company, today = customers / customers.sum(), simulated.company, simulated.today_ratio
    slope = (company.response(1.01 * today) - company.response(0.99 * today)) / 0.02
    truth = float((np.resize(company.strength, company.n_segments) * slope) @ weight)
    return float((posterior.slope() @ weight < truth).mean())


def _row(outcome: object, verdict: object, truth: np.ndarray) -> dict[str, object]:
    here, plan = LEVELS.tolist().index(100), LEVELS.tolist().index(PLAN)
    best = int(truth.argmax())
    npv = outcome.npv  # type: ignore[attr-defined]
    return {
        "p_more": verdict.probability_more_pays,  # type: ignore[attr-defined]
        "more_pays": bool(truth[here + 1] > truth[here]),
        "best": float(LEVELS[best]),
        "call": verdict.call.value,  # type: ignore[attr-defined]
        "covered": bool(npv.low <= truth[plan] <= npv.high),
        "lost": float(truth[best] - truth[here]),
        "material": bool(truth[best] - truth[here] > verdict.materiality),  # type: ignore[attr-defined]
    }


# ---------------------------------------------------------------- summary


def summary(results: list[dict]) -> dict[str, object]:
    """Return the figures of one regime: verdicts, wrong sides, coverage, reliability bins; whole and segments together."""
    rows = [row for result in results for row in result["rows"]]
    whole = [result["rows"][0] for result in results]
    calls = [row["call"] for row in whole]
    p, y = np.array([r["p_more"] for r in rows]), np.array([r["more_pays"] for r in rows])
    checked = np.array([not result["failed"] for result in results for _ in result["rows"]])
    sided = [r for r in rows if r["call"] in ("under_invested", "over_invested")]
    wrong = [r for r in sided if (r["best"] <= 100) == (r["call"] == "under_invested")]
    return {
        "companies": len(results),
        "calls": {c: calls.count(c) for c in ("under_invested", "over_invested", "about_right", "not_enough_evidence")},
        "capped": sum(bool(result["failed"]) for result in results),
        "verdicts": len(rows),
        "sided": len(sided),
        "wrong": len(wrong),
        "covered": float(np.mean([r["covered"] for r in rows])),
        "covered_checked": float(
            np.mean([r["covered"] for r, ok in zip(rows, checked, strict=True) if ok] or [np.nan])
        ),
        "ranks": np.histogram([result["rank"] for result in results], 5, (0, 1))[0].tolist(),
        "bins": _bins(p, y),
        "bins_checked": _bins(p[checked], y[checked]),
    }


def _bins(p: np.ndarray, y: np.ndarray) -> list[tuple[float, float, int]]:
    """Return (mean stated, observed share, cases) for ten bins of stated probability."""
    at = np.minimum((p * 10).astype(int), 9)
    return [
        (float(p[at == k].mean()), float(y[at == k].mean()), int((at == k).sum())) for k in range(10) if (at == k).any()
    ]


def worst_gap(bins: list[tuple[float, float, int]]) -> float:
    """Return the largest difference between stated and observed, over bins with 20 cases or more."""
    return max((abs(stated - seen) for stated, seen, n in bins if n >= 20), default=0.0)


def report(by_regime: dict[str, list[dict]]) -> str:
    """Return docs/calibration.md."""
    lines = [
        "# Calibration: how often what the product says is so",
        "",
        "Companies are simulated with a known response; the product sees their panel only. Each row counts the whole company",
        "and each of its segments. Targets: stated probabilities within 10 points of the observed share in every bin of 20",
        "cases or more; verdicts on the wrong side in at most 5 %; 90 % intervals that cover 85 to 95 %. A figure that misses",
        "its target is marked **so**. The last column is simulation-based calibration: where the true marginal response of the whole",
        "company falls among the posterior's draws, counted in fifths, even when all is right (only `inside` promises that).",
        '"Chance alone" is what 90 % of perfect bins would stay within if all cases were independent. Regenerate with `make study`.',
        "",
        "| regime | companies | under / over / right / open | capped by a check | verdicts (over or under) | wrong side, of all | 90 % interval of NPV at 150 % covers | same, checks passed | worst bin, all | worst bin, checks passed | ranks of the truth in fifths |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    summaries = {regime: summary(results) for regime, results in by_regime.items() if results}
    for regime, s in summaries.items():
        calls = " / ".join(str(n) for n in s["calls"].values())  # type: ignore[attr-defined]
        wrong, covered = s["wrong"] / s["verdicts"], s["covered"]  # type: ignore[operator]
        marks = _marked(f"{wrong:.1%}", wrong > 0.05), _marked(f"{covered:.0%}", not 0.85 <= covered <= 0.95)  # type: ignore[operator]
        lines.append(
            f"| {regime} | {s['companies']} | {calls} | {s['capped']} | {s['verdicts']} ({s['sided']}) "
            f"| {marks[0]} ({s['wrong']}) | {marks[1]} | {s['covered_checked']:.0%} | {_gap(s['bins'])} | {_gap(s['bins_checked'])} | {' '.join(map(str, s['ranks']))} |"  # type: ignore[arg-type]
        )
    lines += ["", "## What misses its target", "", *_misses(summaries)]
    lines += [
        "",
        "Regimes: " + "; ".join(f"*{name}*: {REGIMES[name]}" for name in summaries) + ".",
        "",
        "## Reliability",
    ]
    for regime, s in summaries.items():
        lines += ["", f"### {regime}", "", "| stated | observed | cases | chance alone |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {p:.2f} | {seen:.2f} | {n} | ± {1.64 * np.sqrt(p * (1 - p) / n):.2f} |" for p, seen, n in s["bins"]
        ]  # type: ignore[attr-defined]
    return "\n".join(lines) + "\n"


def _misses(summaries: dict[str, dict[str, object]]) -> list[str]:
    """Return one plain sentence for each target missed in each regime."""
    said = []
    for regime, s in summaries.items():
        covered, wrong, gap = s["covered"], s["wrong"] / s["verdicts"], worst_gap(s["bins"])  # type: ignore[operator, arg-type]
        if not 0.85 <= covered <= 0.95:  # type: ignore[operator]
            kind = "too narrow" if covered < 0.85 else "wider than they need be"  # type: ignore[operator]
            said.append(f"- *{regime}*: intervals are {kind}; those called 90 % cover {covered:.0%}.")
        if wrong > 0.05:
            said.append(f"- *{regime}*: {wrong:.1%} of verdicts are on the wrong side.")
        if gap > 0.10:
            said.append(f"- *{regime}*: in one bin stated and observed probability differ by {100 * gap:.0f} points.")
    return said or ["Nothing in this run."]


def _gap(bins: list) -> str:
    gap = worst_gap(bins)
    return _marked(f"{100 * gap:.0f} points", gap > 0.10)


def _marked(text: str, misses: bool) -> str:
    return f"**{text}**" if misses else text


def _read(folder: Path, regime: str) -> list[dict]:
    path = folder / f"{regime}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def main() -> None:
    """Run what is missing and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=200)
    parser.add_argument("--regimes", default=",".join(REGIMES))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cxroi-study")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "calibration.md")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    regimes = options.regimes.split(",")
    done = {regime: {result["seed"] for result in _read(options.folder, regime)} for regime in regimes}
    jobs = [(regime, seed) for seed in range(options.companies) for regime in regimes if seed not in done[regime]]
    with ProcessPoolExecutor(options.processes) as pool:
        running = [pool.submit(study_one, *job) for job in jobs]
        for finished in as_completed(running):
            result = finished.result()
            with (options.folder / f"{result['regime']}.jsonl").open("a") as file:
                file.write(json.dumps(result) + "\n")
    text = report({regime: _read(options.folder, regime) for regime in regimes})
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
