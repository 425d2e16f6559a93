"""The response: what spend does to churn, as draws of curves that history and pilots leave standing.

Churn is h(r) = h_today exp(-[U(r) - U(1)]) with U(r) = b g(r): see `cxroi.model.response.shape` for g and `cxroi.model.response.likelihood` for the likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.assumption import Grade
from cxroi.model.company.baseline import measure_baseline, trailing_window
from cxroi.model.company.panel import Panel
from cxroi.model.pilots.pilot import PilotEvidence, PilotOutcome
from cxroi.model.response.curves import Curves
from cxroi.model.response.event_size import EventSize
from cxroi.model.response.level_shift import LevelShift
from cxroi.model.response.likelihood import History, Meanwhile, history_of
from cxroi.model.response.prior import Priors, coordinates
from cxroi.model.response.sampling import Cloud, Proposal, Sampler, Start, prior_cloud
from cxroi.model.response.shape import Family, gain
from cxroi.model.statistics.uncertainty import Draws, effective_sample_size, resample


@dataclass(frozen=True, kw_only=True)
class ResponseCurve:
    """One response curve: `shape` is "exponential", "hill" or "power"; `strength` is what today's spend buys.

    "threshold" is the fourth shape; its strength is what the whole step buys.
    """

    shape: str
    strength: float
    half_saturation: float = 1.0
    steepness: float = 1.0
    carryover_rate: float = 0.0

    def log_hazard_gain(self, spend_ratio: ArrayLike) -> NDArray[np.float64]:
        """Return U(r) = b g(r), the log hazard that spend r (today = 1) takes off churn; U(0) = 0, U(1) = b.

        >>> ResponseCurve(shape="exponential", strength=0.3).log_hazard_gain([0, 1]).tolist()
        [0.0, 0.3]
        """
        return self.strength * gain(Family[self.shape.upper()], spend_ratio, self.half_saturation, self.steepness)


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponsePosterior(Curves):
    """Equally likely response curves: shapes (n_draws,), strengths (n_draws, n_segments), with how they were learned."""

    segments: tuple[str, ...]
    effective_sample_size: float
    dispersion: float
    observed_low: float  # lowest and highest monthly spend per customer, as a ratio of today's, over all segments
    observed_high: float
    history_months: int
    grade: Grade
    history: History
    prior: ResponsePosterior | None = field(default=None, repr=False)
    shifts: tuple[LevelShift, ...] = ()  # where churn moved for good beside what spend explains
    events: tuple[EventSize, ...] = ()  # what each named event did to churn
    proposal: Proposal | None = field(default=None, repr=False)  # what the last round of the fit drew from

    def expected_gain(self) -> Draws:
        """Return the expected log-hazard gain U(r_st) of each cell of the history, (n_segments, n_months)."""
        return self.expected_gain_of(self.history.spend_ratio)

    @cached_property
    def start(self) -> Start:
        """Return where fits of nearly the same data may begin."""
        noise = np.unique(np.stack([self.month_spread, self.drift_spread, self.drift_memory], axis=1), axis=0)
        settings = frozenset(tuple(map(float, one)) for one in noise)
        return Start(self.expected_gain(), settings, self.shifts, self.proposal)

    def curve(self, draw: int, segment: str) -> ResponseCurve:
        """Return one draw of one segment's curve."""
        return ResponseCurve(
            shape=Family(int(self.family[draw])).name.lower(),
            strength=float(self.strength[draw, self.segments.index(segment)]),
            half_saturation=float(self.half_saturation[draw]),
            steepness=float(self.steepness[draw]),
            carryover_rate=float(self.carryover_rate[draw]),
        )

    def take(self, draws: NDArray[np.int64] | slice) -> Self:
        """Return the posterior made of some of the draws only."""
        return replace(super().take(draws), prior=None)


def fit_response(
    panel: Panel,
    *,
    pilots: tuple[PilotEvidence, ...] = (),
    priors: Priors | None = None,
    seed: int = 0,
    draws: int = 2048,
    changed: Callable[[History], History] | None = None,
    near: ResponsePosterior | None = None,
    meanwhile: Meanwhile | None = None,
) -> ResponsePosterior:
    """Return the posterior of the response given the panel's history and any pilots.

    The drawing is described in `cxroi.model.response.sampling`. Rounds of `draws` (the first of twice as many) follow until the
    effective sample size passes 400 with room to spare. `changed` makes another history of the panel's, such as one that leaves
    a segment out, and no prior is drawn beside it; `near` is a posterior of nearly the same data, which spares the search for where to
    expand the likelihood; `meanwhile` as in `History`. Pilots of other outcomes than churn say nothing here.
    """
    priors = priors or Priors()
    pilots = tuple(pilot for pilot in pilots if pilot.outcome is PilotOutcome.CHURN)
    baseline = measure_baseline(panel)
    segments = tuple(s.segment for s in baseline.segments)
    history = history_of(panel, segments, trailing_window(panel))
    history = replace(history if changed is None else changed(history), meanwhile=meanwhile)
    sampler = Sampler(history, pilots, priors, seed, draws, None if near is None else near.start)
    cloud, log_weight = sampler.run()
    chosen = resample(log_weight, draws, seed)
    chosen = np.random.default_rng(seed).permutation(chosen)
    prior = None if changed else _as_posterior(*prior_cloud(history, priors, draws, seed), history, priors)
    settings = sampler.settings
    return _as_posterior(
        cloud,
        chosen,
        history,
        priors,
        month_spread=np.array([s.month_spread for s in settings])[cloud.noise[chosen]],
        drift_spread=np.array([s.drift_spread for s in settings])[cloud.noise[chosen]],
        drift_memory=np.array([s.drift_memory for s in settings])[cloud.noise[chosen]],
        effective_sample_size=effective_sample_size(log_weight),
        dispersion=sampler.expansion.dispersion,
        shifts=sampler.shifts,
        events=sampler.event_sizes(cloud, chosen, sign=1.0),
        proposal=sampler.last,
        grade=min([pilot.grade for pilot in pilots], default=_history_grade(history)),
        prior=prior,
    )


def _history_grade(history: History) -> Grade:
    """C needs segments to compare within a month; one segment is before against after, no better than a survey linkage."""
    return Grade.OWN_HISTORY if len(history.segments) > 1 else Grade.SURVEY_LINKAGE


def _as_posterior(
    cloud: Cloud, chosen: NDArray[np.int64], history: History, priors: Priors, **facts: object
) -> ResponsePosterior:
    half, steep, carry, _, _ = coordinates(cloud.z[chosen], cloud.family[chosen], priors)
    ratio = history.spend_ratio[history.seen & (history.today_spend > 0)[:, None]]
    defaults: dict[str, object] = {
        "month_spread": np.zeros(chosen.size),
        "drift_spread": np.zeros(chosen.size),
        "drift_memory": np.zeros(chosen.size),
        "effective_sample_size": float(chosen.size),
        "dispersion": 1.0,
        "grade": Grade.TYPED_IN,
    }
    return ResponsePosterior(
        segments=history.segments,
        family=cloud.family[chosen].astype(np.int64),
        half_saturation=half,
        steepness=steep,
        carryover_rate=carry,
        strength=cloud.strength[chosen],
        observed_low=float(ratio.min()) if ratio.size else 1.0,
        observed_high=float(ratio.max()) if ratio.size else 1.0,
        history_months=int(history.seen.any(axis=0).sum()),
        history=history,
        **{**defaults, **facts},  # type: ignore[arg-type]
    )
