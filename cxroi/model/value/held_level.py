"""One level of spend, held, for the customers that there are: how many of them month by month, and what that adds up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.customer_months import people_by_month
from cxroi.model.value.future import Future, Path, ramp_to


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """A plan that gets to its level in steps: what is spent by month (T,), percent of today's, and how much of what comes with the plan
    is there (T,), 0 to 1. `spent` and `there` are discounted customer-months (S, n) weighted by either, `annuity` months by the latter."""

    level_percent: Draws
    ramp: Draws
    spent: Draws
    there: Draws
    annuity: float


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldLevel:
    """Customers at each month end (T, S, n); discounted customer-months (S, n), those of who joined because of the level, means over
    the draws (S,); and by channel beside churn in which draws (m,) it moves and the discounted months' worth of it (S, m)."""

    level_percent: Draws  # (1,)
    by_month: Draws
    months: Draws
    joined: Draws
    more: Mapping[Channel, tuple[NDArray[np.int64], Draws]]
    more_by_month: Mapping[Channel, Draws]  # the same month by month, undiscounted and as the outcome moves (T, S, m)
    course: Course | None = None  # where the level is not held from the first month on


def hold(
    future: Future,
    path: Path,
    level_percent: float,
    discount: Draws,
    customers: Draws,
    joins: Draws,
    counts_joined: bool,
    course_percent: Draws | None = None,
) -> HeldLevel:
    """Return what a level comes to; without `counts_joined` those who join because of it are left out.

    `course_percent` (T,) are the levels by month of a plan that gets there in steps; `path` is then that of the course.
    """
    people, brought = people_by_month(future, path, customers, joins)
    joined = np.zeros(customers.size)
    if brought is not None and counts_joined:
        path.moved[Channel.JOINS].add_to(people, brought)
        joined = np.tensordot(discount, brought, 1).sum(axis=1) / len(future.churn)
    more, more_by_month = {}, {}
    for name in (Channel.MARGIN, Channel.SUPPORT):
        if name in path.moved:
            one = path.moved[name]
            worth = one.factor(slice(None))
            worth -= 1
            worth *= one.of(people)
            more[name] = one.draws, (-1 if name is Channel.SUPPORT else 1) * np.tensordot(discount, worth, 1)
            more_by_month[name] = worth
    return HeldLevel(
        level_percent=np.array([level_percent]),
        by_month=people,
        months=np.tensordot(discount, people, 1),
        joined=joined,
        more=more,
        more_by_month=more_by_month,
        course=None if course_percent is None else _course(course_percent, level_percent, discount, people),
    )


def _course(by_month: Draws, level_percent: float, discount: Draws, people: Draws) -> Course:
    ramp = ramp_to(level_percent, by_month)
    return Course(
        level_percent=by_month,
        ramp=ramp,
        spent=np.tensordot(discount * by_month / 100, people, 1),
        there=np.tensordot(discount * ramp, people, 1),
        annuity=float(discount @ ramp),
    )
