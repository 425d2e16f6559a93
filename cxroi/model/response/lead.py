"""The placebo: spend cannot act backwards, so next quarter's should not go with this month's outcome."""

from __future__ import annotations

import numpy as np

from cxroi.model.response.likelihood import Noise
from cxroi.model.statistics.uncertainty import Draws

FEWEST_MONTHS = 8


def next_quarter(spend_ratio: Draws) -> Draws | None:
    """Return the mean log spend of the three months that follow each (fewer at the end), (S, T - 1); None where there is no test."""
    ratio = np.log(np.maximum(spend_ratio, 1e-3))
    n_months = ratio.shape[1]
    if n_months < FEWEST_MONTHS or ratio.std() < 1e-6:
        return None
    return np.stack([ratio[:, t + 1 : t + 4].mean(axis=1) for t in range(n_months - 1)], axis=1)


def lead_score(noise: Noise, bought: Draws, spend_ratio: Draws) -> float | None:
    """Return the z-score of next quarter's spend in this month's outcome, given what this month's `bought` (S, T); None where
    there is no test.

    A large score says that spend follows the outcome, so that the link need not be causal (Granger 1969; Angrist & Pischke 2009, section
    5.2). `noise` covers all months, or all but the last, for which nothing follows.
    """
    lead = next_quarter(spend_ratio)
    if lead is None:
        return None
    months = noise.pull.shape[1]
    if months > lead.shape[1]:  # nothing follows the last month: its own spend stands in
        lead = np.column_stack([lead, np.log(np.maximum(spend_ratio[:, -1], 1e-3))])
    now = bought[:, :months]
    information, pull = noise.quadratic(np.stack([now, lead, now + lead]))
    total, force = information.sum(axis=(1, 2)), pull.sum(axis=1)
    cross = (total[2] - total[0] - total[1]) / 2
    determinant = total[0] * total[1] - cross**2
    if determinant <= 1e-9 * total[0] * total[1] or total[1] <= 0:
        return None
    estimate = (total[0] * force[1] - cross * force[0]) / determinant
    return float(estimate / np.sqrt(total[0] / determinant))
