"""The outcome: what a plan is worth against today, in the terms finance uses, with the curves behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.later import Later


@dataclass(frozen=True, kw_only=True)
class PlanFigures:
    """What is said first of a plan, and all that is worked out for each of many plans.

    The middle of cost and npv is the expected value, of the others the median. `payback_months` covers the draws that pay back
    (None where fewer than half do, or where nothing is spent), `probability_of_payback` says how many those are.
    """

    cost: Interval
    npv: Interval
    payback_months: Interval | None
    probability_of_payback: float
    probability_of_loss: float
    plan_uplift_pp: Interval  # annual retention, points, at the plan's level in the long run


@dataclass(frozen=True, kw_only=True)
class Outcome(PlanFigures):
    """Present values of the change in the plan against today; ROI is net: (benefit - cost) / cost.

    The middle of benefit and the ratios is the expected value too (so that they add up). None where a figure does not exist (no
    cost, no sign change). `programme_roi` is the plan against no spend at all; `programme_is_extrapolated` says that the data never
    came near zero spend.
    """

    benefit: Later[Interval] = Later()
    roi: Later[Interval | None] = Later()
    programme_roi: Later[Interval | None] = Later()
    programme_is_extrapolated: bool
    marginal_roi: Later[Interval] = Later()  # 0 for a segment that gets no spend
    benefit_cost_ratio: Later[Interval | None] = Later()
    annual_irr: Later[Interval | None] = Later()
    break_even_uplift_pp: Later[float | None] = Later()
    observed_uplift_pp: float | None  # the largest change in annual retention ever seen in the data


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """NPV against spend level: `level_percent` of today's spend, bands over the draws; same length all."""

    level_percent: NDArray[np.float64]
    low: NDArray[np.float64]
    mid: NDArray[np.float64]  # the mean, which is what the optimum maximises
    high: NDArray[np.float64]
    observed_low_percent: float  # the range of spend the data have seen
    observed_high_percent: float


@dataclass(frozen=True, kw_only=True, eq=False)
class CashFlow:
    """Cumulative undiscounted net cash of the plan against today, month 0 to the horizon; `mid` is the expected value."""

    month: NDArray[np.int64]
    low: NDArray[np.float64]
    mid: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class WaterfallStep:
    """One bar from gross claim to net: `name` is a text id below `waterfall.`; money in present value, signed."""

    name: str
    amount: float
    is_total: bool = False
