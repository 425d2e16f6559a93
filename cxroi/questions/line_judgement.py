"""The verdict on one line's spend, the others held: which channels it counts, and which it may not rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxroi.model.assumption import Grade
from cxroi.model.decision.health import HealthCheck, Status, first_failed, line_checks
from cxroi.model.decision.verdict import Call, PilotProposal, Verdict, call_of, judge
from cxroi.model.response.channel import MOVES, Channel, ChannelPosterior
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.economics import Economics
from cxroi.model.value.future import Future
from cxroi.model.value.line_value import value_line
from cxroi.model.value.projection import ProjectionTable
from cxroi.model.value.valuation import Valuation
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import answered, objective, resting_check, resting_on
from cxroi.questions.line_evidence import LineEvidence
from cxroi.questions.pilot_search import find_pilot
from cxroi.questions.register import read_certainty

_OF_PILOTS = (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON)
_INHERITED = (
    "history",
    "panel_adds_up",
    "margin_is_revenue",
    "spend_is_shared",
)  # checks of the data behind every line


@dataclass(frozen=True, kw_only=True)
class LineChannel:
    """One channel beside churn in which a line was looked at: how likely it helps or harms, and whether the figures count it."""

    channel: Channel
    probability_helps: float
    probability_harms: float
    grade: Grade
    doubt: str | None
    counted: bool

    @property
    def moves(self) -> bool:
        """Return whether the line is said to move it."""
        return self.probability_helps + self.probability_harms > MOVES


@dataclass(frozen=True, kw_only=True, eq=False)
class LineJudgement:
    """One line under a scenario without its plan, whose money side is `money`; every part is worked out when first asked for."""

    evidence: Evidence
    lines: LineEvidence
    name: str
    money: Economics
    table: ProjectionTable

    @property
    def spend(self) -> Draws:
        """Return the line's spend per customer-month, (S,)."""
        return self.lines.spend_per_customer(self.name)

    def valuation(self, without: frozenset[Channel] = frozenset()) -> Valuation:
        """Return what every level of the line's spend is worth, some channels not counted."""
        money = replace(self.money, without=self.money.without | without)
        return value_line(money, self.table, self.spend)

    @cached_property
    def doubted(self) -> tuple[Channel, ...]:
        """Return the channels that no verdict may rest on: in doubt for the line, or for the whole."""
        whole = self.evidence.channels_in_doubt
        return tuple(one.channel for one in self._channels if one.doubt or one.channel in whole)

    @cached_property
    def rests_on(self) -> tuple[Channel, ...]:
        """Return the channels in doubt without which the call would be another one."""
        return resting_on(self.doubted, lambda without: self._judged(self.valuation(without), None).call)

    @cached_property
    def counted(self) -> Valuation:
        """Return what every level is worth, without the channels that the call would rest on though they are in doubt."""
        return self.valuation(frozenset(self.rests_on))

    @property
    def future(self) -> Future:
        """Return the line's future with the channels that count."""
        future = self.lines.futures[self.name]
        return replace(future, channels=tuple(one for one in self._channels if one.channel not in self.rests_on))

    @property
    def _channels(self) -> tuple[ChannelPosterior, ...]:
        return self.lines.futures[self.name].channels

    @cached_property
    def channels(self) -> tuple[LineChannel, ...]:
        """Return what the line does beside churn, channel by channel."""
        whole = {one.channel: one.doubt for one in self.evidence.channels}
        return tuple(
            LineChannel(
                channel=one.channel,
                probability_helps=one.helps,
                probability_harms=one.harms,
                grade=one.grade,
                doubt=one.doubt or whole.get(one.channel),
                counted=one.channel not in self.rests_on and one.channel not in self.money.without,
            )
            for one in self._channels
        )

    @cached_property
    def health(self) -> tuple[HealthCheck, ...]:
        """Return the checks of the line's data and of its call."""
        return (*self._of_data, *(resting_check(one) for one in self.rests_on))

    @cached_property
    def _of_data(self) -> tuple[HealthCheck, ...]:
        of_churn = self.valuation(frozenset(Channel))
        here = int(np.flatnonzero(of_churn.level_percent == 100)[0])
        marginal = (of_churn.whole.benefit - of_churn.whole.cost)[here + 1]
        return answered(checks_of(self.evidence, self.lines, self.name, marginal), self.money.scenario)

    @cached_property
    def verdict(self) -> Verdict:
        """Return the verdict, with a pilot to close it where it is open."""
        verdict = self._judged(self.counted, first_failed(self.health))
        if verdict.call is not Call.NOT_ENOUGH_EVIDENCE:
            return verdict
        return replace(verdict, find_pilot=partial(_pilot, self.evidence, self.lines, self.name, self.money))

    def pilot(self) -> PilotProposal | None:
        """Return the pilot that teaches most for its cost about the line, whose spend it moves."""
        value, facts = objective(self.money.scenario, self.counted.whole), self._facts(self.counted)

        def call(draws: NDArray[np.int64], measured: tuple[str, ...]) -> Call:
            return call_of(value=value[:, draws], **facts)

        names = tuple(one.segment for one in self.lines.responses[self.name].baseline.segments)
        return find_pilot(self.counted, names, None, value, call)

    def _facts(self, value: Valuation) -> dict[str, Any]:
        spent = float((self.spend * value.today_months.mean(axis=1)).sum())
        return {
            "level_percent": value.level_percent,
            "materiality": self.money.scenario.materiality_rate * spent,
        }

    def _judged(self, value: Valuation, failed: str | None) -> Verdict:
        posterior = self.lines.responses[self.name].posterior
        learned = not any(one.check == "spend_variation" and one.status is Status.FAIL for one in self._of_data)
        return judge(
            value=objective(self.money.scenario, value.whole),
            today_spend=self.lines.today_spend[self.name],
            observed_percent=(100 * posterior.observed_low, 100 * posterior.observed_high),
            failed_check=failed,
            grade=posterior.grade if learned else Grade.TYPED_IN,
            certainty=read_certainty(),
            **self._facts(value),
        )


def _pilot(evidence: Evidence, lines: LineEvidence, name: str, money: Economics) -> PilotProposal | None:
    """Return the pilot of a line; a verdict that waits for it holds the question and not the draws."""
    prices = (money.scenario.annual_discount_rate, money.scenario.horizon_months)
    table = lines.tables(*prices)[name]
    return LineJudgement(evidence=evidence, lines=lines, name=name, money=money, table=table).pilot()


def checks_of(evidence: Evidence, lines: LineEvidence, name: str, marginal: Draws) -> tuple[HealthCheck, ...]:
    """Return the checks of a line's data; `marginal` (n,) is what the next unit of its spend is worth through churn."""
    response = lines.responses[name]
    customers = np.array([segment.customers for segment in evidence.baseline.segments])
    own = line_checks(
        response.posterior,
        marginal=marginal,
        weight=customers / max(customers.sum(), 1e-12),
        moves_alone=1.0
        if response.posterior.grade in _OF_PILOTS
        else response.moves_alone,  # a pilot has told it apart
    )
    looked_at = {one.channel for one in lines.futures[name].channels}
    unseen = sum(one.helps + one.harms > MOVES and one.channel not in looked_at for one in evidence.channels)
    blind = HealthCheck(
        check="line_channels",
        status=Status.FAIL if unseen else Status.PASS,
        measure=float(unseen),
        threshold=0.0,
    )
    return (*(check for check in evidence.health if check.check in _INHERITED), *own, blind)
