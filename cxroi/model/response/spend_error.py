"""Spend that is booked with error: by how much that makes its effect look smaller than it is."""

from __future__ import annotations

import numpy as np

from cxroi.model.response.likelihood import History
from cxroi.model.response.shape import carry_over

_LEAST = 0.5  # an error that would be more than half of what varies is not what the data show


def reliability(history: History, carryover_rate: float, error_sd: float) -> float:
    """Return lambda, the share of what spend varies by that is no error, if each month's were booked with one of `error_sd`, log.

    lambda = 1 - s^2 (1 - a) / (1 + a) / V: V is the variance of log spend as carried over, within segments and, where there are several,
    within months, as effects are read from it; carryover a averages the errors of months. A slope on it is lambda times the true one
    (classical errors in variables: Fuller 1987, chapter 1). At least a half.
    """
    spent = np.log(np.maximum(carry_over(history.spend_ratio, carryover_rate), 1e-3))
    left = spent - spent.mean(axis=1, keepdims=True)
    freedom = left.shape[1] - 1
    if len(left) > 1:
        left = left - left.mean(axis=0)
        freedom *= len(left) - 1
    varies = float((left**2).sum()) / max(freedom, 1)
    error = error_sd**2 * (1 - carryover_rate) / (1 + carryover_rate)
    return max(1 - error / varies, _LEAST) if varies > 0 else _LEAST
