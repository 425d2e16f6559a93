"""What each named event did to an outcome, given the spend effect that the draws leave standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.response.event_course import EVENT_SD, EventCourse
from cxroi.model.response.likelihood import Noise
from cxroi.model.statistics.uncertainty import Draws, Interval

_DRAWS = 512


@dataclass(frozen=True, kw_only=True)
class EventSize:
    """How much one event, by its place among the panel's, moved an outcome for as long as it held: its log, and the probability that
    the outcome rose."""

    event: int
    log: Interval
    probability_up: float


def event_sizes(
    events: Sequence[EventCourse],
    settings: Sequence[Noise],
    chosen: NDArray[np.int64],
    explained: Draws,
    *,
    sign: float,
    seed: int = 0,
) -> tuple[EventSize, ...]:
    """Return what each event did to an outcome whose log is `sign` times the working response.

    Draw by draw, with noise setting `chosen` (n,) and spend explaining b g(r), `explained` (n, S, T), the sizes are normal:
    V = (X P X' + I / sd^2)^-1, E = V X P (y + b g), with X the cells that had each event and P the precision of the response in
    `settings` that do not hold the events.
    """
    held = np.stack([event.over(*explained.shape[1:]) for event in events])
    draws = np.empty((len(chosen), len(events)))
    normal = np.random.default_rng([seed, 17]).normal(size=draws.shape)
    for k in np.unique(chosen):
        mine, noise = chosen == k, settings[k]
        weighed = _weighed(noise, held)
        information = np.einsum("est,fst->ef", held, weighed) + np.eye(len(events)) / EVENT_SD**2
        seen = noise.pull - noise.month_root @ noise.month_pull
        force = np.einsum("est,st->e", held, seen) + np.einsum("est,nst->ne", weighed, explained[mine])
        root = np.linalg.cholesky(information)
        middle = np.linalg.solve(information, force.T).T
        draws[mine] = sign * (middle + np.linalg.solve(root.T, normal[mine].T).T)
    return tuple(
        EventSize(
            event=one.event,
            log=Interval.of_draws(draws[:, place]),
            probability_up=float((draws[:, place] > 0).mean()),
        )
        for place, one in enumerate(events)
    )


def thinned(count: int) -> NDArray[np.int64]:
    """Return which of so many draws the sizes are worked out from."""
    return np.arange(0, count, max(1, count // _DRAWS))


def _weighed(noise: Noise, cells: Draws) -> Draws:
    """Return P x of fields of cells (n, S, T), what the segments share taken out."""
    own = np.einsum("stu,nsu->nst", noise.precision, cells)
    shared = np.einsum("stu,nst->nu", noise.month_root, cells)
    return own - np.einsum("stu,nu->nst", noise.month_root, shared)
