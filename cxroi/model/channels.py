"""What spend does to money beside churn: margin per customer, support cost per customer, and customers who join.

Each is a channel of its own: log y_st = alpha_s + beta_s t + gamma_t + u_st + e_st + b_s g(r_st), the same likelihood as for churn
(`cxroi.model.evidence`) with a normal error e_st ~ N(0, w^2 / n_st), n_st the cell's size relative to the mean, in place of Poisson
chance; its spread w is unknown and drawn with the other spreads. b > 0 is what is good for the company in every channel. Each channel has a shape
and a carryover of its own. Spend may leave a channel alone: b = 0 has a prior mass of its own (spike and slab: Mitchell & Beauchamp 1988),
and it may harm it. Given a shape all three are weighed exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.assumption import Grade
from cxroi.model.evidence import Expansion, History, Noise, _with_drift, nuisance_columns
from cxroi.model.feedback import answer_of_spend, feedback_of
from cxroi.model.panel import Panel
from cxroi.model.pilot import PilotEvidence
from cxroi.model.prior import Priors, coordinates, draw_strengths
from cxroi.model.sampling import Cloud, Sampler
from cxroi.model.shape import carry_over, gains
from cxroi.model.uncertainty import Draws, effective_sample_size, resample

Array = NDArray[np.float64]

MONTH_SPREADS = (0.005, 0.02, 0.05, 0.12, 0.3)
CELL_SPREADS = (0.003, 0.01, 0.03, 0.1, 0.3)
DRIFT_SPREADS = (0.0, 0.015, 0.05, 0.15)
DRIFT_MEMORY = (0.6, 0.95)
SEASON_SPREAD = 0.2  # of a calendar month, all segments alike: budgets and baskets both peak in the last quarter
_NEVER = 1e-6
_SHIFT_SD = 0.3


class Channel(StrEnum):
    """Through which outcome spend may pay, beside churn."""

    MARGIN = "margin"
    SUPPORT = "support"
    JOINS = "joins"


@dataclass(frozen=True, kw_only=True)
class ChannelPrior:
    """What is believed of one channel: does spend leave it alone, help or harm, and by how much (log, of today's spend)."""

    scale: float
    spread_scale: float
    nothing: float = 0.75
    harms: float = 0.03

    @property
    def helps(self) -> float:
        return 1 - self.nothing - self.harms


CHANNEL_PRIORS = {
    Channel.MARGIN: ChannelPrior(scale=0.12, spread_scale=0.05),
    Channel.SUPPORT: ChannelPrior(scale=0.30, spread_scale=0.12),
    Channel.JOINS: ChannelPrior(scale=0.30, spread_scale=0.12),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelHistory:
    """The cells of one channel: `history` for spend, -log y or log y so that a fall is good, and each cell's relative size."""

    channel: Channel
    history: History
    response: Array
    size: Array  # relative number of customers (or of joins), 0 where not seen


def channel_history(channel: Channel, panel: Panel, history: History) -> ChannelHistory | str:
    """Return the cells of a channel, or why it cannot be looked at."""
    rows = [panel.segments.index(name) for name in history.segments]
    keep = np.flatnonzero(panel.complete_months)
    first, last = int(keep[0]), int(keep[-1]) + 1
    start, margin, support, joined = (
        np.nan_to_num(getattr(panel, name)[rows])[:, first:last]
        for name in ("customers_at_start", "contribution_margin", "support_cost", "customers_joined")
    )
    seen = history.seen
    if channel is Channel.JOINS:
        if panel.joined_is_derived:
            return "joins_are_derived"
        if joined[seen].sum() <= 10 * seen.sum():
            return "too_few_joins"
        y, sign, size = joined + 0.5, -1.0, joined + 0.5
    else:
        total, sign = (margin, -1.0) if channel is Channel.MARGIN else (support, 1.0)
        if not (total[seen] > 0).any():
            return "not_given"
        y = total / np.where(start > 0, start, 1.0)
        size = start
        if (y[seen] <= 0).mean() > 0.05:
            return "not_above_zero"
    use = seen & (y > 0)
    level = np.where(use, np.log(np.where(use, y, 1.0)), 0.0)
    mean = level.sum(1) / np.maximum(use.sum(1), 1)
    response = sign * np.where(use, level - mean[:, None], 0.0)
    if channel is Channel.JOINS:  # smoothed: counts know their own error
        average = np.where(use, size, 0).sum(1, keepdims=True) / np.maximum(use.sum(1, keepdims=True), 1)
        size = np.broadcast_to(average, size.shape)
    relative = np.where(use, size / max(float(size[use].mean()), 1e-9), 0.0)
    own = replace(history, customers=np.where(use, np.maximum(history.customers, 1.0), 0.0))
    return ChannelHistory(channel=channel, history=own, response=response, size=relative)


def channel_settings(cells: ChannelHistory, steps: Array | None = None) -> list[tuple[float, Noise]]:
    """Return every setting of the nuisance spreads with its log prior; `steps` (S, T, T) are levels that shifted for good."""
    n_segments, n_months = cells.response.shape
    nuisance = nuisance_columns(n_segments, n_months)
    known = nuisance @ nuisance.T
    if steps is not None:
        known = known + steps
    months = MONTH_SPREADS if n_segments > 1 else (0.0,)
    lag = np.abs(np.subtract.outer(np.arange(n_months), np.arange(n_months)))
    out: list[tuple[float, Noise]] = []
    for cell in CELL_SPREADS:
        weight = np.maximum(cells.size / cell**2, _NEVER)
        expansion = Expansion(cells.response, weight, 1.0)
        for drift in DRIFT_SPREADS:
            for memory in DRIFT_MEMORY if drift else (0.0,):
                covariance = drift**2 * (np.eye(n_months) if memory == 0 else memory**lag)
                prior = -float(np.log(len(DRIFT_MEMORY))) if drift else 0.0
                out += [
                    (prior, one)
                    for one in _with_drift(expansion, known, drift, memory, covariance, months, SEASON_SPREAD)
                ]
    return out


def shifts_of(cells: ChannelHistory, noise: Noise) -> list[tuple[int, int]]:
    """Return (segment, month) of levels that shifted for good beside what spend explains: a price, a product, a way of counting.

    A step is looked for in every month of every segment, with spend at a plain shape in the fit (a level shift of Chen & Liu 1993),
    and kept above |z| = 4: a hundred months and four segments bring one by chance in a hundred histories.
    """
    plain = _plain(cells)
    information, pull = noise.quadratic(plain[None])
    total = float(information.sum())
    left = cells.response + (float(pull.sum()) / total if total > 0 else 0.0) * plain
    n_segments, n_months = left.shape
    own = noise.precision - noise.month_root @ noise.month_root.transpose(0, 2, 1)
    month = np.arange(n_months)
    steps = (month[None, :] >= month[3:-2, None]).astype(float)  # (K, T)
    found = []
    weighed = np.einsum("stu,su->st", noise.precision, left)
    weighed -= np.einsum("stu,u->st", noise.month_root, np.einsum("stu,st->u", noise.month_root, left))
    for s in range(n_segments):
        z = steps @ weighed[s] / np.sqrt(np.maximum(np.einsum("kt,tu,ku->k", steps, own[s], steps), 1e-12))
        best = int(np.abs(z).argmax()) if z.size else 0
        if z.size and abs(z[best]) > 4:
            found.append((s, best + 3))
    return found


def step_covariance(shifts: list[tuple[int, int]], n_segments: int, n_months: int) -> Array:
    """Return the covariance of level shifts, (S, T, T)."""
    out = np.zeros((n_segments, n_months, n_months))
    for s, month in shifts:
        step = (np.arange(n_months) >= month).astype(float)
        out[s] += _SHIFT_SD**2 * np.outer(step, step)
    return out


@dataclass(frozen=True, kw_only=True)
class SameMonth:
    """How spend answers to the outcome of its own month: elasticity c with its t-value, robust to steps of the budget."""

    elasticity: float
    t: float


def same_month_answer(cells: ChannelHistory) -> SameMonth:
    """Return the elasticity of this month's spend to this month's outcome from month-to-month changes (Huber 1964).

    The mean over segments is taken off each month, so that seasons do not count. A budget that is a share of revenue has 1.
    A true effect of spend shows here too, as 1 / elasticity where the outcome has little noise of its own: far above 1.
    """
    spend = np.log(np.maximum(cells.history.spend_ratio, 1e-3))
    x, y = np.diff(-cells.response, axis=1), np.diff(spend, axis=1)
    seen = cells.history.seen[:, 1:] & cells.history.seen[:, :-1]
    if x.shape[0] > 1:
        x, y = x - x.mean(axis=0), y - np.median(y, axis=0)
    x, y = x[seen], y[seen]
    if x.size < 6 or not (x @ x) > 0:
        return SameMonth(elasticity=0.0, t=0.0)
    weight, c = np.ones(x.size), 0.0
    for _ in range(30):
        c = float((weight * x) @ y / ((weight * x) @ x))
        left = np.abs(y - c * x)
        scale = 1.345 * 1.4826 * float(np.median(left))
        if scale < 1e-9:
            return SameMonth(elasticity=c, t=np.inf if abs(c) > 1e-6 else 0.0)
        weight = np.minimum(1.0, scale / np.maximum(left, 1e-12))
    variance = float(((weight * left) ** 2).sum()) / (x.size - 1) / float((weight * x) @ x)
    return SameMonth(elasticity=c, t=c / np.sqrt(max(variance, 1e-18)))


def follows_revenue(answer: SameMonth) -> bool:
    """Return whether spend looks like a share of its own month's revenue: elasticity near 1 and surely not 0."""
    return answer.t > 4 and 0.4 < answer.elasticity < 1.6


def share_as_spend(cells: ChannelHistory, elasticity: float) -> ChannelHistory:
    """Return the cells with spend freed of what follows the outcome of its month: x y^-c instead of x, y relative to its mean.

    Where the budget is a share of revenue (c = 1) this is that share: the decision, and so what may be taken as given. The outcome
    itself is not: y = b x + u with x = v + c y makes x move with u, and v not (Anderson & Rubin 1949: a reduced form on the instrument).
    """
    away = np.exp(np.clip(elasticity * cells.response, -3, 3))  # the response is -log y, freed of its mean
    return replace(cells, history=replace(cells.history, spend_ratio=cells.history.spend_ratio * away))


class ChannelSampler(Sampler):
    """The sampler of churn with other cells, and with strengths that are none, help or harm."""

    def __init__(
        self,
        cells: ChannelHistory,
        priors: Priors,
        belief: ChannelPrior,
        seed: int,
        draws: int,
        correct: bool = True,
        pilots: tuple[PilotEvidence, ...] = (),
    ) -> None:
        self.draws, self.history, self.pilots, self.seed, self.start = draws, cells.history, pilots, seed, None
        self.belief = belief
        self.priors = replace(priors, strength_scale=belief.scale, strength_spread_scale=belief.spread_scale)
        settings = channel_settings(cells)
        self.shifts: list[tuple[int, int]] = []
        for _ in range(2 if cells.response.shape[1] >= 12 else 0):
            new = shifts_of(cells, max((one for _, one in settings), key=lambda one: one.log_evidence))
            new = [one for one in new if one not in self.shifts]
            if not new:
                break
            self.shifts += new
            settings = channel_settings(cells, step_covariance(self.shifts, *cells.response.shape))
        self.settings = [one for _, one in settings]
        self.log_noise = np.array([one.log_evidence + prior for prior, one in settings])
        keep = self.log_noise > self.log_noise.max() - 60  # an effect may be what makes a setting look bad
        self.settings = [one for one, kept in zip(self.settings, keep, strict=True) if kept]
        self.log_noise = self.log_noise[keep]
        self.expansion = Expansion(cells.response, cells.size, 1.0)
        elasticity = answer_of_spend(self.history, self.expansion) if correct else 0.0
        self.elasticity = elasticity
        self.feedback = feedback_of(self.history, self.settings, elasticity)

    def _approach(self) -> None:
        """Nothing to approach: the likelihood is normal as it stands."""

    def _evaluate(self, z: Draws, family: NDArray[np.int64], noise: NDArray[np.int64]) -> Cloud:
        half, steep, carry, middle, spread = coordinates(z, family, self.priors)
        n_segments = len(self.history.segments)
        gain_by_draw, slope = self._gain_and_slope(z, family)
        information, pull = np.empty((len(z), n_segments, n_segments)), np.empty((len(z), n_segments))
        for k in np.unique(noise):
            mine = noise == k
            information[mine], pull[mine] = self.settings[k].quadratic(gain_by_draw[mine])
            if self.feedback is not None and slope is not None:
                pull[mine] -= self.feedback.added_pull(slope[mine], carry[mine], k)
        self._add_pilots(family, half, steep, carry, information, pull)
        good, log_good = draw_strengths(information, pull, middle, spread, self.seed)
        log_mass = [np.full(len(z), np.log(self.belief.nothing)) if self.belief.nothing else np.full(len(z), -np.inf)]
        log_mass.append(np.log(self.belief.helps) + log_good)
        options = [np.zeros_like(good), good]
        if self.belief.harms:
            bad, log_bad = draw_strengths(information, -pull, middle, spread, self.seed + 1)
            log_mass.append(np.log(self.belief.harms) + log_bad)
            options.append(-bad)
        together = np.logaddexp.reduce(log_mass, axis=0)
        edges = np.cumsum(np.exp(np.stack(log_mass) - together), axis=0)
        chosen = (np.random.default_rng([self.seed, len(z), 5]).uniform(size=len(z)) > edges[:-1]).sum(axis=0)
        strength = np.stack(options)[chosen, np.arange(len(z))]
        log_prior_mass = self.log_noise[noise] + np.log(self.priors.family_weight)[family] - 0.5 * (z**2).sum(axis=1)
        return Cloud(z, family, noise, strength, together + log_prior_mass)


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelPosterior:
    """Equally likely curves of one channel; strengths (n, S) are signed: above 0 spend helps, below it harms."""

    channel: Channel
    family: NDArray[np.int64]
    half_saturation: Draws
    steepness: Draws
    carryover_rate: Draws
    strength: Draws
    effective_sample_size: float = float("nan")
    answer: float = 0.0  # elasticity of next month's spend to this month's outcome
    lead: float | None = None
    link: float = 0.0  # z-score of spend at a plain shape: the simple test
    same_month: SameMonth = SameMonth(elasticity=0.0, t=0.0)
    shifts: tuple[tuple[int, int], ...] = ()  # (segment, month) where the level moved for good
    grade: Grade = Grade.OWN_HISTORY
    piloted: bool = False  # groups drawn by lot measured it
    bracket: tuple[float, float] = (0.0, 0.0)  # elasticity if spend is set freely, and if its share of the outcome is
    month_spread: Draws = field(default_factory=lambda: np.zeros(1))
    drift_spread: Draws = field(default_factory=lambda: np.zeros(1))
    drift_memory: Draws = field(default_factory=lambda: np.zeros(1))

    @property
    def moves(self) -> NDArray[np.bool_]:
        """Return in which draws spend moves the channel at all, (n,)."""
        out: NDArray[np.bool_] = (self.strength != 0).any(axis=1)
        return out

    @property
    def helps(self) -> float:
        return float((self.strength > 0).any(axis=1).mean())

    @property
    def harms(self) -> float:
        return float((self.strength < 0).any(axis=1).mean())

    def gains(self, effective_spend: ArrayLike) -> Draws:
        r = np.asarray(effective_spend, dtype=float)
        if r.shape[:1] != self.family.shape:
            r = np.broadcast_to(r, (*self.family.shape, *r.shape))
        return gains(self.family, r, self.half_saturation, self.steepness)

    def slope(self) -> Draws:
        """Return b g'(1), the elasticity of the outcome in today's spend, per draw and segment."""
        step = 0.01
        return self.strength * ((self.gains(1 + step) - self.gains(1 - step)) / (2 * step))[:, None]

    def take(self, draws: NDArray[np.int64] | slice) -> ChannelPosterior:
        names = ("family", "half_saturation", "steepness", "carryover_rate", "strength")
        noise = ("month_spread", "drift_spread", "drift_memory")
        return replace(
            self,
            **{name: getattr(self, name)[draws] for name in names},
            **{name: getattr(self, name)[draws] for name in noise if getattr(self, name).size > 1},
        )


def fit_channel(
    cells: ChannelHistory,
    priors: Priors,
    belief: ChannelPrior | None = None,
    *,
    seed: int = 0,
    draws: int = 2048,
    correct: bool = True,
    same_month: bool = False,
    pilots: tuple[PilotEvidence, ...] = (),
) -> ChannelPosterior:
    """Return the posterior of one channel; of `pilots` those count that measured it."""
    pilots = tuple(pilot for pilot in pilots if pilot.outcome.value == cells.channel.value)
    order = list(Channel).index(cells.channel) + 1
    answer = same_month_answer(cells)
    if same_month and follows_revenue(answer):
        cells = share_as_spend(cells, min(answer.elasticity, 1.0))
    sampler = ChannelSampler(cells, priors, belief or CHANNEL_PRIORS[cells.channel], seed, draws, correct, pilots)
    cloud, log_weight = sampler.run()
    chosen = resample(log_weight, draws, seed + order)
    chosen = np.random.default_rng([seed, order]).permutation(chosen)
    half, steep, carry, _, _ = coordinates(cloud.z[chosen], cloud.family[chosen], sampler.priors)
    settings = sampler.settings
    best = max(settings, key=lambda one: one.log_evidence)
    noise = cloud.noise[chosen]
    return ChannelPosterior(
        channel=cells.channel,
        family=cloud.family[chosen].astype(np.int64),
        half_saturation=half,
        steepness=steep,
        carryover_rate=carry,
        strength=cloud.strength[chosen],
        effective_sample_size=effective_sample_size(log_weight),
        answer=sampler.elasticity,
        grade=min([pilot.grade for pilot in pilots], default=_history_grade(cells)),
        piloted=any(pilot.grade is Grade.RANDOMISED_PILOT for pilot in pilots),
        lead=_lead(cells, best),
        link=_link(cells, best),
        same_month=answer,
        shifts=tuple(sampler.shifts),
        bracket=_bracket(cells, best),
        month_spread=np.array([s.month_spread for s in settings])[noise],
        drift_spread=np.array([s.drift_spread for s in settings])[noise],
        drift_memory=np.array([s.drift_memory for s in settings])[noise],
    )


def _history_grade(cells: ChannelHistory) -> Grade:
    """C with segments to compare within a month, else D, as for churn."""
    return Grade.OWN_HISTORY if len(cells.history.segments) > 1 else Grade.SURVEY_LINKAGE


def _plain(cells: ChannelHistory) -> Array:
    """Return a plain shape of spend: exponential, half-saturation and carryover in the middle of their ranges, (S, T)."""
    r = carry_over(cells.history.spend_ratio[None], np.array([[0.45]]))
    return gains(np.zeros(1, np.int64), r, np.ones(1), np.ones(1))[0]


def _bracket(cells: ChannelHistory, noise: Noise) -> tuple[float, float]:
    """Return the elasticity of the outcome to spend if spend is set freely, and if spend per unit of outcome is (an instrument).

    Both wrong in opposite directions where the budget follows the outcome in part: the truth lies between.
    """
    x = np.log(np.maximum(cells.history.spend_ratio, 1e-3))
    x = x - x.mean(axis=1, keepdims=True)
    sign = -1.0  # response is -log y where b > 0 is more of y
    v = x - sign * cells.response
    information, pull = noise.quadratic(np.stack([x, v, x + v]))
    total, force = information.sum(axis=(1, 2)), pull.sum(axis=1)
    cross = (total[2] - total[0] - total[1]) / 2
    free = float(force[0] / total[0]) if total[0] > 0 else 0.0
    share = float(force[1] / cross) if abs(cross) > 1e-12 else 0.0
    return free, share


def _link(cells: ChannelHistory, noise: Noise) -> float:
    information, pull = noise.quadratic(_plain(cells)[None])
    total = float(information.sum())
    return float(pull.sum()) / np.sqrt(total) if total > 0 else 0.0


def _lead(cells: ChannelHistory, noise: Noise) -> float | None:
    """Return the z-score of next quarter's spend beside this month's; as `cxroi.model.health.placebo`."""
    ratio = np.log(np.maximum(cells.history.spend_ratio, 1e-3))
    n_months = ratio.shape[1]
    if n_months < 8 or ratio.std() < 1e-6:
        return None
    lead = np.stack([ratio[:, min(t + 1, n_months - 1) : t + 4].mean(axis=1) for t in range(n_months)], axis=1)
    now = _plain(cells)
    information, pull = noise.quadratic(np.stack([now, lead, now + lead]))
    total, force = information.sum(axis=(1, 2)), pull.sum(axis=1)
    cross = (total[2] - total[0] - total[1]) / 2
    determinant = total[0] * total[1] - cross**2
    if determinant <= 1e-9 * total[0] * total[1] or total[1] <= 0:
        return None
    estimate = (total[0] * force[1] - cross * force[0]) / determinant
    return float(estimate / np.sqrt(total[0] / determinant))
