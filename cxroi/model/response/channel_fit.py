"""What a company's own months say about spend and a channel: the likelihood of churn with a normal error in place of Poisson chance.

k log y_st = alpha_s + beta_s t + gamma_t + season + u_st + e_st - b_s g(r_st), k = +1 where a fall is good and -1 where a rise is. The error
e_st ~ N(0, w^2 / n_st), n_st the cell's size relative to the mean; its spread w is unknown and drawn with the other spreads. Each channel has
a shape and a carryover of its own. Given these the likelihood is quadratic in the strengths exactly: nothing is expanded.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from cxroi.model.assumption import Grade
from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.budget_rule import SameMonth, same_month_answer, share_as_spend
from cxroi.model.response.channel import MOVES, Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells
from cxroi.model.response.feedback import answer_of_spend, feedback_of
from cxroi.model.response.lead import lead_score
from cxroi.model.response.level_shift import plain_gain
from cxroi.model.response.likelihood import Expansion, Noise, Spreads, TakenOut, settings_within
from cxroi.model.response.prior import Priors, coordinates
from cxroi.model.response.sampling import Sampler, Start
from cxroi.model.statistics.uncertainty import Draws, effective_sample_size, resample

CHANNEL_SPREADS = Spreads(months=(0.005, 0.02, 0.05, 0.12, 0.3), drift=(0.0, 0.015, 0.05, 0.15), memory=(0.6, 0.95))
CELL_SPREADS = (0.003, 0.01, 0.03, 0.1, 0.3)
_NEVER = 1e-6  # weight of a cell that was not observed


class ChannelSampler(Sampler):
    """The sampler of churn with other cells; their likelihood needs no reference to be expanded at."""

    most_a_round = 1024  # more rounds, each from where the last one was likely, find as much from fewer draws

    def __init__(
        self,
        cells: ChannelCells,
        priors: Priors,
        seed: int,
        draws: int,
        pilots: tuple[PilotEvidence, ...] = (),
        near: ChannelPosterior | None = None,
    ) -> None:
        self.draws, self.seed = min(draws, self.most_a_round), seed
        self.history, self.pilots, self.priors = cells.history, pilots, priors
        self.start = None if near is None else near.start
        self.expansion = Expansion(cells.response, cells.size, 1.0)
        among, shifts = (None, None) if self.start is None else (self.start.noise, self.start.shifts)
        self._set_noise(partial(channel_settings, cells, among=among), shifts)
        self.feedback = None
        kept = self._within_reach()
        self.settings, self.log_noise = [self.settings[i] for i in kept.tolist()], self.log_noise[kept]
        self.feedback = feedback_of(self.history, self.settings, answer_of_spend(self.history, self.expansion))

    def _approach(self) -> None:
        """Nothing to approach: the likelihood is normal as it stands."""


def channel_settings(
    cells: ChannelCells, taken: TakenOut | None = None, among: frozenset[tuple[float, ...]] | None = None
) -> list[Noise]:
    """Return every setting of the spreads of a channel's nuisances, that of its cells included; `taken` is what level shifts and
    named events are taken out by, `among` keeps to some settings (cell spread, month spread, drift spread, drift memory)."""
    steps = None if taken is None else taken.own
    known = sum((one for one in (steps, cells.known) if one is not None), np.zeros(1))
    return [
        replace(one, cell_spread=spread)
        for spread in CELL_SPREADS
        for one in settings_within(
            CHANNEL_SPREADS,
            Expansion(cells.response, np.maximum(cells.size / spread**2, _NEVER), 1.0),
            known,
            None if among is None else frozenset(one[1:] for one in among if one[0] == spread),
            None if taken is None else taken.shared,
        )
    ]


def fit_channel(
    cells: ChannelCells,
    priors: Priors,
    *,
    seed: int = 0,
    draws: int = 2048,
    pilots: tuple[PilotEvidence, ...] = (),
    follows: bool | None = None,
    near: ChannelPosterior | None = None,
) -> ChannelPosterior:
    """Return the posterior of one channel under what is believed of it; of `pilots` those count that measured it.

    `follows` says that the budget is a share of revenue where that is known from elsewhere (None: these months tell); `near` is a
    posterior of nearly the same cells, which spares most noise settings. Draws are in a random order of their own, so that they pair
    with those of other channels by chance alone.
    """
    pilots = tuple(pilot for pilot in pilots if pilot.outcome.value == cells.channel.value)
    order = list(Channel).index(cells.channel) + 1
    own = cells.history
    answer = same_month_answer(cells.response, own.spend_ratio, own.seen, own.events)
    corrected = _is_corrected(cells, answer, follows)
    cells = cells_as_fitted(cells, answer, follows)
    sampler = ChannelSampler(cells, priors, seed, draws, pilots, near)
    cloud, log_weight = sampler.run()
    chosen = resample(log_weight, draws, seed + order)
    chosen = np.random.default_rng([seed, order]).permutation(chosen)
    half, steep, carry, _, _ = coordinates(cloud.z[chosen], cloud.family[chosen], priors)
    noise = [sampler.settings[i] for i in cloud.noise[chosen].tolist()]
    found = ChannelPosterior(
        channel=cells.channel,
        family=cloud.family[chosen].astype(np.int64),
        half_saturation=half,
        steepness=steep,
        carryover_rate=carry,
        strength=cloud.strength[chosen],
        month_spread=np.array([one.month_spread for one in noise]),
        drift_spread=np.array([one.drift_spread for one in noise]),
        drift_memory=np.array([one.drift_memory for one in noise]),
        grade=min([pilot.grade for pilot in pilots], default=_history_grade(cells, corrected)),
        effective_sample_size=effective_sample_size(log_weight),
        lead=None,
        same_month=answer,
        shifts=sampler.shifts,
        events=sampler.event_sizes(cloud, chosen, sign=1.0 if cells.channel is Channel.SUPPORT else -1.0),
        piloted=any(pilot.grade is Grade.RANDOMISED_PILOT for pilot in pilots),
        acquisition_known=cells.acquisition_known,
        start=Start(
            np.zeros(0),
            frozenset((one.cell_spread, one.month_spread, one.drift_spread, one.drift_memory) for one in noise),
            sampler.shifts,
            sampler.last,
        ),
    )
    likeliest = sampler.settings[int(np.bincount(cloud.noise[chosen]).argmax())]
    return replace(found, lead=_lead(found, likeliest, cells.history.spend_ratio))


def cells_as_fitted(cells: ChannelCells, answer: SameMonth, follows: bool | None = None) -> ChannelCells:
    """Return the cells as they are fitted: where the budget is a share of its month's revenue that share stands in place of spend."""
    if not _is_corrected(cells, answer, follows):
        return cells
    share = share_as_spend(cells.response, cells.history.spend_ratio, max(answer.elasticity, 0.0))
    return replace(cells, history=replace(cells.history, spend_ratio=share))


def _is_corrected(cells: ChannelCells, answer: SameMonth, follows: bool | None) -> bool:
    return cells.channel is Channel.MARGIN and (answer.follows_revenue if follows is None else follows)


def _lead(found: ChannelPosterior, noise: Noise, spend_ratio: Draws) -> float | None:
    """Return the placebo's score beside what this month's spend is found to do: a plain shape, where it is found to do little, would
    leave a strong effect's own months to the next quarter's spend."""
    moves = found.helps + found.harms > MOVES
    bought = found.expected_gain_of(spend_ratio) if moves else plain_gain(spend_ratio)
    return lead_score(noise, bought, spend_ratio)


def _history_grade(cells: ChannelCells, corrected: bool) -> Grade:
    """C with segments to compare and nothing mended; D with one segment, a budget that followed revenue, or unseen advertising."""
    unseen = cells.channel is Channel.JOINS and not cells.acquisition_known
    clean = len(cells.history.segments) > 1 and not corrected and not unseen
    return Grade.OWN_HISTORY if clean else Grade.SURVEY_LINKAGE
