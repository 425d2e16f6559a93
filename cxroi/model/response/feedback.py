"""Spend that answers to churn: how strongly it does, and what that would wrongly add to the strength of the response.

A budget that is raised after churn rose moves with the past disturbances. Taking each segment's own level and trend out mixes future
disturbances with past ones, so that spend looks as if it had brought churn back down (Nickell 1981). The part that is expected to
arise in this way is known in closed form once the answer of spend is, and is taken off the likelihood's pull.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxroi.model.response.budget_rule import robust_slope
from cxroi.model.response.event_course import turned
from cxroi.model.response.likelihood import Expansion, History, Noise, nuisance_columns
from cxroi.model.statistics.uncertainty import Draws

_MEMORY = np.linspace(0.0, 0.9, 10)  # carryover rates at which the correction is worked out
_STILL = 0.003  # sd of monthly changes, in logs: an outcome that moves less is a flat rate and its rounding, which no budget answers to


def answer_of_spend(history: History, expansion: Expansion) -> float:
    """Return the elasticity c of next month's spend to this month's churn, shrunk to 0 where the months do not show one.

    The change in log spend is regressed on the change in log churn a month earlier, over all segments, robustly (Huber 1964), since
    budgets also move in steps of their own; the estimate counts by the positive part of 1 - 1 / t^2 (James & Stein 1961). Changes in which
    a named event came or went are left out.
    """
    spend = np.log(np.maximum(history.spend_ratio, 1e-3))
    moved, seen = np.diff(spend, axis=1)[:, 1:], history.seen
    rose = np.diff(expansion.response, axis=1)[:, :-1]
    apart = ~turned(history.events, seen.shape)
    usable = seen[:, 2:] & seen[:, 1:-1] & seen[:, :-2] & apart[:, 1:] & apart[:, :-1]
    x, y = rose[usable], moved[usable]
    if not x.size or x.std() < _STILL:
        return 0.0
    elasticity, variance = robust_slope(x, y)
    return elasticity * max(0.0, 1 - variance / max(elasticity**2, 1e-12)) if variance > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Feedback:
    """The elasticity, and per noise setting the weight (a, S, T) of g'(r_t) in what spend's answer adds to the pull."""

    elasticity: float
    weight: tuple[Draws, ...]

    def added_pull(self, slope: Draws, carryover: Draws, setting: int) -> Draws:
        """Return c sum_t g'(r_st) W_st(a), (n, S): the expected pull at the true strength, which should be none.

        `slope` g'(r) is (n, S, T), `carryover` (n,).
        """
        nearest = np.minimum(np.rint(carryover / _MEMORY[1]).astype(np.int64), _MEMORY.size - 1)
        return self.elasticity * np.einsum("nst,nst->ns", slope, self.weight[setting][nearest])


def feedback_of(history: History, settings: list[Noise], elasticity: float) -> Feedback | None:
    """Return the feedback of a history whose spend answers to churn with an elasticity; None where it does not.

    E[g' P e] = -tr(D N N' P) for disturbances e, the precision P with the nuisance N taken out, and D_tu = dg_t / de_u =
    c g'(r_t) (1 - a) a^(t-u-1) x_(u+1): spend of month u + 1 answers to month u and is carried over to t.
    """
    if elasticity == 0:
        return None
    n_segments, n_months = history.spend_ratio.shape
    nuisance = nuisance_columns(n_segments, n_months)
    lag = np.subtract.outer(np.arange(n_months), np.arange(n_months))
    kernel = (1 - _MEMORY)[:, None, None] * np.where(lag >= 0, _MEMORY[:, None, None] ** np.maximum(lag, 0), 0.0)
    by_month = np.ascontiguousarray(kernel[:, :, 1:].transpose(1, 0, 2))  # (t, a, j)
    weights = []
    for setting in settings:
        precision = setting.precision - setting.month_root @ setting.month_root.transpose(0, 2, 1)
        mixed = (nuisance @ nuisance.T) @ precision  # (S, u, t)
        answered = history.spend_ratio[:, 1:, None] * mixed[:, :-1, :]  # (S, j = u + 1, t)
        weights.append((by_month @ answered.transpose(2, 1, 0)).transpose(1, 2, 0))
    return Feedback(elasticity, tuple(weights))
