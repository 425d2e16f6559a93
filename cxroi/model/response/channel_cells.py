"""The cells of a channel: the log of an outcome by segment and month, its weight, and whether it can be looked at at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.panel import Panel
from cxroi.model.response.channel import Channel
from cxroi.model.response.likelihood import History, Meanwhile
from cxroi.model.statistics.uncertainty import Draws

_FEWEST_JOINS, _MAY_BE_EMPTY = 10.0, 0.05  # a cell on average; share of cells without a positive outcome


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelCells:
    """One channel's cells: `history` for spend; `response` (S, T) the log of the outcome about its mean, signed so that a fall is
    good; `size` (S, T) each cell's customers (joins) relative to the mean, 0 where not seen."""

    channel: Channel
    history: History
    response: Draws
    size: Draws
    known: Draws | None = None  # (S, T, T), covariance of what else may have moved it
    acquisition_known: bool = False  # what advertising may have brought is part of it

    def with_meanwhile(self, done: Meanwhile) -> ChannelCells:
        """Return the cells with what else is believed to have been done for the good taken out: its mean, and its covariance."""
        known = done.covariance if self.known is None else self.known + done.covariance
        return replace(self, response=self.response + done.mean, known=known)


def channel_cells(channel: Channel, panel: Panel, history: History) -> ChannelCells | str:
    """Return the cells of a channel, or the text id of why it cannot be looked at.

    margin and support: money / customers_at_start, where it is above 0 in 95 % of the cells; joins: customers who joined, where they were
    given (derived ones would mirror the losses) and are more than 10 a cell.
    """
    rows = [panel.segments.index(name) for name in history.segments]
    keep = np.flatnonzero(panel.complete_months)
    months = slice(int(keep[0]), int(keep[-1]) + 1)

    def cells(name: str) -> Draws:
        return np.nan_to_num(getattr(panel, name)[rows][:, months])

    seen, start = history.seen, cells("customers_at_start")
    known = None
    if channel is Channel.JOINS:
        joined = cells("customers_joined")
        if panel.joined_is_derived:
            return "derived"
        if joined[seen].sum() <= _FEWEST_JOINS * seen.sum():
            return "too_few"
        outcome = joined + 0.5
        size = np.broadcast_to(np.where(seen, joined, 0).sum(1, keepdims=True), joined.shape)
        if panel.acquisition_spend is not None:
            bought = _log_about_mean(np.where(seen, cells("acquisition_spend") / np.maximum(start, 1.0), 0.0))[0]
            known = bought[:, :, None] * bought[:, None, :]
    else:
        money = cells("contribution_margin" if channel is Channel.MARGIN else "support_cost")
        if not (money[seen] > 0).any():
            return "not_given"
        if (money[seen] <= 0).mean() > _MAY_BE_EMPTY:
            return "not_above_zero"
        outcome, size = money / np.where(start > 0, start, 1.0), start
    log, use = _log_about_mean(np.where(seen, outcome, 0.0))
    relative = np.where(use, size / max(float(size[use].mean()), 1e-9), 0.0)
    own = replace(history, customers=np.where(use, np.maximum(history.customers, 1.0), 0.0), meanwhile=None)
    sign = 1.0 if channel is Channel.SUPPORT else -1.0
    return ChannelCells(
        channel=channel,
        history=own,
        response=sign * log,
        size=relative,
        known=known,
        acquisition_known=known is not None,
    )


def _log_about_mean(value: Draws) -> tuple[Draws, NDArray[np.bool_]]:
    """Return log values (S, T) about each segment's mean, 0 where there is none, and where there is one."""
    use = value > 0
    log = np.where(use, np.log(np.where(use, value, 1.0)), 0.0)
    mean = log.sum(1) / np.maximum(use.sum(1), 1)
    return np.where(use, log - mean[:, None], 0.0), use
