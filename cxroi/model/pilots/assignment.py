"""Who is treated and who is control: two groups drawn by lot within strata, the same again for the same seed whatever the order of rows.

A customer's place in the lot is the SHA-256 of the seed and the customer's name, so that neither the order in which customers are listed nor the
machine decides anything, and nobody can steer it without changing the seed. Within each stratum both groups get as many (blocked
randomisation: Imbens & Rubin 2015, ch. 9). Whole regions are drawn in pairs of nearly the same size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.pilots.power import FEWEST_BRANCHES
from cxroi.model.statistics.uncertainty import Draws

NEITHER, TREATED, CONTROL = 0, 1, 2


def lot(name: str, seed: int) -> str:
    """Return a customer's place in the lot, as text that sorts.

    >>> lot("C-1", 7) == lot("C-1", 7), lot("C-1", 7) == lot("C-1", 8)
    (True, False)
    """
    return sha256(f"{seed}\n{name}".encode()).hexdigest()


def draw_groups(names: Sequence[str], strata: NDArray[np.int64], per_group: int, seed: int) -> NDArray[np.int8]:
    """Return the group of each customer (n,): `TREATED`, `CONTROL` or `NEITHER`, `per_group` in each of two.

    Every stratum gives both groups as many, in proportion to its size. Raises ModelError where there are not enough customers.
    """
    counts = np.bincount(strata, minlength=int(strata.max(initial=-1)) + 1)
    pairs = _shared_out(per_group, counts)
    out = np.full(len(names), NEITHER, np.int8)
    places = np.array(sorted(range(len(names)), key=lambda one: (strata[one], lot(names[one], seed))), dtype=np.int64)
    start = 0
    for count, own in zip(counts.tolist(), pairs.tolist(), strict=True):
        out[places[start : start + own]] = TREATED
        out[places[start + own : start + 2 * own]] = CONTROL
        start += count
    return out


def _shared_out(per_group: int, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many pairs each stratum gives: in proportion, the largest remainders first, and no more than it has."""
    most = counts // 2
    if per_group < 1 or per_group > int(most.sum()):
        raise ModelError("pilot.group_too_small", customers=int(counts.sum()))
    due = per_group * counts / counts.sum()
    pairs = np.minimum(due.astype(np.int64), most)
    while (left := per_group - int(pairs.sum())) > 0:
        open_ = np.flatnonzero(pairs < most)
        first = open_[np.argsort(pairs[open_] - due[open_], kind="stable")][:left]
        pairs[first] += 1
    return pairs


def draw_regions(sizes: Mapping[str, int], per_group: int, seed: int) -> dict[str, int]:
    """Return the group of each region: of pairs of neighbours in size, the largest first, one each by lot. Raises ModelError for fewer than four pairs."""
    if per_group < FEWEST_BRANCHES or 2 * per_group > len(sizes):
        raise ModelError("pilots.too_few_regions", regions=len(sizes), needed=2 * FEWEST_BRANCHES)
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))[: 2 * per_group]
    groups = dict.fromkeys(sizes, NEITHER)
    for pair in zip(ordered[::2], ordered[1::2], strict=True):
        first, second = sorted(pair, key=lambda name: lot(name, seed))
        groups[first], groups[second] = TREATED, CONTROL
    return groups


@dataclass(frozen=True, kw_only=True)
class Balance:
    """One thing in which groups should be alike: its mean in each, and their difference in standard deviations (Austin 2009: below 0.1)."""

    name: str
    treated: float
    control: float
    difference: float


def balance_of(name: str, values: Draws, groups: NDArray[np.int8]) -> Balance:
    """Return how alike the groups are in some values (n,); what is not known of a customer is left out."""
    known = np.isfinite(values)
    parts = [values[known & (groups == group)] for group in (TREATED, CONTROL)]
    if not all(part.size for part in parts):
        return Balance(name=name, treated=float("nan"), control=float("nan"), difference=float("nan"))
    means = [float(part.mean()) for part in parts]
    spread = float(np.sqrt(sum(float(part.var()) for part in parts) / 2))
    difference = 0.0 if means[0] == means[1] else (means[0] - means[1]) / spread if spread > 0 else float("inf")
    return Balance(name=name, treated=means[0], control=means[1], difference=difference)
