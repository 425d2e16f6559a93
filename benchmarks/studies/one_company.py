"""One company of the study: what the product says under each reading, beside what is so, and what each policy would earn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.simulation import Reading, Truth, company_of, lived, recorded, truth_of
from benchmarks.simulation.company import stream
from benchmarks.simulation.curves import Array
from benchmarks.studies.engine import PLAN_PERCENT, Said, ask, default_reading, gather
from benchmarks.studies.made_companies import Result
from benchmarks.studies.policies import levels_of
from benchmarks.studies.rivals import ALL_OUTCOMES, CHURN_ONLY, advise, elasticities, naive_ratio, today_of
from benchmarks.studies.variants import VARIANTS
from cxroi.model.company.panel import Panel
from cxroi.questions import Evidence

CUT_PERCENT = 80.0
ROW_FORMAT = 4  # to be raised when what a row says changes, so that old rows are not mixed with new


@dataclass(frozen=True)
class Settings:
    """How the engine is asked."""

    variant: str = "as_is"
    draws: int = 1024
    refits: bool = True
    segments: bool = False  # rows of segments too
    engine: str = ""  # what is told of the code that ran


def study(regime: str, seed: int, settings: Settings) -> Result:
    """Return what one company came to; where the product fails on it, the error."""
    begun = time.process_time()
    try:
        with VARIANTS[settings.variant].context():
            found = studied(regime, seed, settings)
    except Exception as error:
        return {"regime": regime, "seed": seed, "error": f"{type(error).__name__}: {error}", "engine": settings.engine}
    seconds = round(time.process_time() - begun, 3)
    return {"regime": regime, "seed": seed, "engine": settings.engine, "seconds": seconds, **found}


def studied(regime: str, seed: int, settings: Settings) -> dict[str, Any]:
    """Return the rows of a company by reading, and what the evidence holds."""
    history = lived(company_of(regime, seed))
    panel, truth = recorded(history), truth_of(history)
    begun = time.process_time()
    evidence = gather(panel, settings.draws, settings.refits)
    spent = time.process_time() - begun
    comparable = not history.company.books.relabelled and len(evidence.baseline.segments) == truth.unit.size
    segments = settings.segments and comparable
    return {
        "default": str(default_reading(evidence)),
        "months": history.company.n_months,
        "grade": str(evidence.posterior.grade),
        "evidence_seconds": round(spent, 3),
        "reviews": [str(check.check) for check in evidence.health if check.status == "review"],
        "failed": [str(check.check) for check in evidence.health if check.status == "fail"],
        "channels": channels_of(evidence, truth, seed),
        "events": events_of(evidence, history.company.world.event),
        "readings": {str(reading): _reading(evidence, panel, truth, reading, segments) for reading in Reading},
    }


def channels_of(evidence: Evidence, truth: Truth, seed: int) -> dict[str, dict[str, Any]]:
    """Return per channel what is believed of today's elasticity beside what is so; nothing where segments were dropped."""
    customers = truth.today.customers.sum(axis=1)
    if len(evidence.baseline.segments) != customers.size:
        return {}
    weight, found = customers / customers.sum(), {}
    fitted = {str(one.channel): one for one in evidence.channels}
    for name, one in {"churn": evidence.posterior, **fitted}.items():
        found[name] = _elasticity(
            one.slope() @ weight, _true_elasticity(truth, name, weight), stream(seed, "ties", name)
        )
        if name in fitted:
            doubted = name in map(str, evidence.channels_in_doubt)
            found[name] |= {"helps": one.helps, "harms": one.harms, "in_doubt": doubted}
    return found


def events_of(evidence: Evidence, event: tuple[float, float]) -> dict[str, list[bool]]:
    """Return by outcome whether the 90 % interval of what each named event did to it holds the truth, logs of churn and margin."""
    true, held = dict(zip(("churn", "margin"), event, strict=True)), {}
    for fact in evidence.events:
        for name, change in fact.changes.items():
            so = 100 * np.expm1(true.get(name, 0.0))
            held.setdefault(name, []).append(bool(change.percent.low <= so <= change.percent.high))
    return held


def _true_elasticity(truth: Truth, channel: str, weight: Array) -> float:
    segments = slice(0, weight.size)
    above, below = (truth.links[channel].lift(step * truth.unit, segments) for step in (1.01, 0.99))
    return float((above - below) @ weight / 0.02)


def _elasticity(draws: Array, so: float, ties: np.random.Generator) -> dict[str, Any]:
    """Return the 90 % interval of draws, the truth, and its rank among them; where draws equal it, a place among those at random."""
    low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95)).tolist()
    rank = float((draws < so).mean() + ties.uniform() * (draws == so).mean())
    return {"elasticity": [low, middle, high], "true": so, "rank": round(rank, 4)}


def _reading(evidence: Evidence, panel: Panel, truth: Truth, reading: Reading, segments: bool) -> dict[str, Any]:
    said, by_segment = ask(evidence, reading, segments)
    level = said.level_percent
    worth, spent = truth.value(level, reading), truth.spent
    total, all_spent = worth.sum(axis=1), float(spent.sum())
    row = said_beside_truth(said, total / all_spent, all_spent)
    advice = advise(today_of(panel), elasticities(panel), reading, level)
    chosen = levels_of(said, advice, naive_ratio(panel), float(level[total.argmax()]))
    earned = truth.value(np.array(list(chosen.values())), reading).sum(axis=1) / all_spent
    row["policies"] = {
        name: [round(at, 2), round(float(value), 5)] for (name, at), value in zip(chosen.items(), earned, strict=True)
    }
    row["regression_p"] = round(advice[CHURN_ONLY].more_pays, 4)
    row["outcomes_p"] = round(advice[ALL_OUTCOMES].more_pays, 4)
    row["levels"], row["truth"] = level.tolist(), _rounded(total / all_spent)
    row["mean"] = _rounded(said.value.mean(axis=1) / all_spent)
    row["tenth"] = _rounded(np.quantile(said.value, 0.1, axis=1) / all_spent)
    row["segments"] = [
        said_beside_truth(one, worth[:, s] / spent[s], float(spent[s])) for s, one in enumerate(by_segment)
    ]
    return row


def said_beside_truth(said: Said, truth: Array, spent: float) -> dict[str, Any]:
    """Return what is said of one company or segment, beside its true value (L,) of each level as a share of its spend."""
    level = said.level_percent
    at = {percent: int(np.flatnonzero(level == percent)[0]) for percent in (CUT_PERCENT, 100.0, PLAN_PERCENT)}
    row: dict[str, Any] = {
        "p_best": round(said.verdict.stated.best_above, 5),
        "p_best_drawn": round(said.verdict.probability_best_above, 5),
        "p_below": round(said.verdict.stated.best_below, 5),
        "p_more": round(said.verdict.stated.more_pays, 5),
        "p_more_drawn": round(said.verdict.probability_more_pays, 5),
        "p_more_counted": round(said.unchecked.probability_more_pays, 5),
        "call": str(said.verdict.call),
        "reason": str(said.verdict.reason),
        "unchecked": str(said.unchecked.call),
        "gain": round(float(said.verdict.gain_from_acting_now) / spent, 5),
        "information": round(float(said.verdict.value_of_information) / spent, 5),
        "best": float(level[truth.argmax()]),
        "more_pays": bool(truth[at[100.0] + 1] > truth[at[100.0]]),
    }
    for percent in (CUT_PERCENT, PLAN_PERCENT):
        draws, so = said.value[at[percent]] / spent, truth[at[percent]]
        low, high = np.quantile(draws, (0.05, 0.95))
        row[f"covered_{percent:.0f}"] = bool(low <= so <= high)
        row[f"rank_{percent:.0f}"] = round(float((draws < so).mean()), 4)
        row[f"width_{percent:.0f}"] = round(float(high - low), 4)
    return row


def _rounded(values: Array) -> list[float]:
    rounded: list[float] = np.round(values, 5).tolist()
    return rounded
