"""The outcome: what a plan is worth against today, in the terms finance uses, with the curves behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxroi.model.baseline import Baseline
from cxroi.model.projection import Headcount, ProjectionTable
from cxroi.model.scenario import Scenario
from cxroi.model.uncertainty import Draws, Interval


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Present values of the change in the plan against today; ROI is net: (benefit - cost) / cost.

    The middle of benefit, cost, npv and the ratios is the expected value (so that they add up); of the others the median.
    None where a figure does not exist (no cost, no sign change, never paid back). `programme_roi` is the plan against no
    spend at all; `programme_is_extrapolated` says that the data never came near zero spend. `payback_months` covers the
    draws that pay back, `probability_of_payback` says how many those are.
    """

    benefit: Interval
    cost: Interval
    npv: Interval
    roi: Interval | None
    programme_roi: Interval | None
    programme_is_extrapolated: bool
    marginal_roi: Interval  # 0 for a segment that gets no spend
    benefit_cost_ratio: Interval | None
    annual_irr: Interval | None
    payback_months: Interval | None
    probability_of_payback: float
    probability_of_loss: float
    break_even_uplift_pp: float | None
    observed_uplift_pp: float | None  # the largest change in annual retention ever seen in the data
    plan_uplift_pp: Interval  # annual retention, points, at the plan's level in the long run


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """NPV against spend level: `level_percent` of today's spend, bands over the draws; same length all."""

    level_percent: NDArray[np.float64]
    low: NDArray[np.float64]
    mid: NDArray[np.float64]  # the mean, which is what the optimum maximises
    high: NDArray[np.float64]
    observed_low_percent: float  # the range of spend the data have seen
    observed_high_percent: float


@dataclass(frozen=True, kw_only=True, eq=False)
class CashFlow:
    """Cumulative undiscounted net cash of the plan against today, month 0 to the horizon; `mid` is the expected value."""

    month: NDArray[np.int64]
    low: NDArray[np.float64]
    mid: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class WaterfallStep:
    """One bar from gross claim to net: `name` is a text id below `waterfall.`; money in present value, signed."""

    name: str
    amount: float
    is_total: bool = False


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


def levers(money: Economics, ramp: Draws, months: Draws, today: Draws, annuity: float | Draws) -> dict[str, Draws]:
    """Return the parts of the benefit by name, before risk adjustment; shapes broadcast from (..., S, n).

    `months` and `today` are customer-months with and without the plan (discounted, or of one month), `ramp` of shape
    (..., 1, 1), `annuity` the months they stand for.
    """
    s, kept = money.scenario, months - today
    column = (slice(None), None)
    years = annuity / 12
    return {
        "gross_claim": money.revenue[column] * kept,
        "cost_to_serve": -(money.revenue - money.margin + money.support)[column] * kept,
        "spend_uplift": s.spend_uplift_percent / 100 * ramp * money.margin[column] * months,
        "support_change": -s.support_cost_change_percent / 100 * ramp * money.support[column] * months,
        "referral": s.referral_share_of_benefit * money.margin[column] * kept,
        "staff_saving": s.staff_attrition_saving_per_year * years * ramp * money.share[column] + 0 * kept,
    }


def present_value(
    money: Economics, level_percent: Draws, months: Draws, today: Draws, annuity: float
) -> tuple[Draws, Draws]:
    """Return present benefit and cost (L, n) of levels (L,) against today, over all segments and risk-adjusted.

    benefit = (1 - benefit risk) sum of the levers; cost = (1 + cost risk) [spend per customer (l N(l) - N(today)) + one-off].
    `months` (L, S, n) and `today` (S, n) are discounted customer-months. What comes with the plan (support change, extra
    spend per customer, staff saving, one-off cost) grows in proportion from today's spend to the plan's and stays there.
    """
    s = money.scenario
    ramp = money.ramp(level_percent)[:, None]
    benefit = money.kept @ months - money.kept @ today
    if money.extra.any():
        benefit += ramp * (money.extra @ months)
    if s.staff_attrition_saving_per_year:
        benefit += ramp * s.staff_attrition_saving_per_year * annuity / 12 * money.share.sum()
    cost = (np.asarray(level_percent) / 100)[:, None] * (money.spend @ months) - money.spend @ today
    if s.one_off_cost:
        cost += ramp * s.one_off_cost * money.share.sum()
    benefit *= 1 - s.benefit_risk_adjustment_rate
    cost *= 1 + s.cost_risk_adjustment_rate
    return benefit, cost


def benefit_and_cost(
    money: Economics, level_percent: Draws, months: Draws, today: Draws, annuity: float
) -> tuple[Draws, Draws]:
    """Return the same per segment, (L, S, n)."""
    each = [
        present_value(money.only(s), level_percent, months[:, s : s + 1], today[s : s + 1], annuity)
        for s in range(money.customers.size)
    ]
    return np.stack([benefit for benefit, _ in each], axis=1), np.stack([cost for _, cost in each], axis=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Worth:
    """Present benefit and cost of one segment or of the whole: over the grid of levels (L, n), and at the plan (n,)."""

    benefit: Draws
    cost: Draws
    plan_benefit: Draws
    plan_cost: Draws


@dataclass(frozen=True, kw_only=True, eq=False)
class Valuation:
    """What every level of the grid and the plan are worth against today; each part is worked out when it is asked for."""

    money: Economics
    headcount: Headcount

    @property
    def level_percent(self) -> Draws:
        """Return the grid of levels, (L,)."""
        return self.headcount.table.level_percent

    @property
    def today(self) -> int:
        """Return the row of today's level."""
        return self.headcount.table.today

    @property
    def annuity(self) -> float:
        """Return the discounted number of months."""
        return float(self.headcount.table.discount.sum())

    @property
    def today_months(self) -> Draws:
        """Return discounted customer-months at today's spend, (S, n)."""
        at: Draws = self.headcount.months[self.today]
        return at

    @cached_property
    def plan_months(self) -> Draws:
        """Return discounted customer-months at the plan's level, (S, n)."""
        return self.headcount.months_at(self.money.plan_percent)

    @cached_property
    def whole(self) -> Worth:
        """Return the worth of all segments together."""
        return self._worth(self.money, slice(None))

    def of(self, segment: int | None) -> Worth:
        """Return the worth of one segment, or of the whole (None)."""
        if segment is None:
            return self.whole
        return self._worth(self.money.only(segment), slice(segment, segment + 1))

    def _worth(self, money: Economics, rows: slice) -> Worth:
        today = self.today_months[rows]
        benefit, cost = present_value(money, self.level_percent, self.headcount.months[:, rows], today, self.annuity)
        row = np.flatnonzero(self.level_percent == money.plan_percent)
        if row.size:
            plan_benefit, plan_cost = benefit[row], cost[row]
        else:
            at = np.array([money.plan_percent])
            plan_benefit, plan_cost = present_value(money, at, self.plan_months[None, rows], today, self.annuity)
        return Worth(benefit=benefit, cost=cost, plan_benefit=plan_benefit[0], plan_cost=plan_cost[0])


def value_levels(money: Economics, table: ProjectionTable) -> Valuation:
    """Return what every level of the table and the plan's own level are worth."""
    return Valuation(money=money, headcount=table.headcount(money.customers, money.joins))


def waterfall(money: Economics, valuation: Valuation) -> tuple[WaterfallStep, ...]:
    """Return the steps from the gross claim (revenue kept) to the net present value, as means; levers not in use are left out."""
    ramp = money.ramp(money.plan_percent)
    plan, today = (months.mean(axis=1, keepdims=True) for months in (valuation.plan_months, valuation.today_months))
    steps = {name: float(part.sum()) for name, part in levers(money, ramp, plan, today, valuation.annuity).items()}
    benefit, cost = float(valuation.whole.plan_benefit.mean()), float(valuation.whole.plan_cost.mean())
    steps["risk_adjustment"] = benefit - sum(steps.values())
    if abs(steps["risk_adjustment"]) < 1e-9 * max(1.0, abs(steps["gross_claim"])):
        steps["risk_adjustment"] = 0.0
    always = {"gross_claim", "cost_to_serve"}
    shown = [WaterfallStep(name=n, amount=a) for n, a in steps.items() if a or n in always]
    scenario = money.scenario
    one_off = scenario.one_off_cost * float(ramp) * (1 + scenario.cost_risk_adjustment_rate)
    return (
        *shown,
        WaterfallStep(name="benefit", amount=benefit, is_total=True),
        WaterfallStep(name="plan_cost", amount=one_off - cost),
        *([WaterfallStep(name="one_off_cost", amount=-one_off)] if one_off else []),
        WaterfallStep(name="npv", amount=benefit - cost, is_total=True),
    )


def monthly_flows(money: Economics, headcount: Headcount, segment: int | None = None, stride: int = 1) -> Draws:
    """Return the undiscounted net cash of the plan against today by month, (T + 1, n), row 0 being time 0.

    Of one segment or of the whole (None), on every `stride`-th draw.
    """
    rows = slice(None) if segment is None else slice(segment, segment + 1)
    own, s = money if segment is None else money.only(segment), money.scenario
    ramp = float(money.ramp(money.plan_percent))
    up, down = 1 - s.benefit_risk_adjustment_rate, 1 + s.cost_risk_adjustment_rate
    on_plan = up * (own.kept + ramp * own.extra) - down * own.spend * money.plan_percent / 100
    on_today = up * own.kept - down * own.spend
    plan = headcount.by_month(money.plan_percent)[:, rows, ::stride]
    flows = np.empty((len(plan) + 1, plan.shape[2]))
    flows[0] = -down * s.one_off_cost * ramp * own.share.sum()
    flows[1:] = on_plan @ plan
    flows[1:] -= on_today @ headcount.by_month(100.0)[:, rows, ::stride]
    flows[1:] += up * s.staff_attrition_saving_per_year / 12 * ramp * own.share.sum()
    return flows
