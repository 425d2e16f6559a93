"""The verdict: too little, too much, about right, or not enough evidence. `judge` is the only place where a call is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, partial

import numpy as np

from cxroi.model.assumption import Grade
from cxroi.model.decision.certainty import Certainty, stated_probability
from cxroi.model.decision.steps import Ladder, Step
from cxroi.model.statistics.uncertainty import Draws, Interval

OPEN_REASONS = ("direction_unclear", "place_unclear", "learning_is_worth_more")  # why the rule itself makes no call


class Call(StrEnum):
    """The four answers."""

    UNDER_INVESTED = "under_invested"
    OVER_INVESTED = "over_invested"
    ABOUT_RIGHT = "about_right"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


SIDES = frozenset({Call.UNDER_INVESTED, Call.OVER_INVESTED})  # the calls that name a side


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

    sure_of_too_little: float = 0.8  # probability that the best spend is above today's, for "too little"
    sure_of_too_much: float = 0.8  # and that it is below, for "too much"
    information_to_materiality: float = 2.0  # "about right" needs the value of information below this many times it
    near_today: float = 0.15  # or the optimum this close to today's spend
    near_today_probability: float = 0.8
    safe_quantile: float = 0.10  # of the net present value, which the safe step makes as high as it can be
    direction_step: float = 0.20  # of today's spend, at most, where the call is open
    direction_when_capped: bool = False  # whether figures that failed a check still give a direction
    sure_when_changed: float = 0.7  # probability that a side needs to survive when something is left out or changed
    close_when_changed: float = (
        0.05  # a side that comes this near to it is said to: a few customers more or fewer may decide
    )

    @property
    def when_changed(self) -> DecisionRule:
        """Return the rule for a call that is made again to see whether it survives a change."""
        return replace(self, sure_of_too_little=self.sure_when_changed, sure_of_too_much=self.sure_when_changed)


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Three probabilities: that the best spend is above today's, that it is below, and that the next unit of spend pays."""

    best_above: float
    best_below: float
    more_pays: float


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A call with what stands behind it. Money is present value over the horizon; spend is money per month.

    The probabilities are those of the draws, `stated` is what is told of them (`cxroi.model.decision.certainty`).
    `cost_of_too_little` and `cost_of_too_much` are what staying at today's spend is expected to lose because the best
    spend lies above, or below, it; together they equal `gain_from_acting_now` + `value_of_information`. `best_step` goes to
    the level with the highest expected value, `safe_step` to that with the highest tenth percentile, inside the range tried;
    figures that failed a check make no step safe.
    `reason` is the id of what decided: "best_above", "best_below", "gain_below_materiality", "direction_unclear", "place_unclear"
    (a side is likely, but on average the other one earns), "learning_is_worth_more", or the failed health check's name.
    """

    call: Call
    reason: str
    probability_more_pays: float
    probability_best_above: float
    probability_best_below: float
    stated: Sides
    optimum_spend: Interval
    today_spend: float
    observed_spend: tuple[float, float]  # the range that was ever tried
    spend_range: tuple[float, float] | None  # where the call holds; the upper end is infinite where none was found
    gain_from_acting_now: float
    cost_of_too_little: float
    cost_of_too_much: float
    value_of_information: float
    materiality: float
    best_step: Step
    safe_step: Step
    direction: Step | None  # of an open call: a small step that earns on average
    grade: Grade
    reason_facts: tuple[tuple[str, object], ...] = field(default=(), compare=False)  # what the failed check found
    find_pilot: Callable[[], PilotProposal | None] = field(default=_no_pilot, repr=False, compare=False)

    @cached_property
    def pilot(self) -> PilotProposal | None:
        """Return the pilot for an open verdict, searched for when somebody first asks; None where none could tell anything."""
        return self.find_pilot()

    @property
    def capped(self) -> bool:
        """Return whether no call was made because of a check, whatever the figures say."""
        return self.call is Call.NOT_ENOUGH_EVIDENCE and self.reason not in OPEN_REASONS

    @property
    def optimum_percent(self) -> Interval:
        """Return the best level of spend in percent of today's; 0 where nothing is spent today."""
        best, scale = self.optimum_spend, 100 / self.today_spend if self.today_spend else 0.0
        return Interval(low=best.low * scale, mid=best.mid * scale, high=best.high * scale)

    @property
    def cost_of_acting(self) -> float:
        """Return what moving to the best spend is expected to lose by being wrong."""
        return self.best_step.expected_loss


def judge(
    *,
    level_percent: Draws,
    value: Draws,
    today_spend: float,
    materiality: float,
    grade: Grade,
    observed_percent: tuple[float, float] | None = None,
    rule: DecisionRule | None = None,
    certainty: Certainty | None = None,
    failed_check: str | None = None,
) -> Verdict:
    """Return the verdict on today's spend.

    `level_percent` (L,) of today's spend, holding 100; `value` (L, n_draws) is present benefit less (1 + hurdle) times
    present cost against today, so it is what the best level maximises. `materiality` and the results are present value;
    `observed_percent` is the range of spend ever tried (every level where it is not given); `failed_check` names a failed
    health check, which caps the call at "not enough evidence".
    The rule: docs "Verdict"; value of information: Raiffa & Schlaifer (1961).
    """
    rule = rule or DecisionRule()
    stated = partial(stated_probability, grade=grade, certainty=certainty, failed=failed_check is not None)
    ladder = _ladder(level_percent, value, today_spend, observed_percent)
    today, best, loss = ladder.today, ladder.best, ladder.value.max(axis=0)
    call, reason = _call(ladder, materiality, rule)
    if failed_check is not None:
        call, reason = Call.NOT_ENOUGH_EVIDENCE, failed_check
    points = call is Call.NOT_ENOUGH_EVIDENCE and (failed_check is None or rule.direction_when_capped)
    unit, gain = today_spend / 100, float(ladder.mean[ladder.top])
    above, below = (float(side[today]) for side in ladder.sides)
    low, high = ladder.tried_percent
    return Verdict(
        call=call,
        reason=reason,
        probability_more_pays=ladder.more_pays,
        probability_best_above=above,
        probability_best_below=below,
        stated=Sides(
            best_above=stated(above),
            best_below=stated(below),
            more_pays=stated(ladder.more_pays),
        ),
        optimum_spend=Interval.around(ladder.expected_optimum * unit, ladder.optimum * unit),
        today_spend=today_spend,
        observed_spend=(low * unit, high * unit),
        spend_range=_range(call, ladder, materiality, rule),
        gain_from_acting_now=gain,
        cost_of_too_little=float(np.where(best > today, loss, 0.0).mean()),
        cost_of_too_much=float(np.where(best < today, loss, 0.0).mean()),
        value_of_information=float(loss.mean()) - gain,
        materiality=materiality,
        best_step=ladder.step(ladder.top),
        safe_step=ladder.safest(rule.safe_quantile) if failed_check is None else ladder.step(today),
        direction=ladder.direction(100 * rule.direction_step) if points else None,
        grade=grade,
    )


def call_of(
    *,
    level_percent: Draws,
    value: Draws,
    materiality: float,
    rule: DecisionRule | None = None,
) -> Call:
    """Return the call alone, as `judge` makes it where no check failed."""
    return called_again(level_percent=level_percent, value=value, materiality=materiality, rule=rule)[0]


def called_again(
    *, level_percent: Draws, value: Draws, materiality: float, rule: DecisionRule | None = None
) -> tuple[Call, Mapping[Call, float]]:
    """Return the call as `call_of` makes it, and how likely each side is: to ask whether it survives a change, and how closely."""
    ladder = _ladder(level_percent, value, 1.0, None)
    above, below = (float(side[ladder.today]) for side in ladder.sides)
    made = _call(ladder, materiality, rule or DecisionRule())[0]
    return made, {Call.UNDER_INVESTED: above, Call.OVER_INVESTED: below}


def _ladder(level_percent: Draws, value: Draws, today_spend: float, tried: tuple[float, float] | None) -> Ladder:
    today = value[np.flatnonzero(level_percent == 100)[0]]
    return Ladder(
        level_percent=level_percent,
        value=value - today if today.any() else value,
        today_spend=today_spend,
        observed_percent=tried or (float(level_percent[0]), float(level_percent[-1])),
    )


def _call(ladder: Ladder, materiality: float, rule: DecisionRule) -> tuple[Call, str]:
    today, gain = ladder.today, float(ladder.mean[ladder.top])
    if gain < materiality:
        information = float(ladder.value.max(axis=0).mean()) - gain
        near = float((np.abs(ladder.optimum - 100) <= 100 * rule.near_today).mean())
        settled = information < rule.information_to_materiality * materiality or near >= rule.near_today_probability
        if settled:
            return Call.ABOUT_RIGHT, "gain_below_materiality"
        return Call.NOT_ENOUGH_EVIDENCE, "learning_is_worth_more"
    little, much = (bool(sure[today]) for sure in _sure(ladder, rule))
    if little and ladder.top > today:
        return Call.UNDER_INVESTED, "best_above"
    if much and ladder.top < today:
        return Call.OVER_INVESTED, "best_below"
    return Call.NOT_ENOUGH_EVIDENCE, "place_unclear" if little or much else "direction_unclear"


def _sure(ladder: Ladder, rule: DecisionRule) -> tuple[np.ndarray, np.ndarray]:
    """Return for each level whether a spend of that much would surely be too little, and surely be too much, (L,) each."""
    above, below = ladder.sides
    return above >= rule.sure_of_too_little, below >= rule.sure_of_too_much


def _range(call: Call, ladder: Ladder, materiality: float, rule: DecisionRule) -> tuple[float, float] | None:
    """Return the range of spend for which the same call holds, in money per month; infinite where no end was found."""
    if call is Call.NOT_ENOUGH_EVIDENCE:
        return None
    short = ladder.mean[ladder.top] - ladder.mean  # of the best, on average
    row = np.arange(short.size)
    little, much = _sure(ladder, rule)
    holds = {
        Call.UNDER_INVESTED: little & (short >= materiality) & (row < ladder.top),
        Call.OVER_INVESTED: much & (short >= materiality) & (row > ladder.top),
        Call.ABOUT_RIGHT: short < materiality,
    }[call]
    low = high = ladder.today
    while low > 0 and holds[low - 1]:
        low -= 1
    while high < short.size - 1 and holds[high + 1]:
        high += 1
    unit, level = ladder.today_spend / 100, ladder.level_percent
    return float(level[low] * unit), float(level[high] * unit) if high < short.size - 1 else float("inf")
