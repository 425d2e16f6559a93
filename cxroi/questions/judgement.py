"""The verdict on today's spend: from the evidence under a company's prices, horizon and hurdle; nothing that comes with a plan moves it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxroi.model.decision.health import HealthCheck, Status, failure, first_failed
from cxroi.model.decision.robustness import SurvivalCheck, survival_check
from cxroi.model.decision.verdict import Call, DecisionRule, PilotProposal, Verdict, call_of, called_again, judge
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws, Interval
from cxroi.model.value.appraisal import return_on_next_unit
from cxroi.model.value.economics import Economics, economics
from cxroi.model.value.projection import ProjectionTable
from cxroi.model.value.valuation import Valuation, Worth, value_levels
from cxroi.questions.evidence import Evidence
from cxroi.questions.pilot_search import find_pilot
from cxroi.questions.refits import CALL_DRAWS
from cxroi.questions.register import read_certainty


def objective(scenario: Scenario, worth: Worth) -> Draws:
    """Return what the best level maximises, (L, n): benefit less (1 + hurdle) times cost, in present value."""
    return worth.benefit - (1 + scenario.hurdle_net_return) * worth.cost


def rows_of(segment: int | None) -> slice:
    """Return the place of a segment among the draws' segments, of all of them for the whole (None)."""
    return slice(None) if segment is None else slice(segment, segment + 1)


def resting_on(doubted: tuple[Channel, ...], call_without: Callable[[frozenset[Channel]], Call]) -> tuple[Channel, ...]:
    """Return the channels in doubt without which the call would be another one, each by itself or, failing that, all together."""
    if not doubted:
        return ()
    as_it_is = call_without(frozenset())
    each = tuple(one for one in doubted if call_without(frozenset({one})) is not as_it_is)
    together = each or call_without(frozenset(doubted)) is as_it_is
    return each if together else doubted


def resting_check(channel: Channel) -> HealthCheck:
    """Return the failed check that a call which rests on a channel in doubt is capped by."""
    return HealthCheck(check=f"rests_on_{channel.value}", status=Status.FAIL, measure=None, threshold=None)


def answered(checks: tuple[HealthCheck, ...], scenario: Scenario) -> tuple[HealthCheck, ...]:
    """Return the checks of the evidence as they stand under a scenario: a margin that is given answers the one that asks for it."""
    known = scenario.contribution_margin_rate is not None
    return tuple(
        replace(one, status=Status.PASS)
        if known and one.check == "margin_is_revenue" and one.status is Status.REVIEW
        else one
        for one in checks
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgement:
    """What the evidence says about today's spend under a scenario without its plan; every part is worked out when first asked for."""

    evidence: Evidence
    scenario: Scenario  # without its plan
    table: ProjectionTable
    left_out: Callable[[], ProjectionTable] | None = (
        None  # of the fits that leave something out; None: the evidence's own
    )

    def valuation(self, without: frozenset[Channel] = frozenset()) -> Valuation:
        """Return what every level of spend is worth against today, some channels not counted."""
        return value_levels(economics(self.evidence.baseline, self.scenario, 100.0, without), self.table)

    @cached_property
    def rests_on(self) -> tuple[Channel, ...]:
        """Return the channels in doubt without which the call on the whole would be another one."""
        return self._rests_on(None)

    @cached_property
    def verdict(self) -> Verdict:
        """Return the verdict on the whole."""
        return self._judged(None)

    @cached_property
    def survival(self) -> tuple[SurvivalCheck, ...]:
        """Return whether the call on the whole survives leaving out any fifth of the months, and any segment: what no verdict may fail."""
        refits, call = self.evidence.refits, self.standing.call
        if refits is None or call is Call.NOT_ENOUGH_EVIDENCE:
            return tuple(SurvivalCheck(check=name, binding=True) for name in ("months", "segments"))
        kinds = {"months": refits.months_left_out, "segments": refits.segments_left_out}
        prices = (self.scenario.annual_discount_rate, self.scenario.horizon_months)
        made = iter(self.called_on(self.left_out() if self.left_out else refits.table(*prices)))
        return tuple(
            survival_check(name, call, [one.change for one in variants], [next(made) for _ in variants], binding=True)
            for name, variants in kinds.items()
        )

    @property
    def health(self) -> tuple[HealthCheck, ...]:
        """Return the checks of the evidence, whether the call stands without what is in doubt, and whether it survives."""
        asked = (one.health for one in self.survival)
        return (
            *answered(self.evidence.health, self.scenario),
            *(resting_check(one) for one in self.rests_on),
            *(one for one in asked if one is not None),
        )

    def called_on(self, table: ProjectionTable) -> tuple[tuple[Call, Mapping[Call, float]], ...]:
        """Return the calls on the whole that the fits with few draws make, which stand one after another in a table, with how
        likely each side is."""
        without = frozenset(self.rests_on)
        value = objective(self.scenario, value_levels(self.money(), table).whole)
        facts = {
            **self._facts(None, self.valuation(without)),
            "level_percent": table.level_percent,
            "rule": DecisionRule().when_changed,
        }
        return tuple(called_again(value=one, **facts) for one in np.split(value, value.shape[1] // CALL_DRAWS, axis=1))

    def verdict_on(self, segment: int | None) -> Verdict:
        """Return the verdict on one segment, its spend moved alone, or on the whole (None)."""
        return self.verdict if segment is None else self._judged(segment)

    def return_on_next_unit(self, segment: int | None) -> Interval | None:
        """Return the net return on the next unit of spend at today's level, whatever a plan comes with; the whole's is kept."""
        if segment is None:
            return self._return_of_whole
        valuation = self.valuation(frozenset(self.rests_on))
        return return_on_next_unit(valuation.of(segment), valuation.today)

    @cached_property
    def _return_of_whole(self) -> Interval | None:
        valuation = self.valuation(frozenset(self.rests_on))
        return return_on_next_unit(valuation.whole, valuation.today)

    def money(self, plan_percent: float = 100.0) -> Economics:
        """Return the money side; what the verdict rests on but is in doubt is not counted."""
        return economics(self.evidence.baseline, self.scenario, plan_percent, frozenset(self.rests_on))

    def _rests_on(self, segment: int | None) -> tuple[Channel, ...]:
        return resting_on(self.evidence.channels_in_doubt, lambda without: self._called(segment, without).call)

    def _called(self, segment: int | None, without: frozenset[Channel], failed: str | None = None) -> Verdict:
        valuation = self.valuation(without)
        spends = [one.cx_spend_per_month for one in self.evidence.baseline.segments][rows_of(segment)]
        return judge(
            value=objective(self.scenario, valuation.of(segment)),
            today_spend=float(sum(spends)),
            observed_percent=self.evidence.observed_percent,
            failed_check=failed,
            grade=self.evidence.posterior.grade,
            certainty=read_certainty(),
            **self._facts(segment, valuation),
        )

    @cached_property
    def standing(self) -> Verdict:
        """Return the verdict on the whole before it is asked whether it survives."""
        return self._standing(None)

    def _standing(self, segment: int | None) -> Verdict:
        rests_on = self.rests_on if segment is None else self._rests_on(segment)
        failed = first_failed(self.evidence.health)
        if failed is None and rests_on:
            failed = resting_check(rests_on[0]).check
        return self._called(segment, frozenset(rests_on), failed)

    def bare_verdict(self, segment: int | None) -> Verdict:
        """Return the verdict without a pilot to close it."""
        verdict = self.standing if segment is None else self._standing(segment)
        failed = None if verdict.call is Call.NOT_ENOUGH_EVIDENCE else failure(self.health)
        if failed is None:
            return verdict
        without = frozenset(self.rests_on if segment is None else self._rests_on(segment))
        return replace(self._called(segment, without, failed.check), reason_facts=failed.facts)

    def _judged(self, segment: int | None) -> Verdict:
        verdict = self.bare_verdict(segment)
        if verdict.call is not Call.NOT_ENOUGH_EVIDENCE:
            return verdict
        return replace(verdict, find_pilot=partial(_pilot, self.evidence, self.scenario, segment))

    def pilot(self, segment: int | None) -> PilotProposal | None:
        """Return the pilot that teaches most for its cost, for the verdict on one segment or on the whole (None).

        What is in doubt is counted: a pilot on it has its worth from clearing the doubt.
        """
        valuation, doubted = self.valuation(), self.evidence.channels_in_doubt
        value = objective(self.scenario, valuation.of(segment))
        without = {one: objective(self.scenario, self.valuation(frozenset({one})).of(segment)) for one in doubted}
        facts = self._facts(segment, valuation)

        def call(draws: NDArray[np.int64], measured: tuple[str, ...]) -> Call:
            found = call_of(value=value[:, draws], **facts)
            in_doubt = (other[:, draws] for one, other in without.items() if one.value not in measured)
            same = all(call_of(value=other, **facts) is found for other in in_doubt)
            return found if same else Call.NOT_ENOUGH_EVIDENCE

        names = tuple(one.segment for one in self.evidence.baseline.segments)
        return find_pilot(valuation, names, segment, value, call)

    def _facts(self, segment: int | None, valuation: Valuation) -> dict[str, Any]:
        rows = rows_of(segment)
        spent = float((valuation.money.spend[rows] * valuation.today_months[rows].mean(axis=1)).sum())
        return {
            "level_percent": valuation.level_percent,
            "materiality": self.scenario.materiality_rate * spent,
        }


def _pilot(evidence: Evidence, scenario: Scenario, segment: int | None) -> PilotProposal | None:
    """Return the pilot of a judgement; a verdict that waits for it holds the question and not the draws."""
    return judgement_of(evidence, scenario).pilot(segment)


def judgement_of(evidence: Evidence, scenario: Scenario) -> Judgement:
    """Return the judgement under a scenario's prices, horizon and hurdle; the last few are kept with the evidence."""
    bare = scenario.without_plan
    kept: OrderedDict[Scenario, Judgement] = evidence.judgements
    found = kept.get(bare)
    if found is None:
        table = evidence.table(bare.annual_discount_rate, bare.horizon_months)
        found = Judgement(evidence=evidence, scenario=bare, table=table)
        while len(kept) >= _KEPT:
            kept.popitem(last=False)
        kept[bare] = found
    return found


_KEPT = 4
