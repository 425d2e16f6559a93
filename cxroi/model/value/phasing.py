"""A move that is made in a plan's own steps: how much of it is made by month, and what levels that are reached so are worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxroi.model.scenario import RANGES, Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.economics import course_of
from cxroi.model.value.held_level import hold
from cxroi.model.value.valuation import Valuation, present_value


def shares_made(scenario: Scenario, plan_percent: float, months: int) -> Draws | None:
    """Return which share of the way from today's spend to the plan's is made by month, (months,); None where all of it is from the first
    month on, and where the plan ends at today's spend, so that there is no way.

    >>> shares_made(Scenario(first_quarters_percent=(110.0, 130.0)), 140.0, 8).tolist()
    [0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 1.0, 1.0]
    """
    course = course_of(scenario, plan_percent, months)
    return None if course is None or plan_percent == 100 else (course - 100) / (plan_percent - 100)


def course_to(level_percent: float, shares: Draws) -> Draws:
    """Return the levels by month on the way to a level, percent of today's, where `shares` of the way are made.

    >>> course_to(60.0, np.array([0.25, 1.0])).tolist()
    [90.0, 60.0]
    """
    return np.clip(100 + shares * (level_percent - 100), *RANGES["investment_level_percent"])


def value_in_steps(valuation: Valuation, shares: Draws, parts: Sequence[int | None]) -> tuple[Draws, Draws]:
    """Return present benefit and cost against today of the levels of the grid, each reached in steps, (L, parts, n); a part is a
    segment by its place, or the whole (None). Nothing may come with the plan but spend."""
    table, head, money = valuation.headcount.table, valuation.headcount, valuation.money
    shape = (table.level_percent.size, len(parts), head.draws)
    benefit, cost = np.zeros(shape), np.zeros(shape)
    for row, level in enumerate(table.level_percent.tolist()):
        if level == 100:
            continue
        course = course_to(level, shares)
        path = table.future.path(course, table.discount.size)
        held = hold(table.future, path, level, table.discount, head.customers, head.joins, head.counts_joined, course)
        for place, part in enumerate(parts):
            own = (
                present_value(money, head, held)
                if part is None
                else present_value(money.only(part), head, held, slice(part, part + 1))
            )
            benefit[row, place], cost[row, place] = own[0][0], own[1][0]
    return benefit, cost
