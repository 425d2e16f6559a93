"""The verdict on today's spend: from the evidence under a company's prices, horizon and hurdle; nothing that comes with a plan moves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from cxroi.business_case.register import read_certainty
from cxroi.model.channel import Channel
from cxroi.model.economics import Economics, economics
from cxroi.model.health import first_failed
from cxroi.model.projection import ProjectionTable
from cxroi.model.proposal import propose_pilot
from cxroi.model.scenario import Scenario
from cxroi.model.uncertainty import Draws
from cxroi.model.valuation import Valuation, Worth, value_levels
from cxroi.model.verdict import Call, PilotProposal, Verdict, judge

if TYPE_CHECKING:
    from cxroi.business_case.evidence import Evidence


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgement:
    """What the evidence says about today's spend under a scenario without its plan; every part is worked out when first asked for."""

    evidence: Evidence
    scenario: Scenario  # without its plan
    table: ProjectionTable

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

    def verdict_on(self, segment: int | None) -> Verdict:
        """Return the verdict on one segment, its spend moved alone, or on the whole (None)."""
        return self.verdict if segment is None else self._judged(segment)

    def money(self, plan_percent: float = 100.0) -> Economics:
        """Return the money side; what the verdict rests on but is in doubt is not counted."""
        return economics(self.evidence.baseline, self.scenario, plan_percent, frozenset(self.rests_on))

    def _rests_on(self, segment: int | None) -> tuple[Channel, ...]:
        return resting_on(self.evidence.channels_in_doubt, lambda without: self._called(segment, without).call)

    def _called(self, segment: int | None, without: frozenset[Channel], failed: str | None = None) -> Verdict:
        valuation, rows = self.valuation(without), rows_of(segment)
        spends = [one.cx_spend_per_month for one in self.evidence.baseline.segments][rows]
        spent = float((valuation.money.spend[rows] * valuation.today_months[rows].mean(axis=1)).sum())
        return judge(
            level_percent=valuation.level_percent,
            value=objective(self.scenario, valuation.of(segment)),
            today_spend=float(sum(spends)),
            materiality=self.scenario.materiality_rate * spent,
            grade=self.evidence.posterior.grade,
            observed_percent=self.evidence.observed_percent,
            certainty=read_certainty(),
            failed_check=failed,
        )

    def bare_verdict(self, segment: int | None) -> Verdict:
        """Return the verdict without a pilot to close it."""
        rests_on = self.rests_on if segment is None else self._rests_on(segment)
        failed = first_failed(self.evidence.health)
        if failed is None and rests_on:
            failed = f"rests_on_{rests_on[0].value}"
        return self._called(segment, frozenset(rests_on), failed)

    def _judged(self, segment: int | None) -> Verdict:
        verdict = self.bare_verdict(segment)
        if verdict.call is not Call.NOT_ENOUGH_EVIDENCE:
            return verdict
        without = frozenset(self.rests_on if segment is None else self._rests_on(segment))
        return replace(verdict, pilot=self._pilot(rows_of(segment), without))

    def _pilot(self, rows: slice, without: frozenset[Channel]) -> PilotProposal | None:
        segments, valuation = self.evidence.baseline.segments[rows], self.valuation(without)
        first = rows.start or 0
        values = [objective(self.scenario, valuation.of(first + s)) for s in range(len(segments))]
        return propose_pilot(self.table.future, valuation.level_percent, values, segments, first)


def judgement_of(evidence: Evidence, scenario: Scenario) -> Judgement:
    """Return the judgement under a scenario's prices, horizon and hurdle; the last few are kept with the evidence."""
    bare = scenario.without_plan
    kept = evidence.judgements
    if bare not in kept:
        while len(kept) >= _KEPT:
            kept.popitem(last=False)
        kept[bare] = Judgement(
            evidence=evidence, scenario=bare, table=evidence.table(bare.annual_discount_rate, bare.horizon_months)
        )
    return kept[bare]


_KEPT = 4
