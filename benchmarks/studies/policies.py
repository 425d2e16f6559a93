"""What a company would do that follows each piece of advice: a level of spend for each policy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from benchmarks.studies.engine import Said
from benchmarks.studies.rivals import ALL_OUTCOMES, CHURN_ONLY, Advice
from cxroi.model.decision.verdict import Call

STEP = 20.0
SIDES = (Call.UNDER_INVESTED, Call.OVER_INVESTED)
POLICIES: Mapping[str, str] = MappingProxyType(
    {
        "verdict_optimum": "verdict, to its stated optimum",
        "verdict_in_range": "verdict, to the best inside the range seen",
        "verdict_step": "verdict, a step of 20 %",
        "safe_step": "safe step: highest 10th percentile",
        "direction_step": "20 % to the side of the higher expected value, verdict or not",
        "verdict_or_direction": "verdict, a step of 20 %; where it is open, the bounded direction it gives",
        "regression_optimum": "pooled regression of churn where it is sure, to its optimum",
        "regression_in_range": "the same, inside the range seen",
        "regression_always": "the same, inside the range seen, sure or not",
        "regression_step": "the same where it is sure, a step of 20 %",
        "outcomes_optimum": "pooled regressions of all outcomes where they are sure, to their optimum",
        "outcomes_in_range": "the same, inside the range seen",
        "outcomes_always": "the same, inside the range seen, sure or not",
        "outcomes_step": "the same where they are sure, a step of 20 %",
        "naive_step": "plain ratio of benefit to cost, a step of 20 %",
        "staying": "staying at today's spend",
        "oracle": "the level that is truly best",
    }
)


def levels_of(
    said: Said, advice: Mapping[tuple[str, ...], Advice], ratio: float, truly_best: float
) -> dict[str, float]:
    """Return the level of spend, percent of today's, that each policy comes to."""
    low, high = said.observed_percent
    sided = said.verdict.call in SIDES
    side = 0 if not sided else 1 if said.verdict.call is Call.UNDER_INVESTED else -1
    direction = said.verdict.direction
    levels = {
        "verdict_optimum": said.optimum_percent if sided else 100.0,
        "verdict_in_range": _best_mean(said, low, high) if sided else 100.0,
        "verdict_step": 100 + STEP * side,
        "safe_step": said.verdict.safe_step.level_percent,
        "direction_step": _best_step(said),
        "verdict_or_direction": 100 + STEP * side if sided else 100.0 if direction is None else direction.level_percent,
        "naive_step": 100 + STEP * (1 if ratio > 1 else -1),
        "staying": 100.0,
        "oracle": truly_best,
    }
    for name, outcomes in (("regression", CHURN_ONLY), ("outcomes", ALL_OUTCOMES)):
        one = advice[outcomes]
        levels[f"{name}_optimum"] = one.best() if one.is_sure else 100.0
        levels[f"{name}_in_range"] = one.best(low, high) if one.is_sure else 100.0
        levels[f"{name}_always"] = one.best(low, high)
        levels[f"{name}_step"] = 100 + STEP * (0 if not one.is_sure else 1 if one.more_pays > 0.5 else -1)
    return levels


def _best_mean(said: Said, low: float, high: float) -> float:
    inside = (said.level_percent >= min(low, 100)) & (said.level_percent <= max(high, 100))
    return float(said.level_percent[inside][said.value[inside].mean(axis=1).argmax()])


def _best_step(said: Said) -> float:
    mean = dict(zip(said.level_percent.tolist(), said.value.mean(axis=1).tolist(), strict=True))
    return max((100.0, 100 - STEP, 100 + STEP), key=lambda level: mean[level])
