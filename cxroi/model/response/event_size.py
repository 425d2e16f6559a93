"""What each named event did to an outcome, given the spend effect that the draws leave standing: a normal a draw."""

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
    """How much one event, by its place among the panel's, moved an outcome for as long as it held: its log, up above 0."""

    event: int
    log: Interval


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

    Draw by draw, with noise setting `chosen` (n,) and spend explaining b g(r), `explained` (n, S, T), a size is normal:
    E = sd^2 x'P (y + b g), V = sd^2 - sd^4 x'P x, where P is the precision of the response with all that is unknown in it, the events
    too, and x the cells that had the event.
    """
    if not events:
        return ()
    held = np.stack([event.over(*explained.shape[1:]) for event in events])
    middle, spread = (np.empty((len(chosen), len(events))) for _ in range(2))
    for k in np.unique(chosen):
        mine, noise = chosen == k, settings[k]
        weighed = _weighed(noise, held)
        seen = noise.pull - noise.month_root @ noise.month_pull
        force = np.einsum("est,st->e", held, seen) + np.einsum("est,nst->ne", weighed, explained[mine])
        middle[mine] = EVENT_SD**2 * force
        spread[mine] = EVENT_SD**2 - EVENT_SD**4 * np.einsum("est,est->e", held, weighed)
    normal = np.random.default_rng([seed, 17]).normal(size=middle.shape)
    draws = sign * (middle + normal * np.sqrt(np.maximum(spread, 0.0)))
    return tuple(EventSize(event=one.event, log=Interval.of_draws(draws[:, place])) for place, one in enumerate(events))


def thinned(count: int) -> NDArray[np.int64]:
    """Return which of so many draws the sizes are worked out from."""
    return np.arange(0, count, max(1, count // _DRAWS))


def _weighed(noise: Noise, cells: Draws) -> Draws:
    """Return P x of fields of cells (n, S, T), what the segments share taken out."""
    own = np.einsum("stu,nsu->nst", noise.precision, cells)
    shared = np.einsum("stu,nst->nu", noise.month_root, cells)
    return own - np.einsum("stu,nu->nst", noise.month_root, shared)
