"""The valuation: customers times money, discounted, for every level of spend, with its steps and its cash by month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.customer_months import Sums
from cxroi.model.value.economics import Economics
from cxroi.model.value.held_level import HeldLevel
from cxroi.model.value.outcome import WaterfallStep
from cxroi.model.value.projection import Headcount, ProjectionTable, tail_months

_SIGN = {Channel.MARGIN: 1.0, Channel.SUPPORT: -1.0}


def present_value(
    money: Economics, headcount: Headcount, sums: Sums | HeldLevel, rows: slice = slice(None)
) -> tuple[Draws, Draws]:
    """Return present benefit and cost (L, n) of levels against today, over some segments and risk-adjusted.

    benefit = (1 - benefit risk) sum of the levers; cost = (1 + cost risk) [spend per customer (l N(l) - N(today)) + one-off]. `money` is that
    of the segments `rows`. Customers whom a level adds by the end of the horizon are worth margin less support and less today's
    spend for their remaining life. What comes with the plan (typed support change, extra margin per customer, staff saving, one-off
    cost) grows in proportion from today's spend to the plan's and stays there; where a plan gets there in steps, month by month.
    """
    s, level = money.scenario, sums.level_percent
    course = sums.course if isinstance(sums, HeldLevel) else None
    ramp = money.ramp(level)[:, None]
    whole = headcount.months if sums is headcount.table.sums else headcount.months_of(sums)
    months, today = whole[:, rows], headcount.today_months[rows]
    benefit = money.kept @ months - money.kept @ today
    if money.extra.any():
        benefit += ramp * (money.extra @ months) if course is None else money.extra @ course.there[rows]
    if s.staff_attrition_saving_per_year:
        there = ramp * headcount.annuity if course is None else course.annuity
        benefit += there * s.staff_attrition_saving_per_year / 12 * money.share.sum()
    tail = tail_of(money, headcount, rows)
    if tail is not None:
        benefit += money.after @ (tail * headcount.added_of(sums)[:, rows])
    for name in _SIGN:
        draws, worth = channel_worth(money, headcount, sums, name, rows)
        if draws is not None:
            benefit[:, draws] += worth
    spent = (
        (np.asarray(level) / 100)[:, None] * (money.spend @ months)
        if course is None
        else (money.spend @ course.spent[rows])[None]
    )
    cost = spent - money.spend @ today
    if s.one_off_cost:
        cost += ramp * s.one_off_cost * money.share.sum()
    benefit *= 1 - s.benefit_risk_adjustment_rate
    cost *= 1 + s.cost_risk_adjustment_rate
    return benefit, cost


def channel_worth(
    money: Economics, headcount: Headcount, sums: Sums | HeldLevel, name: Channel, rows: slice = slice(None)
) -> tuple[NDArray[np.int64] | None, Draws]:
    """Return in which draws (m,) margin or support cost per customer moves, and the present money of it (L, m) before risk
    adjustment; (None, nothing) where it does not, or is not counted."""
    if name in money.without:
        return None, np.zeros(0)
    weight = np.zeros(headcount.customers.size)
    weight[rows] = money.earned if name is Channel.MARGIN else money.support
    return headcount.more_of(sums, name, weight)


def tail_of(money: Economics, headcount: Headcount, rows: slice = slice(None)) -> Draws | None:
    """Return the discounted customer-months after the horizon of one customer who is there at its end, (S, n)."""
    if not money.life.any():
        return None
    table = headcount.table
    rate, churn = money.scenario.annual_discount_rate, table.future.churn.T[rows]
    return tail_months(churn, rate, table.discount.size, money.life[:, None])


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
    def today_months(self) -> Draws:
        """Return discounted customer-months at today's spend, (S, n)."""
        return self.headcount.today_months

    @cached_property
    def plan(self) -> Sums | HeldLevel:
        """Return what is known of the plan's level."""
        return self.headcount.at(self.money.plan_percent, self._course)

    @cached_property
    def _course(self) -> Draws | None:
        return self.money.course(self.headcount.table.discount.size)

    @cached_property
    def plan_residual(self) -> Draws | None:
        """Return the present worth after the horizon of the customers that the plan adds, by segment (S, n); None where none is counted."""
        tail = tail_of(self.money, self.headcount)
        if tail is None:
            return None
        return self.money.after[:, None] * tail * self.headcount.added_of(self.plan)[0]

    @cached_property
    def whole(self) -> Worth:
        """Return the worth of all segments together."""
        return self._worth(self.money, slice(None))

    @cached_property
    def of_plan(self) -> tuple[Draws, Draws]:
        """Return present benefit and cost of the plan over all segments, (n,) each, without those of the other levels."""
        benefit, cost = present_value(self.money, self.headcount, self.plan)
        return benefit[0], cost[0]

    def of(self, segment: int | None) -> Worth:
        """Return the worth of one segment, or of the whole (None)."""
        if segment is None:
            return self.whole
        return self._worth(self.money.only(segment), slice(segment, segment + 1))

    def _worth(self, money: Economics, rows: slice) -> Worth:
        benefit, cost = present_value(money, self.headcount, self.headcount.table.sums, rows)
        row = np.flatnonzero(self.level_percent == money.plan_percent)
        if row.size and self._course is None:
            plan_benefit, plan_cost = benefit[row], cost[row]
        else:
            plan_benefit, plan_cost = present_value(money, self.headcount, self.plan, rows)
        return Worth(benefit=benefit, cost=cost, plan_benefit=plan_benefit[0], plan_cost=plan_cost[0])


def value_levels(money: Economics, table: ProjectionTable) -> Valuation:
    """Return what every level of the table and the plan's own level are worth."""
    return Valuation(money=money, headcount=table.headcount(money.customers, money.joins, money.without))


def levers(money: Economics, valuation: Valuation) -> dict[str, float]:
    """Return the parts of the plan's benefit by name, as means before risk adjustment.

    Each typed lever is claimed as if it stood alone: who stays is valued as the plan's customer (who spends more and costs less to
    support), and so is every customer of the plan under those levers; `overlap` takes off what both then claim. What spend does beside
    churn has steps of its own, and retention is valued without them, so that nothing is counted twice.
    """
    s, ramp, head, plan = money.scenario, float(money.ramp(money.plan_percent)), valuation.headcount, valuation.plan
    months, today = head.months_of(plan)[0].mean(axis=1), valuation.today_months.mean(axis=1)
    joined = head.joined_months(plan)
    kept = months - joined - today
    more, dearer = ramp * money.dearer, ramp * money.costlier
    added = {name: float(channel_worth(money, head, plan, name)[1].sum()) / head.draws for name in _SIGN}
    own_margin = added[Channel.MARGIN] / (1 + money.referral)
    residual, course = valuation.plan_residual, plan.course if isinstance(plan, HeldLevel) else None
    there = months if course is None else course.there.mean(axis=1)
    annuity = head.annuity * ramp if course is None else course.annuity
    steps = {
        "gross_claim": float((money.revenue + more) @ kept),
        "cost_to_serve": -float((money.revenue - money.margin + money.support + dearer) @ kept),
        "more_per_customer": own_margin,
        "cheaper_support": added[Channel.SUPPORT],
        "new_customers": float((money.margin - money.support) @ joined),
        "spend_uplift": float(more @ there),
        "support_change": -float(dearer @ there),
        "referral": money.referral * (float(money.margin @ (kept + joined)) + own_margin),
        "staff_saving": s.staff_attrition_saving_per_year * annuity / 12,
        "overlap": -float((more - dearer) @ kept),
        "residual_value": 0.0 if residual is None else float(residual.sum(axis=0).mean()),
    }
    if course is not None:  # where levers come in step by step, what they claim twice is what is left over
        whole = replace(money, scenario=replace(s, benefit_risk_adjustment_rate=0.0))
        steps["overlap"] += float(present_value(whole, head, plan)[0].mean()) - sum(steps.values())
    return steps


def waterfall(money: Economics, valuation: Valuation) -> tuple[WaterfallStep, ...]:
    """Return the steps from the gross claim (revenue kept) to the net present value, as means; levers not in use are left out."""
    steps = levers(money, valuation)
    benefit, cost = (float(one.mean()) for one in valuation.of_plan)
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
    levels = money.course(headcount.table.discount.size)
    held = headcount.held(money.plan_percent, levels)
    plan, on_today = held.by_month[:, rows, ::stride], up * own.kept - down * own.spend
    flows = np.empty((len(plan) + 1, plan.shape[2]))
    flows[0] = -down * s.one_off_cost * ramp * own.share.sum()
    if held.course is None:
        there: Draws | float = ramp
        flows[1:] = (up * (own.kept + ramp * own.extra) - down * own.spend * money.plan_percent / 100) @ plan
    else:
        there = held.course.ramp[:, None]
        each = up * (own.kept + there * own.extra) - down * own.spend * held.course.level_percent[:, None] / 100
        flows[1:] = (each[:, None] @ plan)[:, 0]
    flows[1:] -= on_today @ headcount.today_by_month[:, rows, ::stride]
    flows[1:] += up * s.staff_attrition_saving_per_year / 12 * there * own.share.sum()
    moved = headcount.path(money.plan_percent, levels).moved
    for name, sign in _SIGN.items():
        one = moved.get(name)
        if one is None or name in money.without:
            continue
        worth = sign * up * (own.earned if name is Channel.MARGIN else own.support)
        more = held.more_by_month[name][:, rows]
        if stride > 1:
            more = more[..., one.draws % stride == 0]
        one.every(stride).add_to(flows[1:], worth @ more)
    return flows
