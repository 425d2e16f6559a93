"""The money side of a plan: what a customer-month brings and costs per segment, and what comes with the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cxroi.model.baseline import Baseline
from cxroi.model.scenario import Scenario
from cxroi.model.uncertainty import Draws


@dataclass(frozen=True, kw_only=True, eq=False)
class Economics:
    """Money per customer-month and segment (S,), and what comes with the plan."""

    customers: Draws
    joins: Draws
    revenue: Draws
    margin: Draws
    support: Draws
    spend: Draws
    share: Draws  # of company-wide amounts, by CX spend
    scenario: Scenario
    plan_percent: float

    @cached_property
    def kept(self) -> Draws:
        """Return what a customer-month kept is worth: margin less support, with its referrals, (S,)."""
        return self.margin - self.support + self.scenario.referral_share_of_benefit * self.margin

    @cached_property
    def after(self) -> Draws:
        """Return what a customer-month after the horizon is worth: margin less support and less today's CX spend, (S,)."""
        return self.margin - self.support - self.spend

    def more(self, margin_months: Draws, support_months: Draws) -> Draws:
        """Return the money of margin and support months (..., S, n) that spend brings beside churn, (..., n)."""
        margin = self.margin * (1 + self.scenario.referral_share_of_benefit)
        return np.asarray(margin @ margin_months + self.support @ support_months)

    @property
    def comes_with_plan(self) -> bool:
        """Return whether anything but spend comes with the plan, so that every level's worth depends on the plan's."""
        s = self.scenario
        return bool(self.extra.any() or s.staff_attrition_saving_per_year or s.one_off_cost)

    @cached_property
    def extra(self) -> Draws:
        """Return what the plan adds to every customer-month: extra margin, cheaper support, (S,)."""
        s = self.scenario
        return s.spend_uplift_percent / 100 * self.margin - s.support_cost_change_percent / 100 * self.support

    def only(self, segment: int) -> Economics:
        """Return the economics of one segment, its share of company-wide amounts included."""
        names = ("customers", "joins", "revenue", "margin", "support", "spend", "share")
        own: dict[str, Any] = {name: getattr(self, name)[segment : segment + 1] for name in names}
        return replace(self, **own)

    def ramp(self, level_percent: Draws | float) -> Draws:
        """Return how much of what comes with the plan is there at a level: 0 today, 1 from the plan's level on."""
        level = np.asarray(level_percent, dtype=float)
        if self.plan_percent == 100:
            return np.ones(level.shape)
        return np.clip((level - 100) / (self.plan_percent - 100), 0.0, 1.0)


def economics(baseline: Baseline, scenario: Scenario, plan_percent: float) -> Economics:
    """Return the money side of the baseline under a scenario's assumptions."""

    def column(name: str) -> Draws:
        return np.array([float(getattr(segment, name)) for segment in baseline.segments])

    revenue, joins = column("revenue_per_customer_month"), column("joins_per_month")
    rate = scenario.contribution_margin_rate
    margin = column("contribution_margin_per_customer_month") if rate is None else rate * revenue
    if scenario.new_customers_per_month is not None:
        mix = joins if joins.sum() > 0 else column("customers") + 1e-9
        joins = mix / mix.sum() * scenario.new_customers_per_month
    spend = column("cx_spend_per_month")
    return Economics(
        customers=column("customers"),
        joins=joins,
        revenue=revenue,
        margin=margin,
        support=column("support_cost_per_customer_month"),
        spend=column("cx_spend_per_customer_month"),
        share=spend / spend.sum() if spend.sum() > 0 else np.full(spend.size, 1 / spend.size),
        scenario=scenario,
        plan_percent=plan_percent,
    )
