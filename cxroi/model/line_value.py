"""What moving one line's spend is worth, the others held; and what moving several at once is worth together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cxroi.model.economics import Economics
from cxroi.model.projection import Future, ProjectionTable
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
        name: (futures[name], futures[name].path_gain(to, discount.size)) for name, to in level.items() if to != 100
    }
    churn = next(iter(futures.values())).churn.T
    with_plan, without = (np.repeat(money.customers[:, None], churn.shape[1], axis=1) for _ in range(2))
    kept, paid = np.zeros(churn.shape), np.zeros(churn.shape)
    planned = money.spend + sum((level[name] / 100 - 1) * spend[name] for name in level)
    for month, factor in enumerate(discount):
        lift = sum((future.strength.T * path[:, month] for future, path in moved.values()), np.zeros(churn.shape))
        with_plan = with_plan * np.maximum(1 - churn * np.exp(-lift), 0.0) + money.joins[:, None]
        without = without * (1 - churn) + money.joins[:, None]
        kept += factor * (with_plan - without)
        paid += factor * (planned[:, None] * with_plan - money.spend[:, None] * without)
    s = money.scenario
    earned = (1 - s.benefit_risk_adjustment_rate) * money.kept[:, None] * kept
    net: Draws = (earned - (1 + s.cost_risk_adjustment_rate) * paid).sum(axis=0)
    return net
