"""What a company's own months say about spend and churn: a Poisson likelihood with month effects and drift taken out.

log mu_st = log N_st + alpha_s + beta_s t + gamma_t + u_st - b_s g(r_st). Segment level and trend, month effects gamma_t ~ N(0, s_g^2) and a
drifting disturbance u_st (first-order autoregression) are integrated out; their spreads are unknown and are drawn with the rest. The disturbance
matters: it keeps chance from looking like effect, and spend that answers to last month's churn is explained by what drove that churn; what level
and trend taken out would still add to its strength is known and taken off, see `cxroi.model.response.feedback`.
The likelihood is expanded to second order in log mu (the working response of generalised linear models, McCullagh & Nelder 1989), so that given
a shape it is quadratic in the strengths b.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.panel import Panel
from cxroi.model.response.event_course import EVENT_SD, EventCourse, courses_of

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Spreads:
    """What the spreads of the nuisances may be, log; each spread equally likely, and within a drift spread each memory."""

    months: tuple[float, ...]
    drift: tuple[float, ...]
    memory: tuple[float, ...]


CHURN_SPREADS = Spreads(
    months=(0.005, 0.02, 0.05, 0.12, 0.3), drift=(0.0, 0.03, 0.08, 0.2, 0.5), memory=(0.0, 0.6, 0.95)
)
_LEVEL_VARIANCE, _TREND_SD = 100.0, 0.2
SEASON_SD = 0.2  # of a calendar month, the same in all segments: budgets and customers both have their last quarter
_NEVER = 1e-6  # weight of a cell that was not observed
_BLOCK = 128  # draws worked on at once


@dataclass(frozen=True, eq=False)
class Meanwhile:
    """What else lowered the log hazard over the months, as far as it is believed: a Gaussian process, (S, T) and (S, T, T)."""

    mean: Array
    covariance: Array

    def __add__(self, other: Meanwhile) -> Meanwhile:
        """Return what both did together, the one not depending on the other."""
        return Meanwhile(self.mean + other.mean, self.covariance + other.covariance)

    def first(self, months: int) -> Meanwhile:
        """Return what it did over the first months."""
        return Meanwhile(self.mean[:, :months], self.covariance[:, :months, :months])


@dataclass(frozen=True, eq=False)
class History:
    """The cells behind the likelihood, each of shape (n_segments, n_months); `spend_ratio` is spend per customer, today = 1."""

    segments: tuple[str, ...]
    customers: Array
    lost: Array
    spend_ratio: Array
    today_spend: Array  # per customer-month, (n_segments,)
    meanwhile: Meanwhile | None = None  # what else moved the log hazard
    events: tuple[EventCourse, ...] = ()  # what is named beside it

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Return which cells carry information."""
        return self.customers > 0

    def without(self, cells: NDArray[np.bool_]) -> History:
        """Return the history in which some cells, (S, T) or broadcast to it, count for nothing; what was spent in them still does."""
        customers = np.where(cells, 0.0, self.customers)
        return replace(self, customers=customers, lost=np.where(customers > 0, self.lost, 0.0))

    def without_months(self, months: slice) -> History:
        """Return the history in which some months count for nothing in any segment."""
        out = np.zeros(self.customers.shape, bool)
        out[:, months] = True
        return self.without(out)

    def without_segment(self, segment: int) -> History:
        """Return the history in which one segment's months count for nothing."""
        out = np.zeros(self.customers.shape, bool)
        out[segment] = True
        return self.without(out)

    def spent_earlier(self, months: int) -> History:
        """Return the history if all spend was booked so many months late; for the last ones the last booking stands in."""
        last = self.spend_ratio.shape[1] - 1
        return replace(self, spend_ratio=self.spend_ratio[:, np.minimum(np.arange(last + 1) + months, last)])


def history_of(panel: Panel, segments: tuple[str, ...], window: slice) -> History:
    """Return the complete months of `segments`, spend per customer relative to the mean over the trailing `window`."""
    rows = [panel.segments.index(name) for name in segments]
    keep = np.flatnonzero(panel.complete_months)
    start, lost, spend = (
        np.nan_to_num(getattr(panel, name)[rows]) for name in ("customers_at_start", "customers_lost", "cx_spend")
    )
    exposure = start[:, window].sum(axis=1)
    today = spend[:, window].sum(axis=1) / np.where(exposure > 0, exposure, np.nan)
    unit = np.where(np.nan_to_num(today) > 0, today, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(start > 0, spend / start, np.nan) / unit[:, None]
    first, last = int(keep[0]), int(keep[-1]) + 1
    ratio = _carried_forward(np.maximum(ratio[:, first:last], 0.0))
    customers = np.where(panel.complete_months, start, 0.0)[:, first:last]
    return History(
        segments,
        customers,
        np.minimum(lost[:, first:last], customers),
        ratio,
        np.nan_to_num(today),
        events=courses_of(panel.events, segments, panel.seen_months),
    )


def _carried_forward(ratio: Array) -> Array:
    out = ratio.copy()
    for month in range(1, out.shape[1]):
        out[:, month] = np.where(np.isnan(out[:, month]), out[:, month - 1], out[:, month])
    return np.where(np.isnan(out), 1.0, out)


@dataclass(frozen=True, eq=False)
class Expansion:
    """The Poisson likelihood near a reference: working log rate (NaN-free) and its weight, (n_segments, n_months)."""

    response: Array
    weight: Array
    dispersion: float


def expand(history: History, offset: Array, month_spread: float = 0.1) -> Expansion:
    """Return the second-order expansion given the log-hazard `offset` of spend.

    It is made at the fitted segment and month effects, named events and the most likely disturbance of each cell, so that large counts
    are read by their logarithm and small ones by their mean (Laplace's approximation; Rue, Martino & Chopin 2009).
    """
    seen, exposure = history.seen, np.maximum(history.customers, 1e-9)
    n_segments, n_months = seen.shape
    level = np.log((np.where(seen, history.lost, 0).sum(1) + 0.5) / (history.customers.sum(1) + 1.0))
    month = np.zeros(n_months)
    named = np.array([event.over(n_segments, n_months) for event in history.events]).reshape(-1, *seen.shape)
    size, spent = np.zeros(len(named)), offset
    for _ in range(8):
        mean = np.where(seen, exposure * np.exp(level[:, None] + month + offset), 0.0)
        level += np.clip(np.log((history.lost.sum(1) + 0.5) / (mean.sum(1) + 0.5)), -2, 2)
        if n_segments > 1:
            mean = np.where(seen, exposure * np.exp(level[:, None] + month + offset), 0.0)
            month += ((history.lost - mean).sum(0) - month / month_spread**2) / (mean.sum(0) + 1 / month_spread**2)
        for place, held in enumerate(named):
            mean = np.where(seen, exposure * np.exp(level[:, None] + month + offset), 0.0)
            pull = ((history.lost - mean) * held).sum() - size[place] / EVENT_SD**2
            size[place] += np.clip(pull / ((mean * held**2).sum() + 1 / EVENT_SD**2), -1, 1)
            offset = spent + np.tensordot(size, named, axes=1)
    log_rate = level[:, None] + month + offset
    mean = np.where(seen, exposure * np.exp(log_rate), _NEVER)
    residual = np.where(seen, (history.lost - mean) / mean, 0.0)
    freedom = max(int(seen.sum()) - n_segments - (n_months if n_segments > 1 else 1) - len(named), 1)
    pearson = float((residual**2 * np.where(seen, mean, 0.0)).sum() / freedom)
    spread = max(pearson - 1, 0.0) * freedom / max(float(mean[seen].sum()), 1e-9)
    disturbance = _likely_disturbance(np.where(seen, history.lost, mean), mean, spread)
    mean = mean * np.exp(disturbance)
    residual = np.where(seen, (history.lost - mean) / mean, 0.0)
    return Expansion(log_rate + disturbance + residual, np.maximum(mean, _NEVER), max(1.0, pearson))


def _likely_disturbance(lost: Array, mean: Array, variance: float) -> Array:
    """Return the u that maximises Poisson(lost | mean e^u) N(u | 0, variance), cell by cell, by Newton's method."""
    u = np.zeros(lost.shape)
    for _ in range(12 if variance > 0 else 0):
        expected = mean * np.exp(u)
        u += np.clip(((lost - expected) * variance - u) / (expected * variance + 1), -1, 1)
    return u


@dataclass(frozen=True, eq=False)
class TakenOut:
    """The covariance of what is taken out beside level, trend and drift: in each segment (S, T, T), and in all of them alike (T, T)."""

    own: Array
    shared: Array | None = None


@dataclass(frozen=True, eq=False)
class Noise:
    """One setting of the nuisance spreads with everything that does not depend on the shape worked out."""

    month_spread: float
    drift_spread: float
    drift_memory: float
    precision: Array  # (S, T, T), segment level and trend projected out
    month_root: Array  # (S, T, T), precision times the inverse root of the month system
    pull: Array  # (S, T): precision applied to the response
    month_pull: Array  # (T,)
    log_evidence: float  # of the response at strength 0
    log_prior: float
    cell_spread: float = 0.0  # of a normal channel's cells

    def quadratic(self, gain: Array) -> tuple[Array, Array]:
        """Return (Lambda, h) of shape (n, S, S), (n, S): log L(b) = h'b - b'Lambda b / 2 for gains of shape (n, S, T).

        A few draws at a time: what is worked on stays in the processor's fast memory, and none of it is new to the system.
        """
        n, n_segments, _ = gain.shape
        information, pull = np.empty((n, n_segments, n_segments)), np.empty((n, n_segments))
        for start in range(0, n, _BLOCK):
            block = slice(start, start + _BLOCK)
            information[block], pull[block] = self._quadratic(gain[block])
        return information, pull

    def _quadratic(self, gain: Array) -> tuple[Array, Array]:
        x = -np.ascontiguousarray(gain.transpose(1, 0, 2))
        projected = x @ self.month_root
        own = ((x @ self.precision) * x).sum(axis=2)
        shared = np.ascontiguousarray(projected.transpose(1, 0, 2))  # else numpy leaves BLAS aside
        information = -(shared @ shared.transpose(0, 2, 1))
        diagonal = np.arange(x.shape[0])
        information[:, diagonal, diagonal] += own.T
        pull = (x * self.pull[:, None, :]).sum(axis=2).T - shared @ self.month_pull
        return information, pull


def noise_settings(
    expansion: Expansion,
    meanwhile: Meanwhile | None = None,
    among: frozenset[tuple[float, ...]] | None = None,
    taken: TakenOut | None = None,
) -> list[Noise]:
    """Return every setting of churn's nuisance spreads.

    `meanwhile` as in `History` is integrated out with level, trend and drift, and so is what is `taken` out: level shifts
    and named events. `among` keeps to some settings (month spread, drift spread, drift memory).
    """
    known: Array | float = 0.0 if taken is None else taken.own
    if meanwhile is not None:
        expansion = replace(expansion, response=expansion.response + meanwhile.mean)
        known = known + meanwhile.covariance
    return settings_within(CHURN_SPREADS, expansion, known, among, None if taken is None else taken.shared)


def settings_within(
    spreads: Spreads,
    expansion: Expansion,
    known: Array | float = 0.0,
    among: frozenset[tuple[float, ...]] | None = None,
    shared: Array | None = None,
) -> list[Noise]:
    """Return every setting of some spreads, `known` (S, T, T) covariance beside level and trend integrated out too, and
    `shared` (T, T) beside the month effects.

    With one segment month effects give way to trend and season.
    """
    n_segments, n_months = expansion.response.shape
    nuisance = nuisance_columns(n_segments, n_months)
    known = known + nuisance @ nuisance.T
    months = spreads.months if n_segments > 1 else (0.0,)
    lag = np.abs(np.subtract.outer(np.arange(n_months), np.arange(n_months)))
    settings = []
    for drift in spreads.drift:
        memories = spreads.memory if drift else (0.0,)
        for memory in memories:
            kept = tuple(m for m in months if among is None or (m, drift, memory) in among)
            covariance = drift**2 * (np.eye(n_months) if memory == 0 else memory**lag) + known
            if kept:
                log_prior = -float(np.log(len(memories)))
                settings += _with_drift(expansion, drift, memory, covariance, kept, log_prior, shared)
    return settings


def nuisance_columns(n_segments: int, n_months: int) -> Array:
    """Return columns (T, p) that every segment has of its own, each scaled by its prior standard deviation."""
    time = np.linspace(-0.5, 0.5, n_months) if n_months > 1 else np.zeros(1)
    columns = [np.full(n_months, np.sqrt(_LEVEL_VARIANCE)), _TREND_SD * (3.0 if n_segments == 1 else 1.0) * time]
    if n_segments == 1 and n_months >= 24:
        for cycles in (1, 2):
            angle = 2 * np.pi * cycles * np.arange(n_months) / 12
            columns += [SEASON_SD * np.cos(angle), SEASON_SD * np.sin(angle)]
    return np.stack(columns, axis=1)


def season_covariance(n_months: int) -> Array:
    """Return the covariance of a yearly season, the same in all segments: independent calendar months, (T, T)."""
    calendar = np.arange(n_months) % 12
    return SEASON_SD**2 * (calendar[:, None] == calendar)


@lru_cache(maxsize=64)
def _month_precision(spread: float, n_months: int) -> tuple[Array, float]:
    return _precision_of_months(spread, n_months, None)


def _precision_of_months(spread: float, n_months: int, shared: Array | None) -> tuple[Array, float]:
    """Return the precision (T, T) of month effects of a spread with their season, and the log determinant of their covariance."""
    together = spread**2 * np.eye(n_months) + season_covariance(n_months)
    if shared is not None:
        together = together + shared
    return np.asarray(np.linalg.inv(together), dtype=float), float(np.linalg.slogdet(together)[1])


def _with_drift(
    expansion: Expansion,
    drift: float,
    memory: float,
    covariance: Array,
    months: tuple[float, ...],
    log_prior: float,
    shared: Array | None,
) -> list[Noise]:
    total = covariance + np.stack([np.diag(1 / w) for w in expansion.weight])
    precision = np.linalg.inv(total)
    log_det = float(np.linalg.slogdet(total)[1].sum())
    pull = np.einsum("stu,su->st", precision, expansion.response)
    fit = float((pull * expansion.response).sum())
    inverse_roots, log_months = _inverse_month_roots(precision.sum(axis=0), months, shared)
    month_pulls = pull.sum(axis=0) @ inverse_roots
    return [
        Noise(
            month_spread=spread,
            drift_spread=drift,
            drift_memory=memory,
            precision=precision,
            month_root=precision @ inverse_root,
            pull=pull,
            month_pull=month_pull,
            log_evidence=-0.5 * (log_det + log_month + fit - float(month_pull @ month_pull)),
            log_prior=log_prior,
        )
        for spread, inverse_root, month_pull, log_month in zip(
            months, inverse_roots, month_pulls, log_months.tolist(), strict=True
        )
    ]


def _inverse_month_roots(precision: Array, months: tuple[float, ...], shared: Array | None) -> tuple[Array, Array]:
    """Return the inverse roots (M, T, T) of the month systems and the log determinants of what they take out, (M,); nothing for no spread."""
    n_months = len(precision)
    inverse_roots, log_months = np.zeros((len(months), n_months, n_months)), np.zeros(len(months))
    some = np.flatnonzero(months)
    if some.size:
        of = [months[i] for i in some.tolist()]
        believed, log_believed = zip(
            *(
                _month_precision(one, n_months) if shared is None else _precision_of_months(one, n_months, shared)
                for one in of
            ),
            strict=True,
        )
        roots = np.linalg.cholesky(precision + np.stack(believed))
        inverse_roots[some] = np.linalg.inv(roots).transpose(0, 2, 1)
        log_months[some] = 2 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1) + np.array(log_believed)
    return inverse_roots, log_months
