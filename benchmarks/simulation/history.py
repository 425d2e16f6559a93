"""What happens to a made company, month by month: its budget, its customers, its margin and support cost, by the company's own truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation.company import CHANNELS, Company, stream
from benchmarks.simulation.curves import Array

WINDOW_MONTHS = 12  # what "today" is the mean of
_PART_OF_SEASON = {"margin": 1.0, "support": 0.5, "joins": 1.0, "churn": -0.3}  # of the last quarter's


@dataclass(frozen=True)
class History:
    """What truly happened, (S, T) each; margin and support cost are of all customers of a cell."""

    company: Company
    start: Array
    joined: Array
    lost: Array
    margin: Array
    support: Array
    index: Array  # spend per customer over `company.spend`
    acquisition: Array  # spend on winning customers
    end: Array  # (S, K) customers after the last month
    steady: dict[str, Array]  # (S, T) log of each outcome but for spend and what passes: level, breaks, trends

    @property
    def spend(self) -> Array:
        """Return CX spend."""
        return self.index * self.company.spend * self.start

    @property
    def window(self) -> slice:
        """Return the months that today is the mean of."""
        months = self.start.shape[1]
        return slice(max(0, months - WINDOW_MONTHS), months)

    @property
    def today(self) -> Array:
        """Return today's spend per customer in the unit of the company's curves, (S,)."""
        window = self.window
        return (self.index * self.start)[:, window].sum(axis=1) / self.start[:, window].sum(axis=1)


def lived(company: Company) -> History:
    """Return the company's history; its plan of spend is scaled so that each segment's today is 1 in the unit of its curves."""
    first = _lived(company, np.ones(company.n_segments))
    return _lived(company, first.today)


def _lived(company: Company, unit: Array) -> History:
    n_segments, n_months = company.n_segments, company.n_months
    surroundings = _Surroundings(company, unit)
    frailty, rng = np.asarray(company.world.frailty), stream(company.seed, "chance")
    groups = np.full(frailty.size, 1 / frailty.size)
    now = np.round(surroundings.customers[:, None] * groups)
    arrays = {
        name: np.zeros((n_segments, n_months))
        for name in ("start", "joined", "lost", "margin", "support", "index", "acquisition")
    }
    effective = {name: surroundings.plan[:, 0].copy() for name in CHANNELS}
    excess, last_margin = np.zeros(n_segments), np.zeros(n_segments)
    for t in range(n_months):
        start = now.sum(axis=1)
        at = surroundings.month(t, start)
        x = surroundings.plan[:, t] * np.exp(company.budget.follows_churn * excess)
        x = x * np.exp({"now": at["margin"], "last": last_margin}.get(company.budget.share_of_revenue, 0.0))
        arrays["index"][:, t] = x
        lift = {}
        for name, link in company.links.items():
            paid = arrays["index"][:, max(t - link.delay_months, 0)]
            effective[name] = link.carryover_rate * effective[name] + (1 - link.carryover_rate) * paid
            lift[name] = link.lift(effective[name], slice(0, n_segments))
        level = surroundings.level
        hazard = np.exp(level["churn"] + at["churn"] - lift["churn"])
        lost = rng.binomial(now.astype(int), np.clip(hazard[:, None] * frailty, 0, 0.95))
        ads = company.world.acquisition * (0.7 * np.log(np.maximum(x, 1e-3)) + surroundings.ads[:, t])
        joined = rng.poisson(np.exp(level["joins"] + at["joins"] + ads + lift["joins"])[:, None] * groups)
        arrays["start"][:, t], arrays["lost"][:, t], arrays["joined"][:, t] = (
            start,
            lost.sum(axis=1),
            joined.sum(axis=1),
        )
        arrays["margin"][:, t] = start * np.exp(level["margin"] + at["margin"] + lift["margin"])
        arrays["support"][:, t] = start * np.exp(level["support"] + at["support"] - lift["support"])
        arrays["acquisition"][:, t] = 2 * company.spend * start * x**0.7 * np.exp(surroundings.ads[:, t])
        excess = np.log((arrays["lost"][:, t] + 0.5) / (start * np.exp(level["churn"]) + 0.5))
        last_margin = at["margin"] + lift["margin"]
        now = now + joined - lost
    return History(company=company, end=now, steady=surroundings.steady(), **arrays)


class _Surroundings:
    """What of a company does not answer to what happens: levels, plan, disturbances, breaks and seasons, in logs."""

    def __init__(self, company: Company, unit: Array) -> None:
        self.company = company
        shape = company.n_segments, company.n_months
        rng = stream(company.seed, "levels")
        self.customers = np.round(company.customers * np.exp(rng.normal(0, 0.4, shape[0])))
        self.level = {
            "churn": np.log(company.churn / np.mean(company.world.frailty)) + rng.normal(0, 0.25, shape[0]),
            "margin": np.log(company.margin) + rng.normal(0, 0.3, shape[0]),
            "support": np.log(company.support) + rng.normal(0, 0.3, shape[0]),
            "joins": np.log(self.customers * company.churn),
        }
        self.drawn = {name: _disturbed(company, name, shape) for name in CHANNELS}
        if company.world.good_months:
            self._share_good_months()
        self.cell = {
            name: stream(company.seed, "cell", name).normal(size=shape) * company.disturbance(name).cell
            for name in CHANNELS
        }
        self.ads = stream(company.seed, "ads").normal(0, 0.2, shape) * bool(company.world.acquisition)
        self.lasting = _lasting(company)
        self.passing = _passing(company)
        self.plan = _plan(company, self.drawn["churn"] + self.passing["churn"]) / unit[:, None]

    def month(self, t: int, start: Array) -> dict[str, Array]:
        """Return what moves each outcome in month `t` beside spend, (S,), for segments of so many customers."""
        size = np.sqrt(10_000 / np.maximum(start, 50))
        return {
            n: self.drawn[n][:, t] + self.lasting[n][:, t] + self.passing[n][:, t] + self.cell[n][:, t] * size
            for n in CHANNELS
        }

    def steady(self) -> dict[str, Array]:
        """Return the log of each outcome but for spend and what passes."""
        return {name: self.level[name][:, None] + self.lasting[name] for name in CHANNELS}

    def _share_good_months(self) -> None:
        part = self.company.world.good_months
        common = {n: one / max(one.std(), 1e-12) for n, one in self.drawn.items()}
        for name, sign in (("joins", 1.0), ("churn", -1.0)):
            spread = self.drawn[name].std()
            self.drawn[name] = spread * (sign * part * common["margin"] + np.sqrt(1 - part**2) * common[name])


def _disturbed(company: Company, channel: str, shape: tuple[int, int]) -> Array:
    """Return months common to all segments and a drift of each segment's own, (S, T)."""
    one, rng = company.disturbance(channel), stream(company.seed, "disturbance", channel)
    month, drift = rng.normal(0, one.month, shape[1]), np.empty(shape)
    now = rng.normal(0, one.drift, shape[0])
    for t in range(shape[1]):
        now = one.memory * now + np.sqrt(1 - one.memory**2) * rng.normal(0, one.drift, shape[0])
        drift[:, t] = now
    return month + drift


def _lasting(company: Company) -> dict[str, Array]:
    """Return what changed for good, in logs: a price, a break of churn, trends."""
    shape, first = (company.n_segments, company.n_months), np.arange(company.n_segments) == 0
    out, after = {name: np.zeros(shape) for name in CHANNELS}, np.arange(shape[1]) >= company.turn
    out["margin"] += company.world.price_step * np.outer(first | company.world.price_in_all, after)
    out["churn"] += company.world.churn_break * np.outer(first, after)
    if company.world.trends:
        out["churn"] += np.outer(company.world.trends[: shape[0]], np.linspace(-0.5, 0.5, shape[1]))
    return _with_event(out, company, lasts=True)


def _passing(company: Company) -> dict[str, Array]:
    """Return seasons and shocks, in logs."""
    shape, world = (company.n_segments, company.n_months), company.world
    out = {
        name: np.zeros(shape) + _PART_OF_SEASON[name] * world.last_quarter * last_quarter(shape[1]) for name in CHANNELS
    }
    place = np.arange(shape[0])[:, None] * 12 / shape[0] * world.own_seasons
    out["churn"] += world.yearly_wave * np.sin(2 * np.pi * (np.arange(shape[1]) + place) / 12)
    out["churn"] += world.shock * in_shock(company)
    return _with_event(out, company, lasts=False)


def _with_event(out: dict[str, Array], company: Company, *, lasts: bool) -> dict[str, Array]:
    """Return logs of the outcomes with what an event does, if it is one that lasts, or one that passes."""
    if lasts is (company.world.event_months == 0):
        for name, size in zip(("churn", "margin"), company.world.event, strict=True):
            out[name] = out[name] + size * in_event(company)
    return out


def last_quarter(n_months: int) -> Array:
    """Return 1 in October to December of histories that begin in a January, less its mean over a year."""
    return (np.arange(n_months) % 12 >= 9).astype(float) - 0.25


def in_shock(company: Company) -> Array:
    """Return 1 in the five months, in the first half of the segments, of a shock that begins in mid-history, (S, T)."""
    month = np.arange(company.n_months)
    return np.outer(first_half(company), (month >= company.turn - 2) & (month < company.turn + 3)).astype(float)


def in_event(company: Company) -> Array:
    """Return 1 where an event holds that begins in mid-history in the first half of the segments, (S, T)."""
    month, turn = np.arange(company.n_months), company.turn
    last = turn + (company.world.event_months or company.n_months)
    return np.outer(first_half(company), (month >= turn) & (month < last)).astype(float)


def first_half(company: Company) -> NDArray[np.bool_]:
    """Return which segments are of the first half, (S,)."""
    return np.arange(company.n_segments) < (company.n_segments + 1) // 2


def _plan(company: Company, churn: Array) -> Array:
    """Return spend per customer as it is planned, (S, T): staggered steps with a little noise, and what the budget goes by.

    `churn` (S, T) is what moves churn in logs, for a budget that foresees it.
    """
    plan, months = company.budget, np.arange(company.n_months)
    rng, shape = stream(company.seed, "plan"), (company.n_segments, company.n_months)
    steps = np.empty(shape)
    for s in range(shape[0]):
        length = int(rng.integers(4, 10))
        drawn = np.repeat(rng.normal(0, plan.variation, shape[1] // length + 2), length)
        steps[s] = drawn[rng.integers(0, length) :][: shape[1]]
    if plan.together:
        steps = np.repeat(steps[:1], shape[0], axis=0)
    noise = rng.normal(0, 0.15 * plan.variation, shape)
    log = steps + noise + rng.normal(0, plan.each_january, shape[1] // 12 + 1)[months // 12]
    log = log + plan.last_quarter * last_quarter(shape[1]) + plan.in_phase * np.sin(2 * np.pi * months / 12)
    log = log + plan.rise_with_price * (months >= company.turn) - plan.cut_in_shock * in_shock(company)
    log = log + plan.rise_with_event * in_event(company)
    if company.world.trends:
        log = log - plan.where_improving * np.outer(company.world.trends[: shape[0]], np.linspace(-0.5, 0.5, shape[1]))
    next_month = np.concatenate([churn[:, 1:], churn[:, -1:]], axis=1)
    return np.exp(log + plan.foresees_churn * (next_month - churn.mean(axis=1, keepdims=True)))
