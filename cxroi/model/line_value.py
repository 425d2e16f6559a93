"""What moving one line's spend is worth, the others held; and what moving several at once is worth together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cxroi.model.economics import Economics
from cxroi.model.future import Future
from cxroi.model.projection import ProjectionTable, tail_months
from cxroi.model.uncertainty import Draws
from cxroi.model.valuation import Valuation, value_levels


def value_line(money: Economics, table: ProjectionTable, spend: Draws) -> Valuation:
    """Return the value of levels of one line, whose spend per customer-month is `spend` (S,) today, the others held.

    `money` is the company's. A customer who stays costs the other lines' spend too: it counts as cost to serve, so that the
    line's cost is its own.
    """
    return value_levels(replace(money, spend=spend, support=money.support + money.spend - spend), table)


def value_together(
    money: Economics,
    futures: Mapping[str, Future],
    spend: Mapping[str, Draws],
    level: Mapping[str, float],
    discount: Draws,
) -> Draws:
    """Return the net present value (n,) of moving every line to its `level` (percent of today's) at once.

    The lines' gains add up in log hazard, so what they keep together is less than the sum of what each would keep alone.
    `spend` is per customer-month by line (S,), `discount` the factors of months 1 to the horizon.
    """
    moved = {
        n: (futures[n].strength.T, futures[n].path_gain(to, discount.size)) for n, to in level.items() if to != 100
    }
    stock, joined = next(iter(futures.values())).hazards(discount.size)
    planned = money.spend + sum((level[name] / 100 - 1) * spend[name] for name in level)
    shape = stock.shape[1:]
    kept, paid = np.zeros(shape), np.zeros(shape)
    pools = [(np.broadcast_to(money.customers[:, None], shape), np.zeros(shape)) for _ in range(2)]
    for month, factor in enumerate(discount):
        lift = sum((strength * path[:, month] for strength, path in moved.values()), np.zeros(shape))
        pools = [
            (
                old * np.maximum(1 - stock[month] * cut, 0.0),
                new * np.maximum(1 - joined[month] * cut, 0.0) + money.joins[:, None],
            )
            for (old, new), cut in zip(pools, (np.exp(-lift), np.ones(shape)), strict=True)
        ]
        plan, today = (old + new for old, new in pools)
        kept += factor * (plan - today)
        paid += factor * (planned[:, None] * plan - money.spend[:, None] * today)
    s = money.scenario
    worth = money.kept[:, None] * kept
    future = next(iter(futures.values()))
    if money.life.any():
        tail = tail_months(future.churn.T, s.annual_discount_rate, discount.size, money.life[:, None])
        worth += money.after[:, None] * tail * (plan - today)
    earned = (1 - s.benefit_risk_adjustment_rate) * worth
    net: Draws = (earned - (1 + s.cost_risk_adjustment_rate) * paid).sum(axis=0)
    return net
