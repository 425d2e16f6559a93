"""The valuation: customers times money, discounted, for every level of spend, with its steps and its cash by month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cxroi.model.channels import Channel
from cxroi.model.economics import Economics
from cxroi.model.future import Future
from cxroi.model.outcome import WaterfallStep
from cxroi.model.projection import Headcount, ProjectionTable, customer_months, customers_by_month, tail_months
from cxroi.model.scenario import Scenario
from cxroi.model.uncertainty import Draws


def levers(
    money: Economics,
    months: Draws,
    today: Draws,
    annuity: float,
    after: Draws | None,
    joined: Draws | float = 0.0,
    margin_months: Draws | float = 0.0,
    support_months: Draws | float = 0.0,
) -> dict[str, float]:
    """Return the parts of the plan's benefit by name, before risk adjustment.

    What spend does beside churn has steps of its own: `joined` (S,) are the discounted customer-months of those who join because of
    it, out of `months`; `margin_months` and `support_months` what it adds to margin and saves in support, as `cxroi.model.projection.More`.

    `months` and `today` (S,) are discounted customer-months with and without the plan, `annuity` the months they stand for,
    `after` the customer-months that the plan adds after the horizon. Each lever is claimed as if it stood alone: who stays is
    valued as the plan's customer (who spends more and costs less to support), and so is every customer of the plan under
    those levers. `overlap` takes off what both then claim.
    """
    s, ramp, kept = money.scenario, float(money.ramp(money.plan_percent)), months - joined - today
    zero = np.zeros(money.customers.size)
    more = ramp * s.spend_uplift_percent / 100 * money.margin
    dearer = ramp * s.support_cost_change_percent / 100 * money.support
    return {
        "gross_claim": float((money.revenue + more) @ kept),
        "cost_to_serve": -float((money.revenue - money.margin + money.support + dearer) @ kept),
        "more_per_customer": float(money.margin @ (zero + margin_months)),
        "cheaper_support": float(money.support @ (zero + support_months)),
        "new_customers": float((money.margin - money.support) @ (zero + joined)),
        "spend_uplift": float(more @ months),
        "support_change": -float(dearer @ months),
        "referral": s.referral_share_of_benefit * float(money.margin @ (kept + joined + margin_months)),
        "staff_saving": s.staff_attrition_saving_per_year * annuity / 12 * ramp,
        "overlap": -float((more - dearer) @ kept),
        "residual_value": 0.0 if after is None else float(money.after @ after),
    }


def present_value(
    money: Economics, level_percent: Draws, months: Draws, today: Draws, annuity: float, after: Draws | None = None
) -> tuple[Draws, Draws]:
    """Return present benefit and cost (L, n) of levels (L,) against today, over all segments and risk-adjusted.

    benefit = (1 - benefit risk) sum of the levers; cost = (1 + cost risk) [spend per customer (l N(l) - N(today)) + one-off].
    `months` (L, S, n) and `today` (S, n) are discounted customer-months, `after` (L, S, n) those that a level adds after the
    horizon, where a customer is worth margin less support and less today's spend. What comes with the plan (support change, extra
    spend per customer, staff saving, one-off cost) grows in proportion from today's spend to the plan's and stays there.
    """
    s = money.scenario
    ramp = money.ramp(level_percent)[:, None]
    benefit = money.kept @ months - money.kept @ today
    if money.extra.any():
        benefit += ramp * (money.extra @ months)
    if s.staff_attrition_saving_per_year:
        benefit += ramp * s.staff_attrition_saving_per_year * annuity / 12 * money.share.sum()
    if after is not None:
        benefit += money.after @ after
    cost = (np.asarray(level_percent) / 100)[:, None] * (money.spend @ months) - money.spend @ today
    if s.one_off_cost:
        cost += ramp * s.one_off_cost * money.share.sum()
    benefit *= 1 - s.benefit_risk_adjustment_rate
    cost *= 1 + s.cost_risk_adjustment_rate
    return benefit, cost


def months_held(money: Economics, future: Future, path_gain: Draws, discount: Draws) -> Draws:
    """Return the discounted customer-months (S, n) of the customers and joins of `money` on a path of gains (n, T)."""
    stay, inflow = customer_months(future, path_gain, discount)
    return money.customers[:, None] * stay + money.joins[:, None] * inflow


def months_left(money: Economics, future: Future, path_gain: Draws) -> Draws | None:
    """Return their discounted customer-months after the horizon, (S, n); None where the scenario counts none."""
    tail = tail_of(money.scenario, future)
    return None if tail is None else tail * customers_by_month(future, path_gain, money.customers, money.joins)[-1]


def tail_of(scenario: Scenario, future: Future) -> Draws | None:
    """Return the discounted customer-months after the horizon of one customer who is there at its end, (S, n)."""
    if not scenario.residual_value_months:
        return None
    rate, horizon, months = scenario.annual_discount_rate, scenario.horizon_months, scenario.residual_value_months
    return tail_months(future.churn.T, rate, horizon, months)


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
    def plan_after(self) -> Draws | None:
        """Return the discounted customer-months that the plan adds after the horizon, (S, n); None where none are counted."""
        return None if self._tail is None else self._tail * self.headcount.added_at_end(self.money.plan_percent)

    @cached_property
    def _tail(self) -> Draws | None:
        return tail_of(self.money.scenario, self.headcount.table.future)

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
        after = None if self._tail is None else (self._tail * self.headcount.added)[:, rows]
        months = self.headcount.months[:, rows]
        benefit, cost = present_value(money, self.level_percent, months, today, self.annuity, after)
        kept = 1 - money.scenario.benefit_risk_adjustment_rate
        if self.headcount.table.more:
            benefit += kept * money.more(self.headcount.margin_months[:, rows], self.headcount.support_months[:, rows])
        row = np.flatnonzero(self.level_percent == money.plan_percent)
        if row.size:
            plan_benefit, plan_cost = benefit[row], cost[row]
        else:
            at = np.array([money.plan_percent])
            after = None if self.plan_after is None else self.plan_after[None, rows]
            months = self.plan_months[None, rows]
            plan_benefit, plan_cost = present_value(money, at, months, today, self.annuity, after)
            if self.headcount.table.future.channels:
                _, margin, support = self.headcount.more_at(money.plan_percent)
                full = np.zeros(self.today_months.shape)
                plan_benefit += kept * money.more((full + margin)[rows], (full + support)[rows])
        return Worth(benefit=benefit, cost=cost, plan_benefit=plan_benefit[0], plan_cost=plan_cost[0])


def value_levels(money: Economics, table: ProjectionTable) -> Valuation:
    """Return what every level of the table and the plan's own level are worth."""
    return Valuation(money=money, headcount=table.headcount(money.customers, money.joins))


def waterfall(money: Economics, valuation: Valuation) -> tuple[WaterfallStep, ...]:
    """Return the steps from the gross claim (revenue kept) to the net present value, as means; levers not in use are left out."""
    plan, today = valuation.plan_months.mean(axis=1), valuation.today_months.mean(axis=1)
    after = None if valuation.plan_after is None else valuation.plan_after.mean(axis=1)
    more = () if not valuation.headcount.table.future.channels else valuation.headcount.more_at(money.plan_percent)
    parts = [one if isinstance(one, float) else one.mean(axis=1) for one in more]
    steps = levers(money, plan, today, valuation.annuity, after, *parts)
    benefit, cost = float(valuation.whole.plan_benefit.mean()), float(valuation.whole.plan_cost.mean())
    steps["risk_adjustment"] = benefit - sum(steps.values())
    if abs(steps["risk_adjustment"]) < 1e-9 * max(1.0, abs(steps["gross_claim"])):
        steps["risk_adjustment"] = 0.0
    always = {"gross_claim", "cost_to_serve"}
    shown = [WaterfallStep(name=n, amount=a) for n, a in steps.items() if a or n in always]
    scenario = money.scenario
    one_off = scenario.one_off_cost * float(money.ramp(money.plan_percent)) * (1 + scenario.cost_risk_adjustment_rate)
    return (
        *shown,
        WaterfallStep(name="benefit", amount=benefit, is_total=True),
        WaterfallStep(name="plan_cost", amount=one_off - cost),
        *([WaterfallStep(name="one_off_cost", amount=-one_off)] if one_off else []),
        WaterfallStep(name="npv", amount=benefit - cost, is_total=True),
    )


def monthly_flows(money: Economics, headcount: Headcount, segment: int | None = None, stride: int = 1) -> Draws:
    """Return the undiscounted net cash of the plan against today by month, (T + 1, n), row 0 being time 0.

    Of one segment or of the whole (None), on every `stride`-th draw. Value after the horizon is no cash of these months.
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
    future, months, level = headcount.table.future, len(plan), money.plan_percent
    for name, sign, worth in (
        (Channel.MARGIN, 1.0, own.margin * (1 + s.referral_share_of_benefit)),
        (Channel.SUPPORT, -1.0, own.support),
    ):
        grown = future.growth(name, level, months)
        if grown is not None:
            full = np.ones((months, *future.churn.T.shape))
            full[:, :, grown.draws] = grown.factor
            flows[1:] += up * (worth @ (plan * (sign * (full[:, rows, ::stride] - 1))))
    flows[1:] -= on_today @ headcount.by_month(100.0)[:, rows, ::stride]
    flows[1:] += up * s.staff_attrition_saving_per_year / 12 * ramp * own.share.sum()
    return flows
