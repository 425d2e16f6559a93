"""Each way in which spend may pay, as a reader meets it: does it, how much, what that is worth, and may a verdict rest on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxroi.model.assumption import Grade
from cxroi.model.response.channel import MOVES, Channel, ChannelPosterior
from cxroi.model.statistics.uncertainty import Draws, Interval
from cxroi.model.value.economics import economics
from cxroi.model.value.valuation import channel_worth, present_value, value_levels
from cxroi.questions.judgement import Judgement

CHURN = "churn"
TEN_PERCENT_MORE = 110.0


@dataclass(frozen=True, kw_only=True)
class ChannelFact:
    """One channel. `elasticity` is what the log of the outcome gains for the good per doubling of today's spend, at the margin; `change_percent`
    what 10 % more spend does to the outcome in the long run (churn, margin, support cost, joins), `worth` its present value over the
    horizon; all None where the channel was left out. `left_out` and `doubt` are text ids; `counted` says whether the figures hold it,
    `moves` whether spend is said to move it."""

    id: str
    probability_helps: float | None
    probability_harms: float | None
    elasticity: Interval | None
    change_percent: Interval | None
    worth: Interval | None
    grade: Grade | None
    left_out: str | None
    doubt: str | None
    moves: bool
    counted: bool
    if_it_holds: Interval | None = None  # what one that is not counted would add to the plan's net present value


def channel_facts(judgement: Judgement) -> tuple[ChannelFact, ...]:
    """Return churn and every other channel, in the order in which they are always named."""
    evidence = judgement.evidence
    facts = [_churn(judgement)]
    for name in Channel:
        one = next((one for one in evidence.channels if one.channel is name), None)
        facts.append(_left_out(name, evidence.channels_left_out[name]) if one is None else _fact(judgement, one))
    return tuple(facts)


def _left_out(name: Channel, reason: str) -> ChannelFact:
    return ChannelFact(
        id=name.value,
        probability_helps=None,
        probability_harms=None,
        elasticity=None,
        change_percent=None,
        worth=None,
        grade=None,
        left_out=reason,
        doubt=None,
        moves=False,
        counted=False,
    )


def _churn(judgement: Judgement) -> ChannelFact:
    future, weight = judgement.table.future, _customers(judgement)
    moved = np.expm1(-future.strength * future.final_gain(TEN_PERCENT_MORE)[:, None])
    money = economics(judgement.evidence.baseline, judgement.scenario, TEN_PERCENT_MORE, frozenset(Channel))
    helps, harms = (float((sign * future.strength > 0).any(axis=1).mean()) for sign in (1, -1))
    valuation = value_levels(money, judgement.table)
    earned = present_value(money, valuation.headcount, valuation.plan)[0][0]
    return ChannelFact(
        id=CHURN,
        probability_helps=helps,
        probability_harms=harms,
        elasticity=Interval.of_draws(future.response.slope() @ weight),
        change_percent=Interval.of_draws(100 * (moved @ weight)),
        worth=Interval.around(float(earned.mean()), earned),
        grade=judgement.evidence.posterior.grade,
        left_out=None,
        doubt=None,
        moves=helps + harms > MOVES,
        counted=True,
    )


def _fact(judgement: Judgement, one: ChannelPosterior) -> ChannelFact:
    weight, counted = _customers(judgement), one.channel not in judgement.rests_on
    worth = _worth(judgement, one)
    return ChannelFact(
        id=one.channel.value,
        probability_helps=one.helps,
        probability_harms=one.harms,
        elasticity=Interval.of_draws(one.slope() @ weight),
        change_percent=Interval.of_draws(one.change_percent(TEN_PERCENT_MORE, weight)),
        worth=Interval.around(float(worth.mean()), worth),
        grade=one.grade,
        left_out=None,
        doubt=one.doubt,
        moves=one.helps + one.harms > MOVES,
        counted=counted,
    )


def _worth(judgement: Judgement, one: ChannelPosterior) -> Draws:
    """Return the present value (n,) of what 10 % more spend does through one channel."""
    valuation = value_levels(
        economics(judgement.evidence.baseline, judgement.scenario, TEN_PERCENT_MORE), judgement.table
    )
    money, head, sums = valuation.money, valuation.headcount, judgement.table.sums_at(TEN_PERCENT_MORE)
    out = np.zeros(head.draws)
    if one.channel is Channel.JOINS:
        if sums.joined is not None:
            out[sums.joined.draws] = ((money.margin - money.support) * money.joins) @ sums.joined.months[0]
        return out
    draws, worth = channel_worth(money, head, sums, one.channel)
    if draws is not None:
        out[draws] = worth[0]
    return out


def _customers(judgement: Judgement) -> Draws:
    customers = np.array([segment.customers for segment in judgement.evidence.baseline.segments])
    return customers / max(float(customers.sum()), 1e-12)
