"""What stands behind the evidence: per channel the fitted curve beside its months, before and after the data, and whether the model would make them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxroi.model.assumption import Grade
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells, channel_cells
from cxroi.model.response.fitted import FittedResponse, fitted_response, months_of_channel, months_of_churn
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.response.predictive import PredictiveCheck, predictive_checks
from cxroi.model.response.prior import Priors, coordinates
from cxroi.model.response.sampling import prior_cloud
from cxroi.model.response.shape import Family
from cxroi.model.statistics.uncertainty import Draws, Interval
from cxroi.questions.channels import CHURN, TEN_PERCENT_MORE
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.gathering import evidence_of
from cxroi.questions.register import read_channel_priors


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What is believed of one channel: `moves` that spend does anything to it; what 10 % more spend does to the outcome in the long run, and what
    all of today's spend does against none, percent; the share carried over a month; each shape's probability in the order of `Family`."""

    moves: float
    ten_more: Interval
    in_all: Interval
    carryover: Interval
    shapes: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ShownChannel:
    """One channel that could be looked at. `falls`: its outcome falls where spend helps; `piloted`: a pilot speaks beside the months."""

    id: str
    grade: Grade
    falls: bool
    piloted: bool
    fitted: FittedResponse
    before: Belief
    after: Belief
    checks: tuple[PredictiveCheck, ...]


@dataclass(frozen=True, kw_only=True)
class ShownEvidence:
    """Every channel, churn first; `left_out` says of the others why they cannot be looked at (text ids by channel)."""

    channels: tuple[ShownChannel, ...]
    left_out: tuple[tuple[str, str], ...]


def ask_shown_evidence(data: OpenVersion) -> ShownEvidence:
    """Return what stands behind the evidence of a version, as it was worked out before or now."""
    return data.kept("shown_evidence", lambda: shown_evidence(evidence_of(data)))


def shown_evidence(evidence: Evidence) -> ShownEvidence:
    """Return what stands behind some evidence."""
    weight = np.array([one.customers for one in evidence.baseline.segments])
    fitted = [_churn(evidence.posterior, weight)]
    for one in evidence.channels:
        cells = channel_cells(one.channel, evidence.panel, evidence.posterior.history)
        if not isinstance(cells, str):
            fitted.append(_channel(one, cells, weight))
    left_out = tuple((name.value, why) for name, why in evidence.channels_left_out.items())
    return ShownEvidence(channels=tuple(fitted), left_out=left_out)


def _churn(posterior: ResponsePosterior, weight: Draws) -> ShownChannel:
    months = months_of_churn(posterior)
    prior = posterior if posterior.prior is None else posterior.prior
    return ShownChannel(
        id=CHURN,
        grade=posterior.grade,
        falls=True,
        piloted=posterior.grade in (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON),
        fitted=fitted_response(months, weight),
        before=_belief_of_churn(prior, weight),
        after=_belief_of_churn(posterior, weight),
        checks=predictive_checks(months),
    )


def _channel(posterior: ChannelPosterior, cells: ChannelCells, weight: Draws) -> ShownChannel:
    months = months_of_channel(posterior, cells)
    before = _before_any_data(posterior, cells, read_channel_priors()[posterior.channel])
    return ShownChannel(
        id=posterior.channel.value,
        grade=posterior.grade,
        falls=posterior.channel is Channel.SUPPORT,
        piloted=posterior.grade in (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON),
        fitted=fitted_response(months, weight),
        before=_belief(before, weight),
        after=_belief(posterior, weight),
        checks=predictive_checks(months),
    )


def _before_any_data(posterior: ChannelPosterior, cells: ChannelCells, priors: Priors) -> ChannelPosterior:
    """Return the channel as it is believed to be before any data."""
    count = posterior.family.size
    cloud, chosen = prior_cloud(cells.history, priors, count, seed=0)
    half, steep, carry, _, _ = coordinates(cloud.z[chosen], cloud.family[chosen], priors)
    nothing = np.zeros(count)
    return replace(
        posterior,
        family=cloud.family[chosen].astype(np.int64),
        half_saturation=half,
        steepness=steep,
        carryover_rate=carry,
        strength=cloud.strength[chosen],
        month_spread=nothing,
        drift_spread=nothing,
        drift_memory=nothing,
        start=None,
    )


def _belief(one: ChannelPosterior, weight: Draws) -> Belief:
    lost = one.change_percent(0.0, weight)
    return Belief(
        moves=float(one.moves.mean()),
        ten_more=Interval.of_draws(one.change_percent(TEN_PERCENT_MORE, weight)),
        in_all=Interval.of_draws(_against_none(lost)),
        carryover=Interval.of_draws(one.carryover_rate),
        shapes=_shapes(one.family),
    )


def _belief_of_churn(one: ResponsePosterior, weight: Draws) -> Belief:
    share = weight / max(float(weight.sum()), 1e-12)

    def change(level: float) -> Draws:
        return np.asarray(100 * np.expm1(-one.strength * one.final_gain(level)[:, None]) @ share)

    return Belief(
        moves=float((one.strength != 0).any(axis=1).mean()),
        ten_more=Interval.of_draws(change(TEN_PERCENT_MORE)),
        in_all=Interval.of_draws(_against_none(change(0.0))),
        carryover=Interval.of_draws(one.carryover_rate),
        shapes=_shapes(one.family),
    )


def _against_none(lost_percent: Draws) -> Draws:
    """Return what all of today's spend does against none, percent, from what its loss would do."""
    return np.asarray(100 * (1 / (1 + np.maximum(lost_percent, -99.9) / 100) - 1))


def _shapes(family: np.ndarray) -> tuple[float, ...]:
    return tuple(float((family == one).mean()) for one in Family)
