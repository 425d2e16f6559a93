"""Levels that moved for good, such as a new price, product or way of counting: found, and taken out beside level and trend.

A step is looked for in every month of every segment, with spend at a plain shape in the fit (a level shift of Chen & Liu 1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxroi.model.response.event_course import EVENT_SD, EventCourse
from cxroi.model.response.likelihood import Noise, TakenOut
from cxroi.model.response.shape import Family, carry_over, gain
from cxroi.model.statistics.uncertainty import Draws

FEWEST_MONTHS = 12
SURELY = 4.0  # |z|: a hundred months and four segments bring one by chance in a hundred histories
_STEP_SD, _EDGE = 0.3, 3  # log; months at either end in which a step cannot be told from level or chance


@dataclass(frozen=True, kw_only=True)
class LevelShift:
    """Where an outcome moved for good: the segment's place, the first month after it, and by how much in log."""

    segment: int
    month: int
    size: float


def plain_gain(spend_ratio: Draws) -> Draws:
    """Return g(r) of a plain shape, (S, T): exponential, half-saturation and carryover in the middle of their ranges."""
    return gain(Family.EXPONENTIAL, carry_over(spend_ratio, 0.45), 1.0, 1.0)


def find_level_shifts(
    response: Draws, noise: Noise, spend_ratio: Draws, events: tuple[EventCourse, ...] = ()
) -> tuple[LevelShift, ...]:
    """Return at most one step a segment, above |z| = 4, in a working response (S, T) under a setting of the nuisance spreads.

    Where a named event of one's own segment began no other step is looked for; of one that all segments share, a segment's own
    departure may be found.
    """
    plain = plain_gain(spend_ratio)
    information, pull = noise.quadratic(plain[None])
    total = float(information.sum())
    left = response + (float(pull.sum()) / total if total > 0 else 0.0) * plain
    month = np.arange(response.shape[1])
    steps = (month[None, :] >= month[_EDGE : 1 - _EDGE, None]).astype(float)  # (K, T)
    weighed = np.einsum("stu,su->st", noise.precision, left)
    weighed -= np.einsum("stu,u->st", noise.month_root, np.einsum("stu,st->u", noise.month_root, left))
    own = noise.precision - noise.month_root @ noise.month_root.transpose(0, 2, 1)
    found = []
    for s in range(len(response)) if len(steps) else ():
        weight = np.maximum(np.einsum("kt,tu,ku->k", steps, own[s], steps), 1e-12)
        pulled = steps @ weighed[s]
        score = np.abs(pulled / np.sqrt(weight))
        named = [event.begins for event in events if event.lasts and (event.segment == s or len(response) == 1)]
        score[np.isin(month[_EDGE : 1 - _EDGE], np.concatenate([*named, np.zeros(0, int)]))] = 0.0
        best = int(score.argmax())
        if abs(pulled[best]) > SURELY * np.sqrt(weight[best]):
            found.append(LevelShift(segment=s, month=best + _EDGE, size=float(pulled[best] / weight[best])))
    return tuple(found)


def taken_out(
    shifts: tuple[LevelShift, ...], events: tuple[EventCourse, ...], shape: tuple[int, ...]
) -> TakenOut | None:
    """Return the covariance of steps of unknown size, N(0, 0.3^2) each, and of named events, N(0, 0.5^2); None where there are none."""
    if not shifts and not events:
        return None
    n_segments, n_months = shape
    out = np.zeros((n_segments, n_months, n_months))
    for one in shifts:
        step = (np.arange(n_months) >= one.month).astype(float)
        out[one.segment] += _STEP_SD**2 * np.outer(step, step)
    shared = np.zeros((n_months, n_months))
    for event in events:
        held = EVENT_SD * event.months[:n_months]
        alike = event.segment is None and n_segments > 1
        place = shared if alike else out[event.segment or 0]
        place += np.outer(held, held)
    return TakenOut(out, shared if shared.any() else None)
