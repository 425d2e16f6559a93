"""What a pilot is expected to teach, in money, before it is run: the expected value of sample information (Raiffa & Schlaifer 1961).

A pilot shows y = gain + error. For every y that may come the draws are weighed anew by exp(-(y - gain)^2 / 2 error^2), and the
level is chosen that is best under these weights; the mean of what that is worth, less what the level that is best today is worth,
is what the pilot teaches. Value depends on y through the gain alone, so draws alike in their gains are taken together first
(Strong, Oakley, Brennan & Breeze 2015): otherwise a pilot without error would know everything else about a draw too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.statistics.uncertainty import Draws, resample, sobol

_GROUPS, _ERRORS, _SEED = 64, 16, 11  # groups of draws alike in their gains; errors tried for each
_KNOTS = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, eq=False)
class Lesson:
    """Groups of draws alike in what a pilot would show: their gains (G, d), the value of each level (G, L), their shares (G,)."""

    gain: Draws
    value: Draws
    share: Draws


def lesson_of(gain: Draws, value: Draws) -> Lesson:
    """Return the draws in groups alike in their gains, for gains (n, d) of d outcomes and values (L, n).

    What a level is worth given the gains is a sum of lines with bends, one of each outcome's gain, by least squares: group means
    alone would take chance among a few dozen draws for something learned.
    """
    order, size = _groups(gain)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    bends = _bends(gain)
    square = bends.T @ bends
    square[np.diag_indices_from(square)] *= 1 + 1e-9
    fitted = np.linalg.solve(square, bends.T @ value.T)
    bent, centre = (np.add.reduceat(one[order], start, axis=0) / size[:, None] for one in (bends, gain))
    return Lesson(centre, bent @ fitted, size / len(gain))


def _groups(gain: Draws) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the draws in the order of their groups, and the groups' sizes: equal parts by the first outcome, each split by the next."""
    n, outcomes = gain.shape
    parts = max(1, round(min(_GROUPS, n) ** (1 / outcomes)))
    groups = [np.arange(n)]
    for outcome in range(outcomes):
        sorted_groups = [group[np.argsort(gain[group, outcome], kind="stable")] for group in groups]
        groups = [part for group in sorted_groups for part in np.array_split(group, parts) if part.size]
    return np.concatenate(groups), np.array([group.size for group in groups])


def _bends(gain: Draws) -> Draws:
    """Return 1, each outcome's gain, and how far it is above each of a few of its quantiles, (n, columns); in units of its spread."""
    columns = [np.ones(len(gain))]
    for own in gain.T:
        spread = float(own.std())
        if spread > 0:
            own = own / spread
            knots = np.unique(np.sort(own)[[int(share * own.size) for share in _KNOTS]])
            columns += [own, *(np.maximum(own - knot, 0.0) for knot in knots[knots > own.min()])]
    return np.stack(columns, axis=1)


def value_of_sample(lesson: Lesson, error: Draws) -> float:
    """Return what a pilot with standard errors (d,) is expected to teach, in the unit of the lesson's values; never below 0.

    The errors that chance may bring are the same for every pilot, so that two of them differ by what they are alone.

    >>> gain = np.linspace(-2.0, 2.0, 512)[:, None]
    >>> told = lesson_of(gain, np.stack([np.zeros(512), gain[:, 0]]))
    >>> round(value_of_sample(told, np.array([1e-3])), 3), round(value_of_sample(told, np.array([1e6])), 3)
    (0.501, 0.0)
    """
    true = lesson.gain / error  # (G, d)
    shown = (true[:, None, :] + _errors(_ERRORS, error.size)).reshape(-1, error.size)  # (G Q, d)
    half = 0.5 * (true**2).sum(axis=1)
    log_weight = shown @ true.T - half  # -(shown - true)^2 / 2, less what is the same for every group
    own = np.repeat(np.arange(len(half)), _ERRORS)
    log_weight -= log_weight[np.arange(len(own)), own][:, None]
    weight = np.exp(log_weight, out=log_weight)
    weighed = lesson.share[:, None] * np.column_stack([lesson.value, np.ones(len(half))])
    told = weight @ weighed
    best = (told[:, :-1].max(axis=1) / told[:, -1]).reshape(-1, _ERRORS).mean(axis=1)
    return max(0.0, float(lesson.share @ best) - float((lesson.share @ lesson.value).max()))


def after_the_pilot(gain: Draws, error: Draws, count: int, kept: int) -> list[NDArray[np.int64]]:
    """Return, for `count` results that the pilot may have, the draws (kept,) that are then equally likely; gains are (n, d)."""
    z = _errors(count, error.size)
    true = gain[np.linspace(0, len(gain) - 1, count).astype(int)]
    found = []
    for shown in true + error * z:
        log_weight = -0.5 * (((shown - gain) / error) ** 2).sum(axis=1)
        found.append(resample(log_weight, kept, _SEED))
    return found


def _errors(count: int, outcomes: int) -> Draws:
    """Return standard-normal errors (count, d), as many above 0 as below and of variance 1 in each outcome."""
    from scipy.special import ndtri

    half: Draws = ndtri(sobol(count // 2, outcomes, _SEED))
    half /= np.sqrt((half**2).mean(axis=0))
    return np.concatenate([half, -half])
