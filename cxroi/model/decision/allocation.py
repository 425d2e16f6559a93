"""Allocation: how a budget is best divided between segments, where extra money goes furthest, or what each should get to earn a stated
marginal return.

Each segment's expected value is tabulated over its levels of spend. A fixed budget equalises marginal returns: a multiplier
(the value of one more unit of budget) is found by bisection; where a curve is S-shaped and equal margins are not enough, dynamic
programming over the whole grid settles it. Source: Everett (1963), generalized Lagrange multiplier method; Bellman (1957).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cxroi.errors import ModelError
from cxroi.model.statistics.uncertainty import Draws, Interval

_MOST_MONEY = 1e15  # a month: beyond it nothing is money any more
_STEPS = 400  # of the budget, in the dynamic programme


@dataclass(frozen=True, kw_only=True)
class Move:
    """One segment's part: spend per month today and proposed, the gain in present value, its marginal return, what binds."""

    segment: str
    today_spend: float
    spend: float
    gain: Interval
    marginal_roi: float  # expected, on the next unit of spend at the proposed level
    bound: (
        str | None
    )  # "low" or "high" when that limit holds it there, "today" where none of the extra money goes there;
    # "held" where it was not free to move at all


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Money a month on top of today's: what was asked, what was placed of it, and why the rest was not.

    `because` is "bounds" where every part stands at the most it may get, "pays_no_more" where no part gains by more; None where all
    was placed.
    """

    asked: float
    placed: float
    because: str | None

    @property
    def unplaced(self) -> float:
        """Return what is left over."""
        return self.asked - self.placed


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The best division: `value_of_budget` is what one more unit a month would add in present value (fixed budget only)."""

    moves: tuple[Move, ...]
    today_spend: float
    spend: float
    gain: Interval
    value_of_budget: float | None
    unattainable: tuple[str, ...]  # segments that cannot reach the target return inside their bounds
    extra: Extra | None = None  # where the money was extra and the rest held


def allocate(
    *, budget: float | None = None, target_return: float | None = None, extra: float | None = None, **facts: Any
) -> Allocation:
    """Return the answer to the one of three questions that is asked; by default today's budget is divided."""
    if sum(one is not None for one in (budget, target_return, extra)) > 1:
        raise ModelError("allocation.one_question")
    if target_return is not None:
        return allocate_to_return(**facts, target_return=target_return)
    if extra is not None:
        return allocate_extra(**facts, extra=extra)
    return allocate_budget(**facts, budget=float(facts["today_spend"].sum()) if budget is None else budget)


def allocate_budget(
    *,
    segments: tuple[str, ...],
    level_percent: Draws,
    benefit: Draws,
    cost: Draws,
    today_spend: Draws,
    budget: float,
    bounds: Draws | None = None,
) -> Allocation:
    """Return the division of `budget` (money a month) over segments with the highest expected net present value.

    `benefit` and `cost` (L, S, n) are present values against today at `level_percent` (L,); `today_spend` (S,) money a month;
    `bounds` (S, 2) the lowest and highest level allowed in percent, by default the grid's. Raises ModelError where the bounds
    leave no way to spend the budget.
    """
    fine, expected = _fine(level_percent, (benefit - cost).mean(axis=2))
    allowed = _allowed(fine, bounds, today_spend.size)
    spend = fine[:, None] / 100 * today_spend
    least, most = (float(sum(f(spend[ok, s]) for s, ok in enumerate(allowed.T))) for f in (np.min, np.max))
    if not least - 1e-6 <= budget <= most + 1e-6:
        raise ModelError("allocation.budget_out_of_bounds", budget=budget, low=least, high=most)
    multiplier, rows = _equal_margins(expected, spend, allowed, budget)
    programme = _programme(expected, spend, allowed, budget)
    at = np.arange(today_spend.size)
    if expected[programme, at].sum() > expected[rows, at].sum() and spend[programme, at].sum() <= budget * (1 + 1e-9):
        rows = programme
    edges = _edges(fine, allowed)
    return _result(segments, fine[rows], level_percent, benefit, cost, today_spend, edges, multiplier, ())


def allocate_extra(
    *,
    segments: tuple[str, ...],
    level_percent: Draws,
    benefit: Draws,
    cost: Draws,
    today_spend: Draws,
    extra: float,
    bounds: Draws | None = None,
) -> Allocation:
    """Return where `extra` money a month goes furthest when every segment keeps at least what it has today.

    Nothing is placed where it loses money on average, nor beyond a segment's bounds; what is left over is in `extra`. Raises
    ModelError for an amount below 0, one that the lowest levels asked for do not leave room for, and a bound below today's spend.
    """
    if not 0 <= extra <= _MOST_MONEY:
        raise ModelError("allocation.extra_unreadable", extra=extra)
    fine, expected = _fine(level_percent, (benefit - cost).mean(axis=2))
    allowed = _allowed(fine, _from_today(segments, fine, bounds), today_spend.size)
    above = (fine[:, None] / 100 - 1) * today_spend
    edges, at = _edges(fine, allowed), np.arange(today_spend.size)
    least = float(((edges[0] / 100 - 1) * today_spend).sum())
    if least > extra * (1 + 1e-9) + 1e-6:
        raise ModelError("allocation.extra_too_small", extra=extra, least=least)
    multiplier, rows = _equal_margins(expected, above, allowed, extra, free=True)
    programme = _programme(expected, above, allowed, extra)
    if expected[programme, at].sum() > expected[rows, at].sum() and above[programme, at].sum() <= extra * (1 + 1e-9):
        rows = programme
    levels = _topped_up(fine, rows, expected, today_spend, edges[1], extra - float(above[rows, at].sum()))
    found = _result(segments, levels, level_percent, benefit, cost, today_spend, edges, multiplier, ())
    placed = found.spend - found.today_spend
    full = bool((levels >= edges[1] - 1e-9)[today_spend > 0].all())
    because = None if placed >= extra * (1 - 1e-6) else "bounds" if full else "pays_no_more"
    moves = tuple(
        replace(move, bound="high" if level == most else "today" if level == 100 else None)
        for move, level, most in zip(found.moves, levels, edges[1], strict=True)
    )
    return replace(found, moves=moves, extra=Extra(asked=extra, placed=placed if because else extra, because=because))


def allocate_to_return(
    *,
    segments: tuple[str, ...],
    level_percent: Draws,
    benefit: Draws,
    cost: Draws,
    today_spend: Draws,
    target_return: float,
    bounds: Draws | None = None,
) -> Allocation:
    """Return the level per segment at which the next unit of spend earns `target_return` net (0.2 is 20 %), where it can.

    Each segment maximises E[benefit - (1 + target) cost]. A segment whose marginal return is below the target even at its
    lowest level, where it then stays, is named in `unattainable`.
    """
    fine, expected = _fine(level_percent, (benefit - (1 + target_return) * cost).mean(axis=2))
    allowed = _allowed(fine, bounds, today_spend.size)
    rows = np.where(allowed, expected, -np.inf).argmax(axis=0)
    lowest = allowed.argmax(axis=0)
    spends = today_spend > 0
    failing = tuple(name for s, name in enumerate(segments) if spends[s] and rows[s] == lowest[s] and fine[rows[s]] > 0)
    edges = _edges(fine, allowed)
    return _result(segments, fine[rows], level_percent, benefit, cost, today_spend, edges, None, failing)


def _fine(level_percent: Draws, expected: Draws) -> tuple[Draws, Draws]:
    """Return every whole percent inside the grid and the expected value there, interpolated."""
    fine = np.arange(level_percent[0], level_percent[-1] + 1)
    return fine, np.stack([np.interp(fine, level_percent, column) for column in expected.T], axis=1)


def _allowed(fine: Draws, bounds: Draws | None, n_segments: int) -> np.ndarray:
    limits = np.tile([fine[0], fine[-1]], (n_segments, 1)) if bounds is None else np.asarray(bounds, dtype=float)
    if limits.shape != (n_segments, 2) or (limits[:, 0] > limits[:, 1]).any():
        raise ModelError("allocation.bounds_unreadable", segments=n_segments)
    allowed = (fine[:, None] >= limits[:, 0]) & (fine[:, None] <= limits[:, 1])
    nearest = np.abs(fine[:, None] - limits.mean(axis=1)).argmin(axis=0)
    allowed[nearest, np.arange(n_segments)] |= ~allowed.any(axis=0)
    return allowed


def _from_today(segments: tuple[str, ...], fine: Draws, bounds: Draws | None) -> Draws:
    """Return the bounds (S, 2) from today's spend on; raises ModelError where one lies below it."""
    limits = np.tile([100.0, fine[-1]], (len(segments), 1)) if bounds is None else np.asarray(bounds, dtype=float)
    for name, (_, most) in zip(segments, limits, strict=True):
        if most < 100:
            raise ModelError("allocation.extra_below_today", segment=name, high=most)
    return np.maximum(limits, 100.0)


def _edges(fine: Draws, allowed: np.ndarray) -> tuple[Draws, Draws]:
    """Return the lowest and the highest level that each segment may have."""
    return fine[allowed.argmax(axis=0)], fine[len(fine) - 1 - allowed[::-1].argmax(axis=0)]


def _topped_up(fine: Draws, rows: np.ndarray, expected: Draws, today: Draws, most: Draws, left: float) -> Draws:
    """Return the levels with what whole percents have left over, given to who gains most by it."""
    levels = fine[rows].astype(float)
    slopes = np.diff(expected, axis=0) / np.maximum(today / 100, 1e-12)
    while left > 1e-9:
        room = (today > 0) & (levels < most - 1e-9)
        step = np.clip(np.floor(levels - fine[0] + 1e-9).astype(int), 0, len(slopes) - 1)
        gains = np.where(room, slopes[step, np.arange(today.size)], 0.0)
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        upto = min(fine[step[best]] + 1, most[best])
        given = min(left, (upto - levels[best]) / 100 * today[best])
        levels[best] = upto if given < left else levels[best] + 100 * given / today[best]
        left -= given
    return levels


def _equal_margins(
    expected: Draws, spend: Draws, allowed: np.ndarray, budget: float, *, free: bool = False
) -> tuple[float, np.ndarray]:
    """Return the multiplier at which the best levels together cost at most the budget, and those levels' rows.

    `free`: the budget need not be spent where that loses money.
    """
    at = np.arange(expected.shape[1])

    def best(multiplier: float) -> np.ndarray:
        return np.where(allowed, expected - multiplier * spend, -np.inf).argmax(axis=0)

    if free and spend[best(0.0), at].sum() <= budget + 1e-9:
        return 0.0, best(0.0)
    steepest = np.abs(np.diff(expected, axis=0)) / np.maximum(np.diff(spend, axis=0), 1e-12)
    low = -float(steepest[:, spend[-1] > 0].max(initial=0.0)) - 1.0
    high = -low
    for _ in range(60):
        middle = 0.5 * (low + high)
        if spend[best(middle), at].sum() > budget + 1e-9:
            low = middle
        else:
            high = middle
    return high, best(high)


def _programme(expected: Draws, spend: Draws, allowed: np.ndarray, budget: float) -> np.ndarray:
    """Return the rows of the best levels whose spend, rounded up to steps of the budget, fits into it."""
    steps = np.arange(_STEPS + 1)
    unit = budget / _STEPS if budget > 0 else 1.0
    best = np.zeros(_STEPS + 1)
    chosen = []
    for s in range(expected.shape[1]):
        rows = np.flatnonzero(allowed[:, s])
        need = np.ceil(spend[rows, s] / unit - 1e-9).astype(int)
        rest = steps[:, None] - need
        value = np.where(rest >= 0, best[np.maximum(rest, 0)] + expected[rows, s], -np.inf)
        pick = value.argmax(axis=1)
        chosen.append((rows, need, pick))
        best = value[steps, pick]
    left, out = _STEPS, []
    for rows, need, pick in reversed(chosen):
        k = pick[left]
        out.append(rows[k])
        left = max(left - int(need[k]), 0)
    return np.array(out[::-1])


def _result(
    segments: tuple[str, ...],
    levels: Draws,
    level_percent: Draws,
    benefit: Draws,
    cost: Draws,
    today_spend: Draws,
    edges: tuple[Draws, Draws],
    multiplier: float | None,
    unattainable: tuple[str, ...],
) -> Allocation:
    moves, total = [], np.zeros(benefit.shape[2])
    for s, name in enumerate(segments):
        level = levels[s]
        gain = _at(level_percent, benefit[:, s] - cost[:, s], level)
        total += gain
        bound = "low" if level == edges[0][s] else "high" if level == edges[1][s] else None
        moves.append(
            Move(
                segment=name,
                today_spend=float(today_spend[s]),
                spend=float(today_spend[s] * level / 100),
                gain=Interval.around(float(gain.mean()), gain),
                marginal_roi=_marginal(level_percent, benefit[:, s], cost[:, s], level),
                bound=bound,
            )
        )
    return Allocation(
        moves=tuple(moves),
        today_spend=float(today_spend.sum()),
        spend=sum(move.spend for move in moves),
        gain=Interval.around(float(total.mean()), total),
        value_of_budget=multiplier,
        unattainable=unattainable,
    )


def _at(level_percent: Draws, value: Draws, level: float) -> Draws:
    """Return value (L, n) at a level between the grid's, by a straight line."""
    above = int(np.clip(np.searchsorted(level_percent, level), 1, len(level_percent) - 1))
    share = (level - level_percent[above - 1]) / (level_percent[above] - level_percent[above - 1])
    return (1 - share) * value[above - 1] + share * value[above]


def _marginal(level_percent: Draws, benefit: Draws, cost: Draws, level: float) -> float:
    ahead = min(level + 2, level_percent[-1])
    behind = ahead - 2
    gained = float((_at(level_percent, benefit, ahead) - _at(level_percent, benefit, behind)).mean())
    paid = float((_at(level_percent, cost, ahead) - _at(level_percent, cost, behind)).mean())
    return gained / paid - 1 if paid > 0 else 0.0
