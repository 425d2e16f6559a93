"""The pilot worth running when the verdict is open: where knowing is worth most, and how many customers would settle it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxroi.model.baseline import SegmentBaseline
from cxroi.model.future import Future
from cxroi.model.pilot import sample_size_two_proportions
from cxroi.model.sensitivity import information_values
from cxroi.model.uncertainty import Draws
from cxroi.model.verdict import PilotProposal

PILOT_MONTHS, TREATED_LEVEL = 6, 150.0


def propose_pilot(
    future: Future,
    level_percent: Draws,
    values: Sequence[Draws],
    segments: Sequence[SegmentBaseline],
    first: int,
) -> PilotProposal | None:
    """Return a pilot of six months at one and a half times today's spend, in the segment where knowing is worth most.

    It is sized to tell, four times in five, a gain that would pay from none: see `gain_that_pays`. `values` are present values
    (L, n) per segment, `first` the place of the first of them among the draws' segments. None where nobody ever leaves, so that no pilot could tell.
    """
    worth = [float(value.max(axis=0).mean() - value.mean(axis=1).max()) for value in values]
    s = int(np.argmax(worth))
    gain = gain_that_pays(future, level_percent, values[s], first + s)
    churn = segments[s].monthly_churn_rate.mid
    stay_control = (1 - churn) ** PILOT_MONTHS
    stay_treated = (1 - churn * np.exp(-gain)) ** PILOT_MONTHS
    if not 0 < stay_control < stay_treated < 1:
        return None
    return PilotProposal(
        segment=segments[s].segment,
        customers_per_group=int(np.ceil(sample_size_two_proportions(stay_control, stay_treated, power=0.8))),
        months=PILOT_MONTHS,
        parameter=worth_learning_first(future, values[s], first + s),
    )


def gain_that_pays(future: Future, level_percent: Draws, value: Draws, segment: int) -> float:
    """Return the log-hazard gain at one and a half times today's spend above which a draw's value rises, at least 0.02.

    The gain at which value changes sign, by a straight line through the draws.
    """
    row = int(np.abs(level_percent - TREATED_LEVEL).argmin())
    gain = future.strength[:, segment] * future.final_gain(float(level_percent[row]))
    worth = value[row]
    spread = float(np.var(gain))
    if spread <= 0:
        return 0.05
    slope = float(np.cov(gain, worth)[0, 1]) / spread
    crossing = float(gain.mean()) - float(worth.mean()) / slope if slope > 0 else float(gain.mean())
    return float(np.clip(crossing, 0.02, 0.5))


def worth_learning_first(future: Future, value: Draws, segment: int) -> str:
    """Return which of strength, shape and carryover has the largest expected value of partial perfect information."""
    weight = np.eye(future.churn.shape[1])[segment]
    ranked = [part.name for part in information_values(future, value, weight)]
    return next(name for name in ranked if name in ("strength", "shape", "carryover"))
