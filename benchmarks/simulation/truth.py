"""What a level of spend is truly worth to a made company: its customers followed month by month, one plain loop, no closed form.

Two readings: `strict` counts nothing after the horizon; `life` counts the customers that a level keeps or wins for their expected
remaining life of at most 60 months more, at today's margin less support cost less CX spend, as the product does (model.md, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.simulation.company import CHANNELS, Link
from benchmarks.simulation.curves import Array
from benchmarks.simulation.history import History

HORIZON_MONTHS, ANNUAL_DISCOUNT_RATE, MOST_MONTHS_AFTER = 36, 0.10, 60


class Reading(StrEnum):
    """How customers count who are still there at the end of the horizon."""

    STRICT = "strict"
    LIFE = "life"


def remaining_months(churn: float, annual_discount_rate: float = ANNUAL_DISCOUNT_RATE) -> int:
    """Return the months after the horizon that count: min(60, round(ln 0.05 / ln q)), q = (1 - churn) (1 + rate)^(-1/12).

    >>> remaining_months(0.02), remaining_months(0.10), remaining_months(0.0, 0.0)
    (60, 26, 60)
    """
    kept = (1 - churn) * (1 + annual_discount_rate) ** (-1 / 12)
    return MOST_MONTHS_AFTER if kept >= 1 else min(MOST_MONTHS_AFTER, round(np.log(0.05) / np.log(kept)))


@dataclass(frozen=True)
class Today:
    """Where a company stands: customers (S, K) by group of frailty, and per segment (S,) the rest, money per customer-month."""

    customers: Array
    churn: Array  # (S, K), a month
    joins: Array  # (S, K), a month
    margin: Array
    support: Array  # what stands in support cost and is CX spend left out
    spend: Array

    @property
    def remaining_months(self) -> Array:
        """Return for how many months after the horizon each segment's customers count, (S,)."""
        churn = (self.churn * self.customers).sum(axis=1) / np.maximum(self.customers.sum(axis=1), 1e-9)
        return np.array([remaining_months(float(one)) for one in churn])


@dataclass(frozen=True)
class Truth:
    """A company's truth: where it stands, and what spend does from today on."""

    today: Today
    links: Mapping[str, Link]
    unit: Array  # (S,) today's spend in the unit of the curves

    def lifts(self, level_percent: Array, months: int) -> dict[str, Array]:
        """Return log effects by channel, (T, L, S): of a level held from month 1 on against today's."""
        level, n_segments = np.asarray(level_percent)[:, None] / 100, self.unit.size
        out = {}
        for name, link in self.links.items():
            effective = np.repeat(self.unit[None], level.size, axis=0)
            path = np.empty((months, level.size, n_segments))
            here = link.lift(self.unit, slice(0, n_segments))
            for t in range(months):
                paid = level * self.unit if t >= link.delay_months else self.unit
                effective = link.carryover_rate * effective + (1 - link.carryover_rate) * paid
                path[t] = link.lift(effective, slice(0, n_segments)) - here
            out[name] = path
        return out

    def value(self, level_percent: Array, reading: Reading) -> Array:
        """Return the true net present value of levels against today's by segment, (L, S)."""
        levels = np.append(np.asarray(level_percent, float), 100.0)
        worth = net_present_value(self.today, levels, self.lifts(levels, HORIZON_MONTHS), reading)
        return worth[:-1] - worth[-1]

    @property
    def spent(self) -> Array:
        """Return the present value of CX spend at today's level over the horizon, (S,)."""
        still = {name: np.zeros((HORIZON_MONTHS, 1, self.unit.size)) for name in CHANNELS}
        months = net_present_value(self.today, np.array([100.0]), still, Reading.STRICT, customer_months=True)
        spent: Array = months[0] * self.today.spend
        return spent


def net_present_value(
    today: Today, level_percent: Array, lifts: Mapping[str, Array], reading: Reading, customer_months: bool = False
) -> Array:
    """Return the present value of margin less support less CX spend of levels, (L, S), the last level being today's.

    `lifts` are log effects (T, L, S), above 0 where good. The value after the horizon is that of the customers more or fewer than at the
    last level, which alone it has a meaning for. `customer_months` counts discounted customer-months in place of money.
    """
    factor = (1 + ANNUAL_DISCOUNT_RATE) ** (-1 / 12)
    level = np.asarray(level_percent)[:, None] / 100
    customers = np.repeat(today.customers[None], level.size, axis=0)  # (L, S, K)
    worth = np.zeros((level.size, today.spend.size))
    discount = 1.0
    for t in range(len(lifts["churn"])):
        churn = np.minimum(today.churn * np.exp(-lifts["churn"][t])[:, :, None], 1.0)
        customers = customers * (1 - churn) + today.joins * np.exp(lifts["joins"][t])[:, :, None]
        discount *= factor
        margin = today.margin * np.exp(lifts["margin"][t]) - today.support * np.exp(-lifts["support"][t])
        a_customer = np.ones(worth.shape) if customer_months else margin - level * today.spend
        worth += discount * customers.sum(axis=2) * a_customer
    if reading is Reading.LIFE:
        more = customers - customers[-1]
        for t in range(MOST_MONTHS_AFTER):
            more = more * (1 - np.minimum(today.churn, 1.0))
            discount *= factor
            counted = t < today.remaining_months
            worth += discount * counted * more.sum(axis=2) * (today.margin - today.support - today.spend)
    return worth


def truth_of(history: History) -> Truth:
    """Return the truth of a company that lived through its history.

    Counts and money are the means of the trailing year, as any reader of the books would have them, but for what the books get wrong;
    churn is without the year's luck.
    """
    company, window = history.company, history.window
    months = history.start[:, window].sum(axis=1)
    frailty = np.asarray(company.world.frailty)
    steady = {name: history.steady[name][:, window].mean(axis=1) for name in CHANNELS}
    lift = company.links["churn"].lift(history.today, slice(0, company.n_segments))
    churn, joins = np.exp(steady["churn"] - lift), history.joined[:, window].mean(axis=1)
    counted_anew = np.exp(company.books.lost_count_changes)
    joins = joins + (counted_anew - 1) * history.lost[:, window].mean(axis=1)  # today's rule of who is lost holds on
    today = Today(
        customers=history.end,
        churn=counted_anew * churn[:, None] * frailty,
        joins=np.maximum(joins, 0.0)[:, None] * np.full(frailty.size, 1 / frailty.size),
        margin=history.margin[:, window].sum(axis=1) / months,
        support=history.support[:, window].sum(axis=1) / months,
        spend=history.spend[:, window].sum(axis=1) / months,
    )
    return Truth(today=today, links=company.links, unit=history.today)
