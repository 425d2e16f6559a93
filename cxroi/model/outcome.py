"""The outcome: what a plan is worth against today, in the terms finance uses, with the curves behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.baseline import Baseline
from cxroi.model.projection import Future, ProjectionTable, customer_months, customers_by_month
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


def benefit_and_cost(
    money: Economics, level_percent: Draws, months: Draws, today: Draws, annuity: float
) -> tuple[Draws, Draws]:
    """Return present benefit and cost (L, S, n) of levels (L,) against today, risk-adjusted.

    benefit = (1 - benefit risk) sum of the levers; cost = (1 + cost risk) [spend per customer (l N(l) - N(today)) + one-off].
    What comes with the plan (support change, extra spend per customer, staff saving, one-off cost) grows in proportion
    from today's spend to the plan's and stays there.
    """
    s = money.scenario
    ramp = money.ramp(level_percent)[:, None, None]
    share = money.share[:, None]
    kept = money.margin - money.support + s.referral_share_of_benefit * money.margin
    extra = s.spend_uplift_percent / 100 * money.margin - s.support_cost_change_percent / 100 * money.support
    benefit = kept[:, None] * (months - today)
    if extra.any() or s.staff_attrition_saving_per_year:
        benefit += ramp * (extra[:, None] * months + s.staff_attrition_saving_per_year * annuity / 12 * share)
    cost = (money.spend * (np.asarray(level_percent) / 100)[:, None])[:, :, None] * months
    cost -= money.spend[:, None] * today
    if s.one_off_cost:
        cost += ramp * s.one_off_cost * share
    benefit *= 1 - s.benefit_risk_adjustment_rate
    cost *= 1 + s.cost_risk_adjustment_rate
    return benefit, cost


@dataclass(frozen=True, kw_only=True, eq=False)
class Valuation:
    """Present benefit and cost over the grid of levels and at the plan, per segment and draw."""

    level_percent: Draws
    benefit: Draws  # (L, S, n)
    cost: Draws
    plan_benefit: Draws  # (S, n)
    plan_cost: Draws
    plan_months: Draws  # discounted customer-months (S, n)
    today_months: Draws
    annuity: float
    today: int

    def of(self, segment: int | None) -> tuple[Draws, Draws, Draws, Draws]:
        """Return benefit (L, n), cost (L, n), plan benefit (n,), plan cost (n,) of one segment or of the whole."""
        if segment is None:
            return self.benefit.sum(1), self.cost.sum(1), self.plan_benefit.sum(0), self.plan_cost.sum(0)
        return self.benefit[:, segment], self.cost[:, segment], self.plan_benefit[segment], self.plan_cost[segment]


def value_levels(money: Economics, table: ProjectionTable) -> Valuation:
    """Return benefit and cost at every level of the table and at the plan's own level."""
    months = table.totals(money.customers, money.joins)
    today, annuity = months[table.today], float(table.discount.sum())
    benefit, cost = benefit_and_cost(money, table.level_percent, months, today, annuity)
    row = np.flatnonzero(table.level_percent == money.plan_percent)
    if row.size:
        plan_months, plan_benefit, plan_cost = months[row[0]], benefit[row[0]], cost[row[0]]
    else:
        gain = table.future.path_gain(money.plan_percent, table.discount.size)
        stay, inflow = customer_months(table.future, gain, table.discount)
        plan_months = money.customers[:, None] * stay + money.joins[:, None] * inflow
        one = np.array([money.plan_percent])
        plan_benefit, plan_cost = (x[0] for x in benefit_and_cost(money, one, plan_months[None], today, annuity))
    return Valuation(
        level_percent=table.level_percent,
        benefit=benefit,
        cost=cost,
        plan_benefit=plan_benefit,
        plan_cost=plan_cost,
        plan_months=plan_months,
        today_months=today,
        annuity=annuity,
        today=table.today,
    )


def waterfall(money: Economics, valuation: Valuation) -> tuple[WaterfallStep, ...]:
    """Return the steps from the gross claim (revenue kept) to the net present value, as means; levers not in use are left out."""
    ramp = money.ramp(money.plan_percent)
    parts = levers(money, ramp, valuation.plan_months, valuation.today_months, valuation.annuity)
    steps = {name: float(part.sum(axis=0).mean()) for name, part in parts.items()}
    benefit, cost = float(valuation.plan_benefit.sum(0).mean()), float(valuation.plan_cost.sum(0).mean())
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Flows:
    """Undiscounted net cash of the plan against today by month, row 0 being time 0: the whole (T + 1, n), and each segment on
    a part of the draws (T + 1, S, n / stride)."""

    whole: Draws
    segments: Draws


def monthly_flows(money: Economics, future: Future, horizon_months: int, stride: int = 4) -> Flows:
    """Return the monthly net cash behind a valuation; segments keep every `stride`-th draw."""
    s = money.scenario
    ramp = float(money.ramp(money.plan_percent))
    kept = money.margin - money.support + s.referral_share_of_benefit * money.margin
    extra = s.spend_uplift_percent / 100 * money.margin - s.support_cost_change_percent / 100 * money.support
    up, down = 1 - s.benefit_risk_adjustment_rate, 1 + s.cost_risk_adjustment_rate
    on_plan = (up * (kept + ramp * extra) - down * money.spend * money.plan_percent / 100)[:, None]
    on_today = (up * kept - down * money.spend)[:, None]
    saved = up * s.staff_attrition_saving_per_year / 12 * ramp * money.share[:, None]
    plan = customers_by_month(
        future, future.path_gain(money.plan_percent, horizon_months), money.customers, money.joins
    )
    today = customers_by_month(future, None, money.customers, money.joins, horizon_months)
    n = len(future.churn)
    whole = np.empty((horizon_months + 1, n))
    segments = np.empty((horizon_months + 1, money.customers.size, -(-n // stride)))
    start = np.broadcast_to(-down * s.one_off_cost * ramp * money.share[:, None], future.churn.T.shape)
    whole[0], segments[0] = start.sum(axis=0), start[:, ::stride]
    for month, (with_plan, without) in enumerate(zip(plan, today, strict=True), start=1):
        net = on_plan * with_plan
        net -= on_today * without
        net += saved
        whole[month], segments[month] = net.sum(axis=0), net[:, ::stride]
    return Flows(whole=whole, segments=segments)
