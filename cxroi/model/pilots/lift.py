"""How far a treated group's mean outcome lies above the control group's, from totals alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from cxroi.errors import ModelError


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One group's outcomes as totals: enough for a comparison of means."""

    total: float
    total_of_squares: float
    n: float

    @property
    def mean(self) -> float:
        """Return the mean outcome."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Return the sample variance, divisor n - 1; of a share (total = total of squares) the divisor is n."""
        divisor = self.n if self.total == self.total_of_squares else self.n - 1
        return (self.total_of_squares - self.total**2 / self.n) / divisor


@dataclass(frozen=True, kw_only=True)
class Lift:
    """How far the treated mean lies above the control mean: in its own unit, or as a share of control."""

    estimate: float
    standard_error: float
    low: float
    high: float
    p_value: float


def lift(treated: Sample, control: Sample, *, relative: bool = False, confidence: float = 0.9) -> Lift:
    """Return the absolute or the relative lift of a mean (revenue, orders, a share) with Welch's interval.

    The relative one, (t - c) / c, has by the delta method variance var_t / c^2 + var_c t^2 / c^4. The two can disagree
    about significance, so a reader must be told which one is shown.
    """
    from scipy.special import stdtr, stdtrit

    if min(treated.n, control.n) < 2 or (relative and control.mean == 0):
        raise ModelError("pilot.group_too_small", customers=min(treated.n, control.n))
    variances = [sample.variance / sample.n for sample in (treated, control)]
    estimate, error = treated.mean - control.mean, sqrt(sum(variances))
    if relative:
        error = sqrt(variances[0] / control.mean**2 + variances[1] * treated.mean**2 / control.mean**4)
        estimate /= control.mean
    freedom = sum(variances) ** 2 / sum(v**2 / (s.n - 1) for v, s in zip(variances, (treated, control), strict=True))
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    p_value = float(2 * stdtr(freedom, -abs(estimate) / error))
    return Lift(estimate=estimate, standard_error=error, low=estimate - half, high=estimate + half, p_value=p_value)
