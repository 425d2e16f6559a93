"""How sure a statement may be: what the draws say is discounted by how far such statements have proved true of such data."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cxroi.model.assumption import Grade

_TESTED = (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON)  # a comparison has its own error, and states it


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """What a probability from history is worth; the values in use stand in data/assumptions.toml with their study.

    A slope makes logit(how often it was true) out of logit(what the draws said).
    """

    own_history_slope: float = 1.0  # grade C
    survey_linkage_slope: float = 0.78  # grade D; weaker grades, on which no study was made, are held to it too
    failed_check_slope: float = 0.45  # any of these once a check of the data has failed
    most: float = 0.99  # own history is never stated with more than this, nor with less than the rest of 1

    def slope(self, grade: Grade, *, failed: bool) -> float:
        """Return the slope at a grade that rests on no comparison, with every check passed or one failed."""
        clean = self.own_history_slope if grade is Grade.OWN_HISTORY else self.survey_linkage_slope
        return min(clean, self.failed_check_slope) if failed else clean


def stated_probability(
    probability: float, grade: Grade, certainty: Certainty | None = None, *, failed: bool = False
) -> float:
    """Return the probability to state for what the draws say with `probability`; `failed` where a check of the data has failed.

    logit p' = slope logit p: a calibration line (Cox 1958; Platt 1999), held inside 1 - most .. most. Pilots are stated as they are.

    >>> round(stated_probability(0.98, Grade.OWN_HISTORY), 2), round(stated_probability(0.98, Grade.OWN_HISTORY, failed=True), 2)
    (0.98, 0.85)
    """
    certainty = certainty or Certainty()
    if grade in _TESTED:
        return probability
    slope = certainty.slope(grade, failed=failed)
    inside = 0 < probability < 1
    told = _logistic(slope * math.log(probability / (1 - probability))) if inside else probability
    return min(max(told, 1 - certainty.most), certainty.most)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
