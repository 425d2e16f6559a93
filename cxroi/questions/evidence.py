"""What one version of the data says before any scenario, as a value."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cxroi.model.assumption import Assumption
from cxroi.model.company.baseline import Baseline
from cxroi.model.company.panel import Panel
from cxroi.model.decision.health import HealthCheck
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.future import Future, UpliftLever, retention_change
from cxroi.model.value.future import Path as SpendPath
from cxroi.model.value.projection import COARSE_LEVELS, LEVELS, ProjectionTable, tabulate
from cxroi.questions.cx_part import CxPart
from cxroi.questions.data import OpenVersion
from cxroi.questions.events import EventFact
from cxroi.questions.refits import Refits

if TYPE_CHECKING:
    from cxroi.store.panel.counts import Note
    from cxroi.store.panel.spend import CostAccount

_KEPT_TABLES = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What one version of the data says, before any scenario: the slow part, to be kept between scenarios."""

    panel: Panel
    baseline: Baseline
    posterior: ResponsePosterior
    future: Future
    health: tuple[HealthCheck, ...]
    register: Mapping[str, Assumption]
    observed_uplift_pp: float | None
    data_version: str
    illustrative: bool
    notes: tuple[Note, ...] = ()  # what a reader should know about the data
    account: CostAccount | None = None  # where the cost ledger went
    cx_part: CxPart | None = None  # which part of it counts, and who said so
    events: tuple[EventFact, ...] = ()  # what is named in the data beside spend
    channels_left_out: Mapping[Channel, str] = field(default_factory=dict)  # why they cannot be looked at
    refits: Refits | None = None  # None where it is not to be asked whether a call survives
    judgements: OrderedDict[Scenario, Any] = field(  # what `questions.judgement` has made of it
        default_factory=OrderedDict, init=False, repr=False
    )  # the few last kept
    cases: OrderedDict[Scenario, object] = field(
        default_factory=OrderedDict, init=False, repr=False
    )  # of the pages: they hold these data, and go with them
    plans: dict[Scenario, Any] = field(default_factory=dict, init=False, repr=False)  # of `questions.case`: the last
    sweeps: OrderedDict[tuple[Scenario, str], dict[float, Any]] = field(  # what `questions.sweep` has made of it
        default_factory=OrderedDict, init=False, repr=False
    )
    _paths: dict[int, dict[float, SpendPath]] = field(default_factory=dict, init=False, repr=False)
    _uplifts: dict[float, Interval] = field(default_factory=dict, init=False, repr=False)
    _levers: dict[tuple[float, int], UpliftLever] = field(default_factory=dict, init=False, repr=False)
    _tables: OrderedDict[tuple[float, int], ProjectionTable] = field(
        default_factory=OrderedDict, init=False, repr=False
    )

    @property
    def channels(self) -> tuple[ChannelPosterior, ...]:
        """Return what spend does beside churn, by channel that can be looked at."""
        return self.future.channels

    @cached_property
    def channels_in_doubt(self) -> tuple[Channel, ...]:
        """Return the channels that no verdict may rest on."""
        return tuple(one.channel for one in self.channels if one.doubt)

    def table(self, annual_discount_rate: float, horizon_months: int) -> ProjectionTable:
        """Return the projection over all levels, from the few last kept."""
        key = (annual_discount_rate, horizon_months)
        table = self._tables.get(key)
        if table is None:  # two threads may both work it out; either result is the same
            table = tabulate(self.future, annual_discount_rate, horizon_months, LEVELS)
            while len(self._tables) >= _KEPT_TABLES:
                self._tables.popitem(last=False)
            self._tables[key] = table
        return table

    def paths(self, horizon_months: int) -> dict[float, SpendPath]:
        """Return what each level behind a typed uplift does by month; of the last horizon asked for."""
        known = self._paths.get(horizon_months)
        if known is None:
            known = {at: self.future.path(at, horizon_months) for at in COARSE_LEVELS.tolist()}
            self._paths.clear()
            self._paths[horizon_months] = known
        return known

    def lever(self, level_percent: float, horizon_months: int) -> UpliftLever:
        """Return what an uplift may be typed with at a level; that of the last one asked for is kept."""
        known = self._levers.get((level_percent, horizon_months))
        if known is None:
            customers = np.array([segment.customers for segment in self.baseline.segments])
            known = UpliftLever(self.future, customers, level_percent, horizon_months)
            self._levers.clear()
            self._levers[level_percent, horizon_months] = known
        return known

    def uplift_pp(self, level_percent: float) -> Interval:
        """Return the change in annual retention at a level of spend, points."""
        known = self._uplifts.get(level_percent)
        if known is None:
            customers = np.array([segment.customers for segment in self.baseline.segments])
            known = Interval.of_draws(retention_change(self.future, customers, level_percent))
            self._uplifts[level_percent] = known
        return known

    @property
    def observed_percent(self) -> tuple[float, float]:
        """Return the lowest and highest level of spend in the data, as percent of today's."""
        return 100 * self.posterior.observed_low, 100 * self.posterior.observed_high


def default_scenario(data: Evidence | OpenVersion) -> Scenario:
    """Return the scenario in which the evidence decides everything it can, in the currency of the data."""
    return Scenario(currency=data.panel.currency)
