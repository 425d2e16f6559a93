"""The verdict: too little, too much, about right, or not enough evidence. `judge` is the only place where a call is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np

from cxroi.model.assumption import Grade
from cxroi.model.uncertainty import Draws, Interval


class Call(StrEnum):
    """The four answers."""

    UNDER_INVESTED = "under_invested"
    OVER_INVESTED = "over_invested"
    ABOUT_RIGHT = "about_right"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


@dataclass(frozen=True, kw_only=True)
class PilotProposal:
    """The pilot that teaches most for its cost where a verdict is open; `cost` and `worth` are present value.

    Two groups of `customers_per_group` drawn by lot in `segment` ("all": from the whole company), the treated at
    `level_percent` of today's spend for `months`. `worth` is what the lesson is expected to gain over the months left after
    it: where that is less than it costs, no pilot is worth its cost, and this is the one that comes nearest.
    """

    segment: str
    customers_per_group: int
    months: int
    parameter: str  # what is worth learning first: "strength", "shape", "carryover"
    level_percent: float
    outcomes: tuple[str, ...]  # to be measured, the one that teaches most first: "churn", "margin", "support"
    cost: float
    worth: float
    probability_it_settles: float  # that the verdict is no longer open after it
    branches_per_group: int  # at least, however large they are, where branches are drawn in place of customers

    @property
    def is_worth_its_cost(self) -> bool:
        """Return whether the pilot is expected to gain more than it costs."""
        return self.worth > self.cost


def _no_pilot() -> PilotProposal | None:
    return None


@dataclass(frozen=True, kw_only=True)
class DecisionRule:
    """The thresholds of the verdict, as data."""

    sure_of_more: float = 0.8  # probability that more pays, for "under-invested"
    sure_of_less: float = 0.2  # and at most this for "over-invested"
    information_to_materiality: float = 2.0  # "about right" needs the value of information below this many times it
    near_today: float = 0.15  # or the optimum this close to today's spend
    near_today_probability: float = 0.8


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A call with what stands behind it. Money is present value over the horizon; spend is money per month.

    `cost_of_too_little` and `cost_of_too_much` are what staying at today's spend is expected to lose because the best
    spend lies above, or below, it; together they equal `gain_from_acting_now` + `value_of_information`.
    `reason` is the id of what decided: "more_pays", "less_pays", "gain_below_materiality", "direction_unclear",
    "learning_is_worth_more", or the name of the failed health check; `text` words it.
    """

    call: Call
    reason: str
    probability_more_pays: float
    optimum_spend: Interval
    today_spend: float
    spend_range: tuple[float, float] | None  # where the call holds; the upper end is infinite where none was found
    gain_from_acting_now: float
    cost_of_too_little: float
    cost_of_too_much: float
    value_of_information: float
    materiality: float
    grade: Grade
    find_pilot: Callable[[], PilotProposal | None] = field(default=_no_pilot, repr=False, compare=False)

    @cached_property
    def pilot(self) -> PilotProposal | None:
        """Return the pilot for an open verdict, searched for when somebody first asks; None where none could tell anything."""
        return self.find_pilot()


def probability_more_pays(level_percent: Draws, value: Draws) -> float:
    """Return the share of draws in which the next unit of spend at today's level adds value; ties count half.

    `value` (L, n) is present benefit less (1 + hurdle) times present cost at each level.
    """
    here, above = _row(level_percent, 100.0), _row(level_percent, 100.0) + 1
    step = value[above] - value[here]
    return float((step > 0).mean() + 0.5 * (step == 0).mean())


def judge(
    *,
    level_percent: Draws,
    value: Draws,
    today_spend: float,
    materiality: float,
    grade: Grade,
    rule: DecisionRule | None = None,
    failed_check: str | None = None,
) -> Verdict:
    """Return the verdict on today's spend.

    `level_percent` (L,) of today's spend, holding 100; `value` (L, n_draws) is present benefit less (1 + hurdle) times
    present cost against today, so it is what the best level maximises. `materiality` and the results are present value;
    `failed_check` names a failed health check, which caps the call at "not enough evidence".
    The rule: docs "Verdict"; value of information: Raiffa & Schlaifer (1961).
    """
    rule = rule or DecisionRule()
    mean, today = value.mean(axis=1), _row(level_percent, 100.0)
    best, best_by_draw = int(mean.argmax()), value.argmax(axis=0)
    gain = float(mean[best] - mean[today])
    loss = value.max(axis=0) - value[today]
    optimum = _refined(level_percent, value, best_by_draw)
    expected_optimum = float(_refined(level_percent, mean[:, None], np.array([best]))[0])
    information = float(loss.mean()) - gain
    p_more = probability_more_pays(level_percent, value)
    near = float((np.abs(optimum - 100) <= 100 * rule.near_today).mean())
    call, reason = _call(rule, p_more, gain, information, materiality, near, best - today)
    if failed_check is not None:
        call, reason = Call.NOT_ENOUGH_EVIDENCE, failed_check
    unit = today_spend / 100
    return Verdict(
        call=call,
        reason=reason,
        probability_more_pays=p_more,
        optimum_spend=Interval.around(expected_optimum * unit, optimum * unit),
        today_spend=today_spend,
        spend_range=_range(call, rule, level_percent, value, materiality, unit),
        gain_from_acting_now=gain,
        cost_of_too_little=float(np.where(best_by_draw > today, loss, 0.0).mean()),
        cost_of_too_much=float(np.where(best_by_draw < today, loss, 0.0).mean()),
        value_of_information=information,
        materiality=materiality,
        grade=grade,
    )


def _call(
    rule: DecisionRule, p_more: float, gain: float, information: float, materiality: float, near: float, side: int
) -> tuple[Call, str]:
    if gain < materiality:
        settled = information < rule.information_to_materiality * materiality or near >= rule.near_today_probability
        if settled:
            return Call.ABOUT_RIGHT, "gain_below_materiality"
        return Call.NOT_ENOUGH_EVIDENCE, "learning_is_worth_more"
    if p_more >= rule.sure_of_more and side > 0:
        return Call.UNDER_INVESTED, "more_pays"
    if p_more <= rule.sure_of_less and side < 0:
        return Call.OVER_INVESTED, "less_pays"
    return Call.NOT_ENOUGH_EVIDENCE, "direction_unclear"


def _row(level_percent: Draws, level: float) -> int:
    return int(np.flatnonzero(level_percent == level)[0])


def _refined(level_percent: Draws, value: Draws, best: np.ndarray) -> Draws:
    """Return the best level per draw, refined by the parabola through its neighbours; ends of the grid stay as they are."""
    inside = np.clip(best, 1, len(level_percent) - 2)
    column = np.arange(value.shape[1])
    x0, x1, x2 = (level_percent[inside + k] for k in (-1, 0, 1))
    y0, y1, y2 = (value[inside + k, column] for k in (-1, 0, 1))
    left, right = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    bend = (right - left) / (x2 - x0)
    with np.errstate(divide="ignore", invalid="ignore"):
        top = 0.5 * (x0 + x1) - left / (2 * bend)
    usable = (best == inside) & (bend < 0)
    return np.where(usable, np.clip(top, x0, x2), level_percent[best])


def _range(
    call: Call, rule: DecisionRule, level: Draws, value: Draws, materiality: float, unit: float
) -> tuple[float, float] | None:
    """Return the range of spend for which the same call holds, in money per month; infinite where no end was found."""
    if call is Call.NOT_ENOUGH_EVIDENCE:
        return None
    today, mean = _row(level, 100.0), value.mean(axis=1)
    rising = (np.diff(value, axis=0) > 0).mean(axis=1)  # between level i and i + 1
    if call is Call.UNDER_INVESTED:
        holds = np.append(rising >= rule.sure_of_more, False)
    elif call is Call.OVER_INVESTED:
        holds = np.append(rising <= rule.sure_of_less, True)
    else:
        holds = mean.max() - mean < materiality
    low, high = today, today
    while low > 0 and holds[low - 1]:
        low -= 1
    while high < len(level) - 1 and holds[high + 1]:
        high += 1
    return float(level[low] * unit), float(level[high] * unit) if high < len(level) - 1 else float("inf")
