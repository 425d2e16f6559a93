"""What moving one line's spend is worth, the others held; and what moving several at once is worth together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxroi.model.outcome import Economics, benefit_and_cost
from cxroi.model.projection import Future, ProjectionTable
from cxroi.model.uncertainty import Draws


@dataclass(frozen=True, kw_only=True, eq=False)
class LineValue:
    """Present benefit and cost (L, S, n) over levels of one line's spend, percent of today's, against today."""

    level_percent: Draws
    benefit: Draws
    cost: Draws
    today_cost: float  # present value of the line's spend over the horizon, as it stands today


def value_line(money: Economics, table: ProjectionTable, spend: Draws) -> LineValue:
    """Return the value of levels of a line whose spend per customer-month is `spend` (S,) today.

    `money` is the company's: a customer who stays costs the other lines' spend too, so
    cost = (1 + cost risk) [spend_l (level N(level) - N(today)) + spend_others (N(level) - N(today))].
    """
    months = table.totals(money.customers, money.joins)
    today = months[table.today]
    own = replace(money, spend=spend)
    benefit, cost = benefit_and_cost(own, table.level_percent, months, today, float(table.discount.sum()))
    rest = (money.spend - spend)[:, None] * (1 + money.scenario.cost_risk_adjustment_rate)
    return LineValue(
        level_percent=table.level_percent,
        benefit=benefit,
        cost=cost + rest * (months - today),
        today_cost=float((spend * today.mean(axis=1)).sum()),
    )


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
    earned = (money.margin - money.support + s.referral_share_of_benefit * money.margin)[:, None] * kept
    net = (1 - s.benefit_risk_adjustment_rate) * earned - (1 + s.cost_risk_adjustment_rate) * paid
    return net.sum(axis=0)
