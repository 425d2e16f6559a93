"""How long today's customers have been there, whether their risk of leaving falls with it, and where it then goes.

Where the data choose the tenure hazard (see `cxroi.model.customers.hazard`), the churn of those who are there today falls month by
month as the likely leavers go first, and those who join start at the higher risk of the new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.model.company.segments import WHOLE, named_segments
from cxroi.model.customers.hazard import Hazard, HazardChoice, choose_hazard
from cxroi.model.customers.retention import SbgFit

Array = NDArray[np.float64]
_GROUPS, _FITS = 24, 256
_BANDS = (0, 3, 6, 12, 24, 36, 60, 120)  # months: where a band of tenure begins
LONGEST_PATH = 120  # months, as far as a horizon goes


@dataclass(frozen=True, kw_only=True, eq=False)
class TenureMix:
    """A fitted tenure hazard and today's customers in groups by tenure: whole months behind them (G,), and share (G,)."""

    sbg: SbgFit
    tenure: Array
    share: Array

    def survival_draws(self, periods: Array, draws: int) -> Array:
        """Return the share of today's customers still there `periods` months on, (draws, n_periods)."""
        return sum(
            (
                share * self.sbg.survival_draws(periods, tenure=tenure, draws=draws)
                for tenure, share in zip(self.tenure.tolist(), self.share.tolist(), strict=True)
            ),
            np.zeros((draws, len(periods))),
        )


@dataclass(frozen=True, kw_only=True)
class TenureBand:
    """Customers of today who have been there from `first` to below `last` whole months (None: or longer), and their share of all."""

    first: int
    last: int | None
    customers: float
    share: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Ageing:
    """Monthly churn at today's spend as a multiple of this month's churn of today's customers, month 1 first, (M, S, n).

    `stock` is of the customers of today, who begin at 1; `joined` of all who have joined since then, one a month.
    """

    stock: Array
    joined: Array

    def of(self, segments: slice, draws: NDArray[np.int64] | slice) -> Ageing:
        """Return the part for some segments and draws."""
        return Ageing(stock=self.stock[:, segments, draws], joined=self.joined[:, segments, draws])


def tenure_bands(ages: pd.DataFrame) -> tuple[TenureBand, ...]:
    """Return how long the customers of today have been there, up to the longest; none where nobody is.

    `ages` has one row a (tenure_months, has_left) with its customers.
    """
    staying = ages[~ages["has_left"].astype(bool)]
    n, tenure = staying["customers"].to_numpy(dtype=float), staying["tenure_months"].to_numpy(dtype=float)
    if n.sum() <= 0:
        return ()
    ends = (*_BANDS[1:], None)
    counts = [
        float(n[(tenure >= first) & (tenure < (np.inf if last is None else last))].sum())
        for first, last in zip(_BANDS, ends, strict=True)
    ]
    longest = max(place for place, count in enumerate(counts) if count)
    return tuple(
        TenureBand(first=first, last=last, customers=count, share=count / float(n.sum()))
        for first, last, count in list(zip(_BANDS, ends, counts, strict=True))[: longest + 1]
    )


def of_segment(ages: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Return the customers of one segment, its names being the panel's."""
    return ages if segment == WHOLE else ages[ages["segment"] == segment]


def hazard_of(ages: pd.DataFrame | None, trailing_months: int) -> HazardChoice | None:
    """Return what these customers say about the hazard over the trailing months; None where nobody was at risk."""
    if ages is None or ages.empty:
        return None
    lost, at_risk = life_table(ages, trailing_months)
    return choose_hazard(lost, at_risk) if (at_risk > 0).any() else None


def life_table(ages: pd.DataFrame, trailing_months: int) -> tuple[Array, Array]:
    """Return customers lost and at risk after 0, 1, 2, ... whole months of tenure, over the trailing months.

    A customer enters at the tenure it had when the trailing months began (left truncation). A month of tenure counts
    only where it ended before the day of listing, for those who left in it too: else the losses of the running month
    would stand against nobody at risk.
    """
    n, left = ages["customers"].to_numpy(dtype=float), ages["has_left"].to_numpy(dtype=bool)
    tenure, age = ages["tenure_months"].to_numpy(dtype=int), ages["age_months"].to_numpy(dtype=int)
    start = np.maximum(age - trailing_months, 0)
    size = int(max(age.max(initial=0), 1))
    lost, at_risk = np.zeros(size), np.zeros(size)
    for t in range(size):
        seen = (start <= t) & (t < age)
        lost[t] = n[seen & left & (tenure == t)].sum()
        at_risk[t] = n[seen & (tenure >= t)].sum()
    return lost, at_risk


def tenure_mix(sbg: SbgFit, ages: pd.DataFrame) -> TenureMix:
    """Return today's customers in at most 24 groups of like tenure, each at its mean."""
    staying = ages[~ages["has_left"].astype(bool)]
    n, tenure = staying["customers"].to_numpy(dtype=float), staying["tenure_months"].to_numpy(dtype=float)
    edges = np.unique(np.quantile(tenure, np.linspace(0, 1, _GROUPS + 1), method="inverted_cdf"))
    group = np.searchsorted(edges, tenure)
    rows = [group == g for g in np.unique(group)]
    return TenureMix(
        sbg=sbg,
        tenure=np.array([np.average(tenure[of], weights=n[of]) for of in rows]),
        share=np.array([n[of].sum() / n.sum() for of in rows]),
    )


def tenure_mixes(tenures: pd.DataFrame, segments: Sequence[str], trailing_months: int) -> tuple[TenureMix | None, ...]:
    """Return the mix of every segment whose customers leave the less the longer they stay, None for the others.

    `tenures` has one row a (segment, age_months, tenure_months, has_left) with its customers.
    """
    ages = tenures.assign(segment=named_segments(tenures["segment"]))
    found: list[TenureMix | None] = []
    for segment in segments:
        own = of_segment(ages, segment)
        choice = hazard_of(own, trailing_months)
        falls = choice is not None and choice.choice is Hazard.TENURE and not own["has_left"].astype(bool).all()
        found.append(tenure_mix(choice.sbg, own) if falls and choice and choice.sbg else None)
    return tuple(found)


def age(
    churn: Array, mixes: Sequence[TenureMix | None], seed: int = 0, months: int = LONGEST_PATH
) -> tuple[Array, Ageing | None]:
    """Return churn this month (n, S) and how it goes on, with the segments that have a mix aged by it.

    The parameters of a fit are as uncertain as it left them, in an order of draws unrelated to anything else's.
    """
    if not any(mixes):
        return churn, None
    now = churn.copy()
    shape = (months, churn.shape[1], churn.shape[0])
    stock, joined = np.ones(shape), np.ones(shape)
    for s, mix in enumerate(mixes):
        if mix is None:
            continue
        order = np.random.default_rng([seed, 11, s]).permutation(len(churn)) % _FITS
        of_stock, of_joined = hazard_paths(mix, months)
        now[:, s] = of_stock[0, order]
        stock[:, s], joined[:, s] = (path[:, order] / of_stock[0, order] for path in (of_stock, of_joined))
    return now, Ageing(stock=stock, joined=joined)


def hazard_paths(mix: TenureMix, months: int, draws: int = _FITS) -> tuple[Array, Array]:
    """Return the expected monthly churn of today's customers, and of those who have joined since, (months, draws) each.

    A customer with tenure u leaves in the next month with alpha / (alpha + beta + u) (Fader & Hardie 2007). Of several
    groups the churn is sum_g n_g h_g / sum_g n_g over those who are left; of one who joined at each month end so far, those
    lost of those there: (1 - S(t - 1)) / sum_{a < t - 1} S(a).
    """
    fits = mix.sbg.estimate.draws(draws) if mix.sbg.estimate else np.array([[mix.sbg.alpha, mix.sbg.beta]] * draws)
    alpha, beta = fits.T
    left = np.repeat(mix.share[:, None], draws, axis=1)
    stays, there = np.ones(draws), np.zeros(draws)  # of who joined first, and of all who joined
    stock, joined = np.empty((months, draws)), np.empty((months, draws))
    for month in range(months):
        hazard = alpha / (alpha + beta + mix.tenure[:, None] + month)
        stock[month] = (left * hazard).sum(axis=0) / left.sum(axis=0)
        left *= 1 - hazard
        joined[month] = (1 - stays) / there if month else alpha / (alpha + beta)
        there += stays
        stays = stays * (1 - alpha / (alpha + beta + month))
    return stock, joined
