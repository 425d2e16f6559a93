"""Investment lines: what each line of spend does to churn, learned with what the other lines do taken out.

Churn answers to the sum of the lines' own curves: h = h_today exp(-sum_l [U_l(r_l) - U_l(1)]) with r_l the line's spend per
customer relative to today's, carried over. Each line in turn is fitted as the whole is (`cxroi.model.response.posterior`); the others enter
its likelihood as a Gaussian process with the mean and covariance that their own prior gives them, so that nothing that they may
have done is learned as this line's. Lines that always moved together then share what they did, and neither is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np

from cxroi.model.company.baseline import Baseline, measure_baseline, trailing_window
from cxroi.model.company.panel import Panel
from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.channel import ChannelPosterior
from cxroi.model.response.likelihood import History, Meanwhile, history_of
from cxroi.model.response.posterior import ResponsePosterior, fit_response
from cxroi.model.response.prior import Priors, coordinates
from cxroi.model.response.sampling import prior_cloud
from cxroi.model.response.shape import carry_over, gains
from cxroi.model.statistics.uncertainty import Draws

_PRIOR_DRAWS = 1024


@dataclass(frozen=True, kw_only=True, eq=False)
class LineResponse:
    """One line's response: `baseline` is the company's with the line's spend for its CX spend; `moves_alone` the share of the
    line's movement that no other line went along with; `channels` what it does beside churn (`cxroi.model.response.line_channels`)."""

    baseline: Baseline
    posterior: ResponsePosterior
    moves_alone: float
    channels: tuple[ChannelPosterior, ...] = ()


@dataclass(frozen=True, eq=False)
class LineHistories:
    """Every line's spend as a company's of its own, its share of today's spend, and the cells behind its likelihood."""

    panels: Mapping[str, Panel]
    share: Mapping[str, float]
    histories: Mapping[str, History]


def line_histories(panel: Panel, spend: Mapping[str, Draws], segments: tuple[str, ...]) -> LineHistories:
    """Return the history of every line from money by line, each of the shape of `panel.cx_spend`."""
    panels = {
        name: replace(panel, cx_spend=np.where(np.isnan(panel.cx_spend), np.nan, own)) for name, own in spend.items()
    }
    histories = {name: _history(one, segments) for name, one in panels.items()}
    return LineHistories(panels, _shares(panels, trailing_window(panel)), histories)


def fit_lines(
    panel: Panel,
    spend: Mapping[str, Draws],
    whole: ResponsePosterior,
    *,
    priors: Priors | None = None,
    pilots: Mapping[str, tuple[PilotEvidence, ...]] | None = None,
    skip: tuple[str, ...] = (),
    seed: int = 0,
    draws: int = 1024,
) -> dict[str, LineResponse]:
    """Return the response of every line with spend today.

    `spend` holds money by line, each of the shape of `panel.cx_spend`; `whole` is the response to their sum, near which the
    likelihood is expanded. A line in `skip` is taken out of the others but not fitted itself.
    """
    all_lines = line_histories(panel, spend, whole.segments)
    panels, share, histories = all_lines.panels, all_lines.share, all_lines.histories
    believed = {name: line_priors(priors or Priors(), share[name], len(spend)) for name in spend}
    believed_done = {name: prior_gain(histories[name], believed[name], seed) for name in spend}
    movement = {name: _movement(histories[name]) for name in spend}
    found = {}
    for name, own in panels.items():
        if name in skip or not share[name] > 0 or np.nansum(own.cx_spend[:, trailing_window(panel)]) <= 0:
            continue
        found[name] = LineResponse(
            baseline=measure_baseline(own),
            posterior=fit_response(
                own,
                pilots=(pilots or {}).get(name, ()),
                priors=believed[name],
                seed=seed,
                draws=draws,
                near=whole,
                meanwhile=others_done(believed_done, name),
            ),
            moves_alone=moves_alone(movement[name], [movement[other] for other in movement if other != name]),
        )
    return found


def line_priors(priors: Priors, share: float, lines: int) -> Priors:
    """Return what is believed of a line with `share` of the spend among `lines` lines, before any data.

    The whole's strength is split by unknown weights, Dirichlet(L s_1, ..., L s_L): on average a line does its share, but most
    do less and a few much more; between segments a line's strength spreads in proportion as the whole's does. The weight of one
    line is Beta(L s, L (1 - s)).

    >>> line_priors(Priors(), 0.25, 4).share
    0.25
    """
    return replace(priors, share=min(share, 1.0), lines=lines)


def others_done(done: Mapping[str, Meanwhile], name: str) -> Meanwhile:
    """Return what every line but one is believed to have done together."""
    zero = done[name].mean * 0
    nothing = Meanwhile(zero, np.zeros((*zero.shape, zero.shape[1])))
    return reduce(add, (one for other, one in done.items() if other != name), nothing)


def prior_gain(history: History, priors: Priors, seed: int = 0) -> Meanwhile:
    """Return what a line's curve is believed to have taken off the log outcome of each month, today's level being 0."""
    cloud, _ = prior_cloud(history, priors, _PRIOR_DRAWS, seed)
    half, steep, carry, *_ = coordinates(cloud.z, cloud.family, priors)
    ratio = carry_over(history.spend_ratio[None], carry[:, None])
    bought, today = (gains(cloud.family, one, half, steep) for one in (ratio, np.ones((*ratio.shape[:2], 1))))
    lifted = cloud.strength[:, :, None] * (bought - today)
    mean = lifted.mean(axis=0)
    apart = lifted - mean
    return Meanwhile(mean, np.einsum("nst,nsu->stu", apart, apart) / len(apart))


def moves_alone(own: Draws, others: list[Draws]) -> float:
    """Return 1 - R^2 of a line's movement explained by the others' (one over the variance inflation factor, Marquardt 1970).

    Each movement (n_cells,) is the line's spend per customer apart from its own level in each segment; 1 where there is no other
    line, 0 where the line never moved.

    >>> moves_alone(np.array([1.0, -1.0, 0.0]), [np.array([1.0, -1.0, 0.0])])
    0.0
    """
    size = float(own @ own)
    if size <= 1e-12 * own.size:
        return 0.0
    rivals = np.stack([one for one in others if one @ one > 1e-12 * one.size] or [np.zeros(own.size)], axis=1)
    fitted = rivals @ np.linalg.lstsq(rivals, own, rcond=1e-9)[0]
    left = own - fitted
    return round(float(left @ left) / size, 12)


def _movement(history: History) -> Draws:
    """Return spend ratios with the mean of each segment taken out, weighted by what each cell can teach."""
    weight = np.sqrt(np.where(history.seen, history.lost + 0.5, 0.0))
    square = weight**2
    middle = (history.spend_ratio * square).sum(1) / np.maximum(square.sum(1), 1e-12)
    return (weight * (history.spend_ratio - middle[:, None])).ravel()


def _shares(panels: Mapping[str, Panel], window: slice) -> dict[str, float]:
    """Return each line's share of today's spend; one that has ended counts with its share of all there ever was."""
    today = {name: max(float(np.nansum(one.cx_spend[:, window])), 0.0) for name, one in panels.items()}
    ever = {name: max(float(np.nansum(one.cx_spend)), 0.0) for name, one in panels.items()}
    totals = [max(sum(each.values()), 1e-12) for each in (today, ever)]
    return {name: today[name] / totals[0] or ever[name] / totals[1] for name in panels}


def _history(panel: Panel, segments: tuple[str, ...]) -> History:
    """Return the line's history; where a segment spends nothing on it today, its own mean stands for 1."""
    today = history_of(panel, segments, trailing_window(panel))
    if (today.today_spend > 0).all():
        return today
    ever = history_of(panel, segments, slice(0, panel.months.size))
    chosen = (today.today_spend > 0)[:, None]
    return replace(today, spend_ratio=np.where(chosen, today.spend_ratio, ever.spend_ratio))
