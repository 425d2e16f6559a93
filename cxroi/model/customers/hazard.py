"""Does the risk of leaving fall with tenure? The data choose between a constant hazard and the sBG one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.customers.retention import SbgFit, fit_sbg_by_tenure
from cxroi.model.statistics.proportion import jeffreys_interval
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


class Hazard(StrEnum):
    """How the risk of leaving moves with tenure."""

    CONSTANT = "constant"
    TENURE = "tenure"


@dataclass(frozen=True, kw_only=True, eq=False)
class HazardChoice:
    """Which hazard the data support; the sentence stands under `retention.hazard.<choice>` in the text catalogues.

    `bic_gain` is BIC(constant) - BIC(tenure); above `threshold` the tenure hazard is used. `last_period_*` is the check
    one period beyond: both are fitted without the last tenure observed and predict how many it loses.
    """

    choice: Hazard
    constant_churn_rate: Interval
    sbg: SbgFit | None
    bic_gain: float
    threshold: float
    p_value: float
    last_period_lost: float
    last_period_lost_constant: float
    last_period_lost_tenure: float

    def survival(self, periods: ArrayLike, *, tenure: float = 0.0) -> Array:
        """Return the share still active `periods` from now under the chosen hazard."""
        if self.choice is Hazard.TENURE and self.sbg is not None:
            return self.sbg.survival(periods, tenure=tenure)
        return np.asarray((1 - self.constant_churn_rate.mid) ** np.asarray(periods, dtype=float))


def choose_hazard(lost: ArrayLike, at_risk: ArrayLike, *, threshold: float = 6.0) -> HazardChoice:
    """Return whether the hazard is constant or falls with tenure, by BIC (Schwarz 1978) on the same life table.

    A gain of 6 is strong evidence in Kass & Raftery (1995). The p-value is of the likelihood ratio, halved because a
    constant hazard lies on the edge of the sBG family (Self & Liang 1987).
    """
    from scipy.special import erfc

    d, n = np.asarray(lost, dtype=float), np.asarray(at_risk, dtype=float)
    seen = n > 0
    if not seen.any():
        raise ModelError("retention.too_few_periods", periods=0)
    constant = _constant_rate(d, n)
    try:
        sbg: SbgFit | None = fit_sbg_by_tenure(d, n)
    except ModelError:
        sbg = None
    flat = float(
        (d * np.log(np.maximum(constant.mid, 1e-300)) + (n - d) * np.log1p(-min(constant.mid, 1 - 1e-16))).sum()
    )
    ratio = max(0.0, 2 * (sbg.log_likelihood - flat)) if sbg else 0.0
    bic_gain = ratio - float(np.log(max(n[seen][0], 2.0)))
    last = int(np.flatnonzero(seen)[-1])
    beyond = _one_period_beyond(d, n, last)
    return HazardChoice(
        choice=Hazard.TENURE if sbg and bic_gain > threshold else Hazard.CONSTANT,
        constant_churn_rate=constant,
        sbg=sbg,
        bic_gain=bic_gain,
        threshold=threshold,
        p_value=float(0.5 * erfc(np.sqrt(ratio / 2))) if ratio else 1.0,
        last_period_lost=float(d[last]),
        last_period_lost_constant=beyond[0],
        last_period_lost_tenure=beyond[1],
    )


def _constant_rate(lost: Array, at_risk: Array) -> Interval:
    low, high = jeffreys_interval(lost.sum(), at_risk.sum())
    return Interval(low=float(low), mid=float(lost.sum() / at_risk.sum()), high=float(high))


def _one_period_beyond(lost: Array, at_risk: Array, last: int) -> tuple[float, float]:
    """Return the losses of the last tenure as the constant and the sBG hazard, fitted without it, would have told."""
    if last < 1 or at_risk[:last].sum() <= 0:
        return float("nan"), float("nan")
    constant = float(at_risk[last] * lost[:last].sum() / at_risk[:last].sum())
    try:
        before = fit_sbg_by_tenure(lost[:last], at_risk[:last])
    except ModelError:
        return constant, float("nan")
    return constant, float(at_risk[last] * (1 - before.retention_rate(last + 1)))
