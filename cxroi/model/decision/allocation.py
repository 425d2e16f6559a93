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
from cxroi.model.decision.allocation_search import (
    allowed_levels,
    best_rows,
    every_percent,
    from_today,
    level_edges,
    topped_up,
)
from cxroi.model.statistics.uncertainty import Draws, Interval

_MOST_MONEY = 1e15  # a month: beyond it nothing is money any more


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
    made_by_quarter: tuple[
        float, ...
    ] = ()  # share of every move that is made in the plan's quarters; () where it has none


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
    fine, expected = every_percent(level_percent, (benefit - cost).mean(axis=2))
    allowed = allowed_levels(fine, bounds, today_spend.size)
    spend = fine[:, None] / 100 * today_spend
    least, most = (float(sum(f(spend[ok, s]) for s, ok in enumerate(allowed.T))) for f in (np.min, np.max))
    if not least - 1e-6 <= budget <= most + 1e-6:
        raise ModelError("allocation.budget_out_of_bounds", budget=budget, low=least, high=most)
    multiplier, rows = best_rows(expected, spend, allowed, budget)
    edges = level_edges(fine, allowed)
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
    fine, expected = every_percent(level_percent, (benefit - cost).mean(axis=2))
    allowed = allowed_levels(fine, from_today(segments, fine, bounds), today_spend.size)
    above = (fine[:, None] / 100 - 1) * today_spend
    edges = level_edges(fine, allowed)
    least = float(((edges[0] / 100 - 1) * today_spend).sum())
    if least > extra * (1 + 1e-9) + 1e-6:
        raise ModelError("allocation.extra_too_small", extra=extra, least=least)
    multiplier, rows = best_rows(expected, above, allowed, extra, free=True)
    left = extra - float(np.take_along_axis(above, rows[None], axis=0).sum())
    levels = topped_up(fine, rows, expected, today_spend, edges[1], left)
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
    fine, expected = every_percent(level_percent, (benefit - (1 + target_return) * cost).mean(axis=2))
    allowed = allowed_levels(fine, bounds, today_spend.size)
    rows = np.where(allowed, expected, -np.inf).argmax(axis=0)
    lowest = allowed.argmax(axis=0)
    spends = today_spend > 0
    failing = tuple(name for s, name in enumerate(segments) if spends[s] and rows[s] == lowest[s] and fine[rows[s]] > 0)
    edges = level_edges(fine, allowed)
    return _result(segments, fine[rows], level_percent, benefit, cost, today_spend, edges, None, failing)


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


def _marginal(level_percent: Draws, benefit: Draws, cost: Draws, level: float) -> float:
    ahead = min(level + 2, level_percent[-1])
    behind = ahead - 2
    gained = float((_at(level_percent, benefit, ahead) - _at(level_percent, benefit, behind)).mean())
    paid = float((_at(level_percent, cost, ahead) - _at(level_percent, cost, behind)).mean())
    return gained / paid - 1 if paid > 0 else 0.0


def _at(level_percent: Draws, value: Draws, level: float) -> Draws:
    """Return value (L, n) at a level between the grid's, by a straight line."""
    above = int(np.clip(np.searchsorted(level_percent, level), 1, len(level_percent) - 1))
    share = (level - level_percent[above - 1]) / (level_percent[above] - level_percent[above - 1])
    return (1 - share) * value[above - 1] + share * value[above]
