"""What an initiative did beside churn, and what all of it has earned so far: margin per customer, support cost per customer, joins.

k log y_st = segment level and trend + month effect + drift - b x_st + e_st with x_st = 1 in the initiative's segments from its first whole month
on, k and e as in `cxroi.model.response.channel_fit`. b is nothing, a help or a harm (spike and slab, as the channel's); given the spreads each of the
three has its likelihood in closed form, so that b is drawn exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.panel import Panel
from cxroi.model.response.channel import MOVES, Channel
from cxroi.model.response.channel_cells import ChannelCells, channel_cells
from cxroi.model.response.channel_fit import channel_settings
from cxroi.model.response.level_shift import taken_out
from cxroi.model.response.likelihood import History, Meanwhile
from cxroi.model.response.prior import Priors
from cxroi.model.statistics.uncertainty import Draws, Interval, resample

_DRAWS = 4096
_FEWEST_PRETENDED = 3  # months on either side of a start that is pretended


@dataclass(frozen=True, kw_only=True)
class RealisedChannel:
    """What an initiative did to one channel: `change_percent` of the outcome in its segments since the start, `value` what that has earned.

    `doubt` is a text id of why it is not counted, None where it is.
    """

    channel: Channel
    probability_helps: float
    probability_harms: float
    change_percent: Interval
    value: Interval
    doubt: str | None

    @property
    def counted(self) -> bool:
        """Return whether the value of the initiative holds it."""
        return self.doubt is None

    @property
    def moves(self) -> bool:
        """Return whether the initiative is said to have moved it."""
        return self.probability_helps + self.probability_harms > MOVES


@dataclass(frozen=True, eq=False)
class Step:
    """An initiative in a panel: the cells behind churn, the segments it works in (S,), and its first whole month among the cells."""

    panel: Panel
    history: History
    treated: NDArray[np.bool_]
    first: int


def effects_on(
    step: Step, priors: Mapping[Channel, Priors], done: Mapping[Channel, Meanwhile], seed: int = 0
) -> dict[Channel, tuple[Draws, str | None]]:
    """Return what an initiative did to the log of every channel that can be looked at, (n,), above 0 for the good, and why it is in doubt.

    `done` is what else is believed to have been done there meanwhile.
    """
    found = {}
    for order, name in enumerate(priors):
        cells = channel_cells(name, step.panel, step.history)
        if isinstance(cells, str):
            continue
        cells = cells.with_meanwhile(done[name])
        effect = step_effect(cells, step.treated, step.first, priors[name], seed + order)
        effect = np.random.default_rng([seed, order, 13]).permutation(effect)  # channels pair by chance alone
        found[name] = effect, _doubt(step, cells, priors[name], effect)
    return found


def step_effect(cells: ChannelCells, treated: NDArray[np.bool_], first: int, priors: Priors, seed: int = 0) -> Draws:
    """Return draws (n,) of what a step in `treated` (S,) from the month `first` on did to a channel's log, above 0 for the good."""
    from scipy.special import log_ndtr, ndtr, ndtri

    x = np.zeros(cells.response.shape)
    x[treated, first:] = 1.0
    settings = channel_settings(cells, taken_out((), cells.history.events, x.shape))
    facts = [setting.quadratic(x[None]) for setting in settings]
    scale = priors.strength_scale
    information = np.array([float(matrix.sum()) for matrix, _ in facts]) + 1 / scale**2
    pull = np.array([float(force.sum()) for _, force in facts])
    middle, spread = pull / information, 1 / np.sqrt(information)
    evidence = np.array([setting.log_evidence + setting.log_prior for setting in settings])
    slab = 0.5 * middle * pull + np.log(2 * spread / scale)
    sides = np.stack([log_ndtr(sign * middle / spread) for sign in (1.0, -1.0)])
    with np.errstate(divide="ignore"):
        log_case = np.log(np.array([priors.nothing, priors.helps, priors.harms]))
    log_mass = evidence + log_case[:, None] + np.stack([np.zeros(pull.size), *(slab + sides)])  # (cases, settings)
    chosen = resample(log_mass.ravel(), _DRAWS, seed)
    case, setting = np.divmod(chosen, pull.size)
    sign = np.array([0.0, 1.0, -1.0])[case]
    own, width = sign * middle[setting], spread[setting]
    uniform = np.random.default_rng([seed, 3]).uniform(size=_DRAWS)
    beyond = -ndtri(np.clip(uniform * np.maximum(ndtr(own / width), 1e-300), 1e-300, 1 - 1e-16))
    out: Draws = sign * np.maximum(own + width * beyond, 0.0)
    return out


def _doubt(step: Step, cells: ChannelCells, priors: Priors, effect: Draws) -> str | None:
    """Return why what was found does not count, as `ChannelPosterior.doubt` has it: it moved before the start too, looks like what is booked
    twice, or may be advertising's."""
    moves, harms = float((effect != 0).mean()), float((effect < 0).mean())
    if moves <= MOVES:
        return None
    if step.first // 2 >= _FEWEST_PRETENDED:
        before = replace(cells, size=cells.size * (np.arange(cells.size.shape[1]) < step.first))
        pretended = step_effect(before, step.treated, step.first // 2, priors)
        if float((pretended != 0).mean()) > MOVES:
            return "drifted"
    if cells.channel is Channel.SUPPORT and harms > MOVES:
        return "harm"
    return "acquisition" if cells.channel is Channel.JOINS and not cells.acquisition_known else None


def value_by_way(step: Step, churn: Draws, effects: Mapping[Channel, Draws]) -> dict[str, Draws]:
    """Return what an initiative has earned since its start by way ("churn" and channels), (n,), undiscounted; together all of it.

    Month by month N'_{t+1} = N'_t (1 - h_t e^b) + joins_t e^(-b_j) without the initiative, beside the customers that there were; each of them
    brings m e^(-b_m) less k e^(b_k) without it. Customers more than there would have been are worth what they would have brought without it,
    those that there were what each brings more.
    """
    panel, history = step.panel, step.history
    offset, n = int(np.flatnonzero(panel.complete_months)[0]), churn.size
    dearer, cheaper, fewer = (np.exp(-effects.get(name, np.zeros(n))) for name in Channel)
    worth = {"churn": np.zeros(n), **{name.value: np.zeros(n) for name in effects}}
    for s in np.flatnonzero(step.treated):
        row = panel.segments.index(history.segments[s])
        kept, all_more = (
            np.zeros(n),
            np.zeros(n),
        )  # customers more than there would have been: kept, and joined with them
        for t in range(step.first, history.customers.shape[1]):
            customers, month = history.customers[s, t], offset + t
            if not customers > 0:
                continue
            rate = history.lost[s, t] / customers
            left, came = np.maximum(1 - rate * np.exp(churn), 0.0), np.nan_to_num(panel.customers_joined[row, month])
            kept = customers * (1 - rate) - (customers - kept) * left
            all_more = customers * (1 - rate) - (customers - all_more) * left + came * (1 - fewer)
            margin, support = panel.contribution_margin[row, month], panel.support_cost[row, month]
            each = (margin * dearer - support / cheaper) / customers
            worth["churn"] += kept * each
            if Channel.JOINS in effects:
                worth["joins"] += (all_more - kept) * each
            if Channel.MARGIN in effects:
                worth["margin"] += margin * (1 - dearer)
            if Channel.SUPPORT in effects:
                worth["support"] += support * (1 / cheaper - 1)
    return worth


def realised_channels(
    step: Step, churn: Draws, effects: Mapping[Channel, tuple[Draws, str | None]]
) -> tuple[Draws, tuple[RealisedChannel, ...]]:
    """Return what an initiative has earned in all that counts, (n,), and each channel with what it earned, or would have if it holds."""
    counts = {name: effect for name, (effect, doubt) in effects.items() if doubt is None}
    earned = value_by_way(step, churn, counts)
    told = []
    for name, (effect, doubt) in effects.items():
        own = earned if doubt is None else value_by_way(step, churn, {**counts, name: effect})
        sign = -1.0 if name is Channel.SUPPORT else 1.0
        told.append(
            RealisedChannel(
                channel=name,
                probability_helps=float((effect > 0).mean()),
                probability_harms=float((effect < 0).mean()),
                change_percent=Interval.of_draws(100 * np.expm1(sign * effect)),
                value=Interval.of_draws(own[name.value]),
                doubt=doubt,
            )
        )
    total: Draws = sum(earned.values(), np.zeros(churn.size))
    return total, tuple(told)
