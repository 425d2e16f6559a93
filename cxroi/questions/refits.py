"""The same panel fitted again under a change, with few draws, and the calls that come of it: does a verdict survive?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.baseline import Baseline
from cxroi.model.company.panel import Panel
from cxroi.model.decision.robustness import Change
from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells, channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.likelihood import History
from cxroi.model.response.posterior import ResponsePosterior, fit_response
from cxroi.model.response.prior import Priors
from cxroi.model.value.future import Future
from cxroi.model.value.projection import COARSE_LEVELS, ProjectionTable, tabulate, tabulate_horizons
from cxroi.questions.pilot_evidence import fit_with_pilots

REFIT_DRAWS = 512  # of a fit
CALL_DRAWS = 256  # of them that a call is asked of: twice as many make another of one call in a hundred
_EVERY = slice(None, None, REFIT_DRAWS // CALL_DRAWS)
FIFTHS = 5
_MAY_MOVE = 0.2  # probability from which a channel is fitted again
_LEAST_SHARE = 0.1  # of customer-months: leaving out a smaller segment changes little


@dataclass(frozen=True, kw_only=True, eq=False)
class Variant:
    """A change, and the future under it: made from `draws` (m,) of the full one, which give it today's churn and what was not fitted
    again."""

    change: Change
    draws: NDArray[np.int64]
    future: Future


@dataclass(frozen=True, kw_only=True, eq=False)
class Refits:
    """What it takes to fit a panel again, and the fits that leave something out, worked out when first asked for."""

    panel: Panel
    pilots: tuple[PilotEvidence, ...]
    priors: Priors
    channel_priors: Mapping[Channel, Priors]
    seed: int
    baseline: Baseline
    future: Future  # of the full fit
    _tables: dict[tuple[float, int], ProjectionTable] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def draws(self) -> NDArray[np.int64]:
        """Return the draws of the full future that those of every other fit are paired with, evenly spaced, (CALL_DRAWS,)."""
        count = len(self.future.churn)
        return np.arange(CALL_DRAWS) * count // CALL_DRAWS

    @cached_property
    def months_left_out(self) -> tuple[Variant, ...]:
        """Return the fits without each contiguous fifth of the months."""
        history = self.future.response.history
        months = self.panel.months[self.panel.complete_months]
        fifths = np.array_split(np.arange(history.customers.shape[1]), FIFTHS)
        return tuple(
            self.fitted(
                Change(id="months", facts=(("first", str(months[0] + one[0])), ("last", str(months[0] + one[-1])))),
                partial(_without_months, slice(int(one[0]), int(one[-1]) + 1)),
            )
            for one in fifths
            if one.size
        )

    @cached_property
    def segments_left_out(self) -> tuple[Variant, ...]:
        """Return the fits without each segment that has a tenth of the customer-months or more."""
        return tuple(
            self.fitted(
                Change(id="segments", facts=(("segment", self.baseline.segments[s].segment),)),
                partial(_without_segment, s),
            )
            for s in _segments_to_leave_out(self.baseline)
        )

    @property
    def left_out(self) -> tuple[Variant, ...]:
        """Return every fit that leaves something out."""
        return (*self.months_left_out, *self.segments_left_out)

    def coarse_table(self, annual_discount_rate: float, horizon_months: int) -> ProjectionTable:
        """Return the projection of the full fit on as few draws and levels as those of the others."""
        return tabulate(self.future.take(self.draws), annual_discount_rate, horizon_months, COARSE_LEVELS)

    def table(self, annual_discount_rate: float, horizon_months: int) -> ProjectionTable:
        """Return the projection of every fit that leaves something out, one after another on the axis of draws; the last is kept."""
        key = (annual_discount_rate, horizon_months)
        if key not in self._tables:
            table = tabulate(together(self.future, self.left_out), *key, COARSE_LEVELS)
            self._tables.clear()
            self._tables[key] = table
        return self._tables[key]

    def tables(self, annual_discount_rate: float, horizons: Sequence[int]) -> dict[int, ProjectionTable]:
        """Return the same at each of some horizons, from one pass over the months."""
        return tabulate_horizons(together(self.future, self.left_out), annual_discount_rate, horizons, COARSE_LEVELS)

    def fitted(
        self,
        change: Change,
        changed: Callable[[History], History] | None = None,
        priors: Priors | None = None,
    ) -> Variant:
        """Return the future under a change: churn fitted again, and every channel that spend may move; the others keep their draws."""
        near = self.future.response
        response = fit_response(
            self.panel,
            pilots=self.pilots,
            priors=priors or self.priors,
            seed=self.seed,
            draws=REFIT_DRAWS,
            changed=changed,
            near=near,
        ).take(_EVERY)
        channels = tuple(
            self._channel(one, response) if changed else one.take(self.draws) for one in self.future.channels
        )
        return self.variant(change, response, channels)

    def variant(
        self, change: Change, response: ResponsePosterior, channels: tuple[ChannelPosterior, ...] | None = None
    ) -> Variant:
        """Return the future in which spend acts through another response, and other channels (None: those there are)."""
        start = self.future.take(self.draws)
        spends = np.array([one.cx_spend_per_month > 0 for one in self.baseline.segments])
        moved = start.channels if channels is None else channels
        return Variant(
            change=change,
            draws=self.draws,
            future=replace(
                start,
                response=response,
                strength=response.strength * spends,
                channels=tuple(replace(one, strength=one.strength * spends) for one in moved),
            ),
        )

    def _channel(self, one: ChannelPosterior, response: ResponsePosterior) -> ChannelPosterior:
        if one.helps + one.harms <= _MAY_MOVE:
            return one.take(self.draws)
        cells = channel_cells(one.channel, self.panel, response.history)
        if isinstance(cells, str):  # what is left of it cannot be looked at
            return one.take(self.draws)
        priors = self.channel_priors[one.channel]

        def fit(cells: ChannelCells, own: tuple[PilotEvidence, ...]) -> ChannelPosterior:
            return fit_channel(cells, priors, seed=self.seed, draws=REFIT_DRAWS, pilots=own, near=one).take(_EVERY)

        return fit_with_pilots(cells, fit, self.pilots)


def together(full: Future, variants: Sequence[Variant]) -> Future:
    """Return the futures of variants of a full one as one future, one after another on the axis of draws."""
    start = full.take(np.concatenate([one.draws for one in variants]))
    first, *others = (one.future for one in variants)
    return replace(
        start,
        response=first.response.joined([one.response for one in others]),
        strength=np.concatenate([one.future.strength for one in variants]),
        channels=tuple(own.joined([one.channels[place] for one in others]) for place, own in enumerate(first.channels)),
    )


def _without_months(months: slice, history: History) -> History:
    return history.without_months(months)


def _without_segment(segment: int, history: History) -> History:
    return history.without_segment(segment)


def _segments_to_leave_out(baseline: Baseline) -> list[int]:
    if len(baseline.segments) < 2:
        return []
    share = np.array([segment.customer_months for segment in baseline.segments]) / baseline.whole.customer_months
    return [int(s) for s in np.flatnonzero(share >= _LEAST_SHARE)]
