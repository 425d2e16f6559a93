"""What money of a later month is worth today, and the one check of a yearly discount rate."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cxroi.errors import ScenarioError

NAME = "annual_discount_rate"
LOWEST, HIGHEST = 0.0, 1.0  # 100 % a year: more is a percentage typed for a share


def discount_rate(annual: float) -> float:
    """Return a yearly discount rate (0.10 is 10 %) that can be meant; every rate that comes in passes here.

    >>> discount_rate(0.1)
    0.1

    Raises ScenarioError `scenario.annual_rate` for one below 0, above 1, or no number.
    """
    number = isinstance(annual, int | float) and not isinstance(annual, bool)
    if not number or not math.isfinite(annual) or not LOWEST <= annual <= HIGHEST:
        given = f"{100 * annual:,.10g} %" if number and math.isfinite(annual) else str(annual)
        raise ScenarioError("scenario.annual_rate", name=NAME, given=given)
    return float(annual)


def monthly_factor(annual_discount_rate: float) -> float:
    """Return what money of a month's end is worth at its start, (1 + annual)^(-1/12).

    >>> round(monthly_factor(0.1) ** 12, 6)
    0.909091
    """
    return (1 + discount_rate(annual_discount_rate)) ** (-1 / 12)


def discount_factors(annual_discount_rate: float, horizon_months: int) -> NDArray[np.float64]:
    """Return (1 + annual)^(-m/12) for month ends 1 to the horizon.

    >>> discount_factors(0.1, 12)[-1].round(6).item()
    0.909091
    """
    factors: NDArray[np.float64] = (1 + discount_rate(annual_discount_rate)) ** (-np.arange(1, horizon_months + 1) / 12)
    return factors
