"""A plan beside today: what a company has of each now, and what it has where the plan has become true."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.case import BusinessCase


@dataclass(frozen=True, kw_only=True)
class BesideToday:
    """Pairs of today and the plan: money of CX spend a month, annual retention rate, support cost of a customer a month."""

    spend: tuple[float, float]
    stay: tuple[Interval, Interval]
    support: tuple[float, float]


def beside_today(case: BusinessCase) -> BesideToday:
    """Return the whole company today and under the plan: the same customers, the spend, uplift and support of the plan.

    The plan's retention is today's middle moved by the uplift: what is in doubt about today is no part of its range.
    """
    whole, uplift = case.baseline.whole, case.outcome.plan_uplift_pp
    spend, stay, support = (
        whole.cx_spend_per_month,
        whole.annual_retention_rate,
        whole.support_cost_per_customer_month,
    )
    moved = Interval(
        low=stay.mid + uplift.low / 100, mid=stay.mid + uplift.mid / 100, high=stay.mid + uplift.high / 100
    )
    change = (case.scenario.support_cost_change_percent or 0.0) / 100
    return BesideToday(
        spend=(spend, spend * (case.level_percent / 100)),
        stay=(stay, moved),
        support=(support, support * (1 + change)),
    )
