"""What each line of spend does beside churn: margin per customer, support cost and joins, learned as the line's churn is.

Given that a channel moves at all, a line's strength is its share of the whole's as for churn, with a spike at nothing: a line may well do
none of it. That the channel moves is believed as the whole's months say, or as before any data where they say less: what one line does is
diluted in the sum of all, so that the whole not showing it does not speak against the line. What the other lines may have done enters the
likelihood as a Gaussian process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cxroi.model.company.panel import Panel
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells, channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.lines import LineHistories, line_priors, others_done, prior_gain
from cxroi.model.response.prior import Priors

_BUSY = 0.5  # probability that a line has a part in what moves a channel, before any data
_FIT_DRAWS = (512, 2048)


def fit_line_channels(
    panel: Panel,
    lines: LineHistories,
    whole: tuple[ChannelPosterior, ...],
    priors: Mapping[Channel, Priors],
    *,
    names: tuple[str, ...],
    seed: int = 0,
    draws: int = 1024,
) -> dict[str, tuple[ChannelPosterior, ...]]:
    """Return what each of the lines `names` does in every channel that can be looked at, `draws` equally likely draws each.

    `whole` is what the sum of all lines does, `priors` what is believed of the whole.
    """
    found: dict[str, tuple[ChannelPosterior, ...]] = {name: () for name in names}
    for one in whole:
        believed = {
            name: line_priors(_of_a_line(priors[one.channel], one), lines.share[name], len(lines.share))
            for name in lines.share
        }
        done = {name: prior_gain(lines.histories[name], believed[name], seed) for name in lines.share}
        for place, name in enumerate(names):
            cells = channel_cells(one.channel, panel, lines.histories[name])
            if isinstance(cells, str):
                continue
            cells = cells.with_meanwhile(others_done(done, name))
            follows = one.follows_revenue or None
            fitted = _settled(cells, believed[name], seed + place, follows)  # draws of two lines pair by chance alone
            found[name] += (fitted.take(np.resize(np.arange(fitted.family.size), draws)),)
    return found


def _settled(cells: ChannelCells, priors: Priors, seed: int, follows: bool | None) -> ChannelPosterior:
    """Return the posterior from as few draws as settle it."""
    for draws in _FIT_DRAWS:
        fitted = fit_channel(cells, priors, seed=seed, draws=draws, follows=follows)
        if fitted.doubt != "unsettled":
            break
    return fitted


def _of_a_line(priors: Priors, whole: ChannelPosterior) -> Priors:
    """Return what is believed of a line whose share of the strength is not yet taken."""
    moves = _BUSY * max(whole.helps + whole.harms, 1 - priors.nothing)
    return replace(priors, nothing=1 - moves, harms=moves * priors.harms / max(1 - priors.nothing, 1e-12))
