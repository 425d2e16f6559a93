"""How sure a statement may be: what the draws say is discounted by how far such statements have proved true at each grade."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cxroi.model.assumption import Grade

_TESTED = (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON)  # a comparison has its own error, and states it


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """What a probability from history is worth; the values in use stand in data/assumptions.toml with their study.

    `*_slope` and `*_intercept` make logit(how often it was true) out of logit(what the draws said) that more spend pays.
    """

    own_history_slope: float = 0.56  # grade C
    own_history_intercept: float = 0.15
    survey_linkage_slope: float = 0.44  # grade D; weaker grades, on which no study was made, are held to it too
    survey_linkage_intercept: float = 0.15
    most: float = 0.99  # own history is never stated with more than this, nor with less than the rest of 1

    def line(self, grade: Grade) -> tuple[float, float]:
        """Return slope and intercept at a grade that rests on no comparison."""
        if grade is Grade.OWN_HISTORY:
            return self.own_history_slope, self.own_history_intercept
        return self.survey_linkage_slope, self.survey_linkage_intercept


def stated_probability(
    probability: float, grade: Grade, certainty: Certainty | None = None, *, of_less: bool = False
) -> float:
    """Return the probability to state for what the draws say with `probability`.

    logit p' = intercept + slope logit p: a calibration line (Cox 1958; Platt 1999), held inside 1 - most .. most. The intercept leans
    towards more spend, so a claim that less is better (`of_less`) is the complement of the claim that it is not. Pilots are stated as they are.

    >>> round(stated_probability(0.98, Grade.OWN_HISTORY), 2), round(stated_probability(1.0, Grade.OWN_HISTORY), 2)
    (0.91, 0.99)
    """
    certainty = certainty or Certainty()
    if grade in _TESTED:
        return probability
    if of_less:
        return 1 - stated_probability(1 - probability, grade, certainty)
    slope, intercept = certainty.line(grade)
    inside = 0 < probability < 1
    told = _logistic(intercept + slope * math.log(probability / (1 - probability))) if inside else probability
    return min(max(told, 1 - certainty.most), certainty.most)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
