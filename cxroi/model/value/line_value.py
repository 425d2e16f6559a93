"""What moving one line's spend is worth, the others held; and what moving several at once is worth together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from cxroi.model.response.channel import Channel, Moved
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.economics import Economics
from cxroi.model.value.future import Future
from cxroi.model.value.projection import ProjectionTable, tail_months
from cxroi.model.value.valuation import Valuation, value_levels


def value_line(money: Economics, table: ProjectionTable, spend: Draws) -> Valuation:
    """Return the value of levels of one line, whose spend per customer-month is `spend` (S,) today, the others held.

    `money` is the company's. A customer who stays costs the other lines' spend too: it is held beside support cost, which a channel
    may scale, so that the line's cost is its own.
    """
    return value_levels(replace(money, spend=spend, held=money.spend - spend), table)


def value_together(
    money: Economics,
    futures: Mapping[str, Future],
    spend: Mapping[str, Draws],
    level: Mapping[str, float | Draws],
    discount: Draws,
) -> Draws:
    """Return the net present value (n,) of moving every line to its `level` (percent of today's, held or by month (T,)) at once.

    The lines' gains add up in the log of churn and of every channel beside it, so what they keep together is less than the sum of what each
    would keep alone.
    `spend` is per customer-month by line (S,), `discount` the factors of months 1 to the horizon.
    """
    moved = {
        n: (futures[n].strength.T, futures[n].path_gain(to, discount.size))
        for n, to in level.items()
        if np.any(np.not_equal(to, 100))
    }
    stock, joined = next(iter(futures.values())).hazards(discount.size)
    shape = stock.shape[1:]
    beside = _channels_together(money, futures, level, discount.size, shape)
    change = {name: np.broadcast_to(np.asarray(to) / 100 - 1, discount.size) for name, to in level.items()}
    kept, paid, more = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    pools = [(np.broadcast_to(money.customers[:, None], shape), np.zeros(shape)) for _ in range(2)]
    for month, factor in enumerate(discount):
        lift = sum((strength * path[:, month] for strength, path in moved.values()), np.zeros(shape))
        joins = money.joins[:, None] * np.exp(beside[Channel.JOINS](month))
        pools = [
            (
                old * np.maximum(1 - stock[month] * cut, 0.0),
                new * np.maximum(1 - joined[month] * cut, 0.0) + came,
            )
            for (old, new), cut, came in zip(
                pools, (np.exp(-lift), np.ones(shape)), (joins, money.joins[:, None]), strict=True
            )
        ]
        plan, today = (old + new for old, new in pools)
        planned = money.spend + sum((change[name][month] * spend[name] for name in level), np.zeros(shape[0]))
        kept += factor * (plan - today)
        paid += factor * (planned[:, None] * plan - money.spend[:, None] * today)
        dearer = money.earned[:, None] * np.expm1(beside[Channel.MARGIN](month))
        more += factor * plan * (dearer - money.support[:, None] * np.expm1(beside[Channel.SUPPORT](month)))
    s = money.scenario
    worth = money.kept[:, None] * kept + more
    future = next(iter(futures.values()))
    if money.life.any():
        tail = tail_months(future.churn.T, s.annual_discount_rate, discount.size, money.life[:, None])
        worth += money.after[:, None] * tail * (plan - today)
    earned = (1 - s.benefit_risk_adjustment_rate) * worth
    net: Draws = (earned - (1 + s.cost_risk_adjustment_rate) * paid).sum(axis=0)
    return net


def _channels_together(
    money: Economics,
    futures: Mapping[str, Future],
    level: Mapping[str, float | Draws],
    months: int,
    shape: tuple[int, ...],
) -> dict[Channel, Callable[[int], Draws]]:
    """Return per channel what all lines' levels together do to its log in a month, (S, n): the lines' logs add up."""
    each: dict[Channel, list[Moved]] = {name: [] for name in Channel}
    for line, to in level.items():
        for one in futures[line].channels:
            moved = None if one.channel in money.without else one.moved(to, months)
            if moved is not None:
                each[one.channel].append(moved)

    def log_of(moved: list[Moved], month: int) -> Draws:
        out = np.zeros(shape)
        for one in moved:
            out[:, one.draws] += one.gain[month] * one.strength
        return out

    return {name: partial(log_of, moved) for name, moved in each.items()}
