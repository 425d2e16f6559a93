"""The plan on its expected path: customers by month as means over the draws, and the cash that a spreadsheet makes of them.

All money of a plan is linear in a few expected counts, so that prices, discounting and risk adjustments may change afterwards without
the draws; who is there, under the plan and today, may not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxroi.model.discount import discount_factors, monthly_factor
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.customer_months import march
from cxroi.model.value.economics import Economics
from cxroi.model.value.future import Future, Path, ramp_to
from cxroi.model.value.projection import LONGEST_LIFE
from cxroi.model.value.returns import annual_irr, payback_periods, running_total
from cxroi.model.value.tei import TeiSummary, tei_summary


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpectedMonths:
    """Expected customers at each month end by segment (T, S): today's spend, the plan without those who join because of it, and those.

    `more` is by how much a plan multiplies margin or support cost per customer, less 1, times customers: of the former and of the
    latter. `run_off` is who of the customers that the plan adds by the end of a horizon is there 1 to K months after it, (K, S), of
    both again. `level_percent` is the course of spend (T,).
    """

    today: Draws
    plan: Draws
    brought: Draws
    more: Mapping[Channel, tuple[Draws, Draws]]
    run_off: Mapping[int, tuple[Draws, Draws]]
    level_percent: Draws


def expect_months(
    money: Economics, future: Future, horizons: Sequence[int], levels_percent: Sequence[float]
) -> dict[float, ExpectedMonths]:
    """Return the expected months of plans at some levels of spend, up to the longest of some horizons, with what is left after each."""
    months, bare = max(horizons), replace(future, typed=None)
    keeps = 1 - np.minimum(future.churn.T, 1.0)
    lasts = np.arange(1, max(LONGEST_LIFE, int(money.life.max())) + 1)
    left = keeps[:, None, :] ** lasts[:, None]
    today, _, _, ends_today = _means(money, bare, bare.path(100.0, months), horizons)

    def run_off(added: Draws) -> Draws:
        return np.stack([left[s] @ one for s, one in enumerate(added)], axis=1) / added.shape[1]

    found = {}
    for level in levels_percent:
        course = replace(money, plan_percent=level).course(months)
        path = future.path(level if course is None else course, months)
        plan, brought, more, ends = _means(money, future, path, horizons)
        found[level] = ExpectedMonths(
            today=today,
            plan=plan,
            brought=brought,
            more=more,
            run_off={at: (run_off(own - ends_today[at][0]), run_off(theirs)) for at, (own, theirs) in ends.items()},
            level_percent=np.full(months, level) if course is None else course,
        )
    return found


_Ends = dict[int, tuple[Draws, Draws]]


def _means(
    money: Economics, future: Future, path: Path, horizons: Sequence[int]
) -> tuple[Draws, Draws, dict[Channel, tuple[Draws, Draws]], _Ends]:
    """Return means over the draws (T, S) of customers and of those who join because of the level, of what channels add to either,
    and both in every draw (S, n) at some horizons."""
    customers, joins, n = money.customers[:, None], money.joins[:, None], len(future.churn)
    counted = {name: path.moved[name] for name in (Channel.MARGIN, Channel.SUPPORT) if name in path.moved}
    people, brought, ends = [], [], {}
    more: dict[Channel, tuple[list[Draws], list[Draws]]] = {name: ([], []) for name in counted}
    for now in march(future, path, horizons):
        own = customers * now.stay + joins * now.inflow
        theirs = np.zeros(own.shape)
        if now.joined is not None:
            theirs[:, :, path.moved[Channel.JOINS].draws] = joins * now.joined
        people.append(own.mean(axis=2))
        brought.append(theirs.mean(axis=2))
        for name, one in counted.items():
            factor = one.factor(now.months) - 1
            for part, of in zip(more[name], (own, theirs), strict=True):
                part.append((factor * of[:, :, one.draws]).sum(axis=2) / n)
        if now.months.stop in horizons:
            ends[now.months.stop] = own[-1], theirs[-1]
    joined = {name: (np.concatenate(on_own), np.concatenate(on_theirs)) for name, (on_own, on_theirs) in more.items()}
    return np.concatenate(people), np.concatenate(brought), joined, ends


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpectedCash:
    """The cash of a plan against today on its expected path, line by line: what a workbook's formulas come to.

    Monthly lines are (T,), 0 after the horizon, before risk adjustment unless they say so; `money` says which channels are not counted.
    """

    money: Economics
    months: ExpectedMonths

    @cached_property
    def month(self) -> Draws:
        """Return the months, 1 to T."""
        return np.arange(1.0, len(self.months.today) + 1)

    @cached_property
    def counts(self) -> Draws:
        """Return 1 for months up to the horizon, 0 after it."""
        return np.where(self.month <= self.money.scenario.horizon_months, 1.0, 0.0)

    @cached_property
    def discount(self) -> Draws:
        """Return the discount factor of each month's end."""
        return discount_factors(self.money.scenario.annual_discount_rate, self.month.size)

    @cached_property
    def ramp(self) -> Draws:
        """Return how much of what comes with the plan is there."""
        return ramp_to(self.money.plan_percent, self.months.level_percent)

    def _with_brought(self, parts: tuple[Draws, Draws]) -> Draws:
        return parts[0] if Channel.JOINS in self.money.without else parts[0] + parts[1]

    @cached_property
    def plan(self) -> Draws:
        """Return customers under the plan by segment, (T, S), those who join because of it where they count."""
        return self._with_brought((self.months.plan, self.months.brought))

    @cached_property
    def margin_kept(self) -> Draws:
        """Return the margin of the customers whom the plan adds, with their referrals."""
        return self.counts * ((self.plan - self.months.today) @ self.money.earned)

    @cached_property
    def support_of_kept(self) -> Draws:
        """Return what supporting these customers costs, below 0."""
        return -self.counts * ((self.plan - self.months.today) @ self.money.support)

    def _more(self, channel: Channel, typed: Draws, learned: Draws) -> Draws:
        worth = self.ramp * (self.plan @ typed)
        if channel in self.months.more and channel not in self.money.without:
            worth = worth + self._with_brought(self.months.more[channel]) @ learned
        return np.asarray(self.counts * worth)

    @cached_property
    def more_per_customer(self) -> Draws:
        """Return the margin that the plan adds to every customer, as typed or as learned."""
        return self._more(Channel.MARGIN, self.money.dearer, self.money.earned)

    @cached_property
    def cheaper_support(self) -> Draws:
        """Return the support cost that the plan takes off every customer, as typed or as learned."""
        return self._more(Channel.SUPPORT, -self.money.costlier, -self.money.support)

    @cached_property
    def staff_saving(self) -> Draws:
        """Return what fewer leavers among staff save."""
        return self.counts * self.ramp * self.money.scenario.staff_attrition_saving_per_year / 12

    @cached_property
    def benefit(self) -> Draws:
        """Return the benefit by month."""
        return (
            self.margin_kept + self.support_of_kept + self.more_per_customer + self.cheaper_support + self.staff_saving
        )

    @cached_property
    def spend_today(self) -> Draws:
        """Return CX spend without a plan."""
        return self.counts * (self.months.today @ self.money.spend)

    @cached_property
    def spend_plan(self) -> Draws:
        """Return CX spend under the plan."""
        return self.counts * self.months.level_percent / 100 * (self.plan @ self.money.spend)

    @property
    def adjusted(self) -> tuple[float, float]:
        """Return what risk adjustment leaves of a unit of benefit, and makes of a unit of cost."""
        s = self.money.scenario
        return 1 - s.benefit_risk_adjustment_rate, 1 + s.cost_risk_adjustment_rate

    @cached_property
    def benefits(self) -> Draws:
        """Return risk-adjusted benefits, month 0 first, (T + 1,)."""
        return self.adjusted[0] * np.concatenate([[0.0], self.benefit])

    @cached_property
    def costs(self) -> Draws:
        """Return risk-adjusted costs, the one-off cost at month 0 first, (T + 1,)."""
        spend = self.spend_plan - self.spend_today
        return self.adjusted[1] * np.concatenate([[self.money.scenario.one_off_cost], spend])

    @cached_property
    def flows(self) -> Draws:
        """Return net cash, month 0 first, (T + 1,)."""
        return self.benefits - self.costs

    @cached_property
    def run_off(self) -> Draws:
        """Return the undiscounted worth of added customers in months 1 to K after the horizon, (K,)."""
        left = self._with_brought(self.months.run_off[self.money.scenario.horizon_months])
        lives = np.arange(1, len(left) + 1)[:, None] <= self.money.life
        return (left * lives) @ self.money.after

    @cached_property
    def run_off_discount(self) -> Draws:
        """Return the discount factors of those months, (K,)."""
        s = self.money.scenario
        months = s.horizon_months + np.arange(1.0, len(self.run_off) + 1)
        return np.asarray(monthly_factor(s.annual_discount_rate) ** months)

    @property
    def residual(self) -> float:
        """Return the present worth after the horizon, risk-adjusted."""
        return float(self.adjusted[0] * (self.run_off_discount @ self.run_off))

    @cached_property
    def with_residual(self) -> Draws:
        """Return the flows with the worth after the horizon as money of its last month, which the rate of return counts there."""
        out, last = self.flows.copy(), self.money.scenario.horizon_months
        out[last] += self.residual / self.discount[last - 1]
        return out

    @property
    def present(self) -> tuple[float, float]:
        """Return present benefit, what comes after the horizon included, and present cost."""
        benefit = float(self.discount @ self.benefits[1:]) + self.residual
        return benefit, float(self.costs[0] + self.discount @ self.costs[1:])

    @property
    def irr(self) -> float | None:
        """Return the annual rate of return of these flows; None where nothing is spent or none exists."""
        found = float(annual_irr(self.with_residual[:, None])[0])
        return found if self.present[1] > 0 and np.isfinite(found) else None

    @cached_property
    def discounted(self) -> Draws:
        """Return discounted flows, (T + 1,)."""
        return self.flows * np.concatenate([[1.0], self.discount])

    def payback(self, flows: Draws) -> float | None:
        """Return the months until flows (T + 1,) are paid back for good; None where they never are, or nothing is spent."""
        found = float(payback_periods(flows[:, None])[0])
        return found if self.present[1] > 0 and np.isfinite(found) else None

    @staticmethod
    def cumulated(flows: Draws) -> Draws:
        """Return the running total of flows."""
        return running_total(flows[:, None])[:, 0]

    @cached_property
    def tei(self) -> TeiSummary:
        """Return the same cash by years of twelve months, discounted at year ends."""
        years = [slice(start, start + 12) for start in range(0, self.money.scenario.horizon_months, 12)]
        s, spend = self.money.scenario, self.spend_plan - self.spend_today
        return tei_summary(
            s.one_off_cost,
            [float(spend[year].sum()) for year in years],
            [float(self.benefit[year].sum()) for year in years],
            s.annual_discount_rate,
            benefit_risk_adjustment_rate=s.benefit_risk_adjustment_rate,
            cost_risk_adjustment_rate=s.cost_risk_adjustment_rate,
        )
