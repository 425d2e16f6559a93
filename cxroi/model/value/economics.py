"""The money side of a plan: what a customer-month brings and costs per segment, and what comes with the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cxroi.model.company.baseline import Baseline
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.future import ramp_to
from cxroi.model.value.projection import remaining_life_months


@dataclass(frozen=True, kw_only=True, eq=False)
class Economics:
    """Money per customer-month and segment (S,), what comes with the plan, and what is not counted."""

    customers: Draws
    joins: Draws
    revenue: Draws
    margin: Draws
    support: Draws
    spend: Draws
    share: Draws  # of company-wide amounts, by CX spend
    held: Draws  # what a customer-month costs beside, whatever the level: spend on other lines; 0 for the company
    life: Draws  # months after the horizon for which who is there at its end counts
    scenario: Scenario
    plan_percent: float
    without: frozenset[Channel] = frozenset()  # typed over, or in doubt

    @property
    def referral(self) -> float:
        """Return the typed share of margin kept that recommendation brings; 0 where the joins of the evidence speak."""
        return self.scenario.referral_share_of_benefit or 0.0

    @cached_property
    def earned(self) -> Draws:
        """Return the margin of a customer-month with its referrals, (S,)."""
        return self.margin * (1 + self.referral)

    @cached_property
    def kept(self) -> Draws:
        """Return what a customer-month kept is worth: margin, with its referrals, less support and what is held, (S,)."""
        return self.earned - self.support - self.held

    @cached_property
    def after(self) -> Draws:
        """Return what a customer-month after the horizon is worth: margin less support and less all of today's CX spend, (S,)."""
        return self.margin - self.support - self.spend - self.held

    @property
    def comes_with_plan(self) -> bool:
        """Return whether anything but spend comes with the plan, so that every level's worth depends on the plan's."""
        s = self.scenario
        return bool(self.extra.any() or s.staff_attrition_saving_per_year or s.one_off_cost)

    @cached_property
    def dearer(self) -> Draws:
        """Return the margin that the plan is typed to add to every customer-month, (S,)."""
        return (self.scenario.spend_uplift_percent or 0.0) / 100 * self.margin

    @cached_property
    def costlier(self) -> Draws:
        """Return the support cost that the plan is typed to add to every customer-month, (S,)."""
        return (self.scenario.support_cost_change_percent or 0.0) / 100 * self.support

    @cached_property
    def extra(self) -> Draws:
        """Return what the plan is typed to add to every customer-month: extra margin, cheaper support, (S,)."""
        return self.dearer - self.costlier

    def only(self, segment: int) -> Economics:
        """Return the economics of one segment, its share of company-wide amounts included."""
        names = ("customers", "joins", "revenue", "margin", "support", "spend", "share", "held", "life")
        own: dict[str, Any] = {name: getattr(self, name)[segment : segment + 1] for name in names}
        return replace(self, **own)

    def course(self, months: int) -> Draws | None:
        """Return the levels of spend by month (T,), percent of today's, of a plan that gets to its level in steps; None of one that is there
        from the first month on."""
        return course_of(self.scenario, self.plan_percent, months)

    def ramp(self, level_percent: Draws | float) -> Draws:
        """Return how much of what comes with the plan is there at a level: 0 today, 1 from the plan's level on."""
        return ramp_to(self.plan_percent, level_percent)


def course_of(scenario: Scenario, plan_percent: float, months: int) -> Draws | None:
    """Return the levels of spend by month (T,), percent of today's, of a scenario's quarters and then its plan; None where the quarters
    are the plan's own level, or none are given.

    >>> course_of(Scenario(first_quarters_percent=(110.0,)), 120.0, 4).tolist()
    [110.0, 110.0, 110.0, 120.0]
    """
    first = scenario.first_quarters_percent
    if all(level == plan_percent for level in first):
        return None
    levels = np.full(months, plan_percent)
    by_month = np.repeat(np.array(first, dtype=float), 3)[:months]
    levels[: by_month.size] = by_month
    return levels


def typed_over(scenario: Scenario) -> frozenset[Channel]:
    """Return the channels that a typed assumption stands in for: it replaces what was learned, and never adds to it."""
    typed = {
        Channel.MARGIN: scenario.spend_uplift_percent,
        Channel.SUPPORT: scenario.support_cost_change_percent,
        Channel.JOINS: scenario.referral_share_of_benefit,
    }
    return frozenset(name for name, value in typed.items() if value is not None)


def economics(
    baseline: Baseline, scenario: Scenario, plan_percent: float, without: frozenset[Channel] = frozenset()
) -> Economics:
    """Return the money side of the baseline under a scenario's assumptions; `without` are channels that are not counted."""

    def column(name: str) -> Draws:
        return np.array([float(getattr(segment, name)) for segment in baseline.segments])

    revenue, joins = column("revenue_per_customer_month"), column("joins_per_month")
    rate = scenario.contribution_margin_rate
    margin = column("contribution_margin_per_customer_month") if rate is None else rate * revenue
    if scenario.new_customers_per_month is not None:
        mix = joins if joins.sum() > 0 else column("customers") + 1e-9
        joins = mix / mix.sum() * scenario.new_customers_per_month
    spend = column("cx_spend_per_month")
    churn = np.array([segment.monthly_churn_rate.mid for segment in baseline.segments])
    residual = scenario.residual_value_months
    return Economics(
        customers=column("customers"),
        joins=joins,
        revenue=revenue,
        margin=margin,
        support=column("support_cost_per_customer_month"),
        spend=column("cx_spend_per_customer_month"),
        share=spend / spend.sum() if spend.sum() > 0 else np.full(spend.size, 1 / spend.size),
        held=np.zeros(spend.size),
        life=remaining_life_months(churn, scenario.annual_discount_rate)
        if residual is None
        else np.full(spend.size, float(residual)),
        scenario=scenario,
        plan_percent=plan_percent,
        without=without | typed_over(scenario),
    )
