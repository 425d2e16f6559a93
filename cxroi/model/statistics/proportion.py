"""Shares and how sure they are: intervals for one share and for the difference of two.

All take counts; a weighted survey passes its effective number of answers (`scores.effective_n`), so counts need not be
whole. `confidence` is two-sided, 0.95 unless told otherwise; the app shows 0.90 as it does everywhere.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.uncertainty import Interval

Bounds = tuple[float, float]


def critical_value(confidence: float) -> float:
    """Return the normal quantile that leaves (1 - confidence) / 2 above it.

    >>> round(critical_value(0.95), 3)
    1.96
    """
    if not 0 < confidence < 1:
        raise ModelError("scores.confidence", value=str(confidence))
    return NormalDist().inv_cdf((1 + confidence) / 2)


def proportion_interval(successes: float, n: float, *, method: str = "wilson", confidence: float = 0.95) -> Bounds:
    """Return the interval of a share, inside 0..1 whatever the method.

    Methods: "wilson" (score interval, Wilson 1927), "agresti_coull" (also called adjusted Wald; Agresti & Coull 1998),
    "jeffreys" (Beta(s + 1/2, n - s + 1/2), Brown, Cai & DasGupta 2001), "exact" (Clopper & Pearson 1934), "wald".

    >>> [round(bound, 4) for bound in proportion_interval(81, 263)]
    [0.2553, 0.3662]
    """
    _check_count(successes, n)
    z = critical_value(confidence)
    share = successes / n
    if method == "wilson":
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    elif method == "agresti_coull":
        centre = (successes + z * z / 2) / (n + z * z)
        half = z * math.sqrt(centre * (1 - centre) / (n + z * z))
    elif method == "wald":
        centre, half = share, z * math.sqrt(share * (1 - share) / n)
    elif method == "jeffreys":
        lower, upper = jeffreys_interval(successes, n, confidence)
        return float(lower), float(upper)
    elif method == "exact":
        return _exact_interval(successes, n, confidence)
    else:
        raise ModelError("scores.method", method=method, known="wilson, agresti_coull, jeffreys, exact, wald")
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == n else min(1.0, centre + half)


def jeffreys_interval(
    successes: ArrayLike, n: ArrayLike, confidence: float = 0.9
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the equal-tailed Jeffreys interval of proportions: quantiles of Beta(successes + 1/2, failures + 1/2).

    The end is 0 where nothing succeeded and 1 where all did (Brown, Cai & DasGupta 2001). NaN where n is 0 or unknown.

    >>> low, high = jeffreys_interval([0, 8], [10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.548], [0.171, 0.94])
    """
    x, size = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(n, dtype=float))
    known = np.isfinite(x) & (size > 0)
    hits, of = np.where(known, x, 0.5), np.where(known, size, 1.0)
    tail = (1 - confidence) / 2
    low = np.where(x <= 0, 0.0, jeffreys_quantiles(hits, of, tail))
    high = np.where(x >= size, 1.0, jeffreys_quantiles(hits, of, 1 - tail))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def jeffreys_quantiles(successes: ArrayLike, n: ArrayLike, at: ArrayLike) -> NDArray[np.float64]:
    """Return the quantiles `at` (0..1) of shares' Jeffreys posterior, Beta(successes + 1/2, n - successes + 1/2).

    The three are broadcast; 0 <= successes <= n is the caller's. Source: Brown, Cai & DasGupta (2001).

    >>> jeffreys_quantiles(5, 10, [0.5]).round(9).tolist()
    [0.5]
    """
    from scipy.special import betaincinv

    hits, size = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    return np.asarray(betaincinv(hits + 0.5, size - hits + 0.5, at), dtype=float)


def difference_interval(
    successes_1: float,
    n_1: float,
    successes_2: float,
    n_2: float,
    *,
    method: str = "newcombe",
    confidence: float = 0.95,
) -> Bounds:
    """Return the interval of share 1 less share 2, two independent groups.

    Methods: "newcombe" (from the two Wilson intervals, Newcombe 1998, method 10), "agresti_caffo" (one success and one
    failure added to each group, Agresti & Caffo 2000), "wald".

    >>> [round(bound, 3) for bound in difference_interval(7, 34, 1, 34)]
    [0.019, 0.34]
    """
    _check_count(successes_1, n_1)
    _check_count(successes_2, n_2)
    if method == "newcombe":
        low_1, high_1 = proportion_interval(successes_1, n_1, confidence=confidence)
        low_2, high_2 = proportion_interval(successes_2, n_2, confidence=confidence)
        found = interval_difference(
            Interval(low=low_1, mid=successes_1 / n_1, high=high_1),
            Interval(low=low_2, mid=successes_2 / n_2, high=high_2),
        )
        return found.low, found.high
    if method == "agresti_caffo":
        successes_1, n_1, successes_2, n_2 = successes_1 + 1, n_1 + 2, successes_2 + 1, n_2 + 2
    elif method != "wald":
        raise ModelError("scores.method", method=method, known="newcombe, agresti_caffo, wald")
    share_1, share_2 = successes_1 / n_1, successes_2 / n_2
    half = critical_value(confidence) * math.sqrt(share_1 * (1 - share_1) / n_1 + share_2 * (1 - share_2) / n_2)
    return max(-1.0, share_1 - share_2 - half), min(1.0, share_1 - share_2 + half)


def interval_difference(first: Interval, second: Interval) -> Interval:
    """Return the first figure less the second, two independent ones, from their own intervals (Zou & Donner 2008; Newcombe's for shares).

    >>> found = interval_difference(Interval(low=0.1, mid=0.3, high=0.6), Interval.known(0.1))
    >>> round(found.low, 6), round(found.mid, 6), round(found.high, 6)
    (0.0, 0.2, 0.5)
    """
    difference = first.mid - second.mid
    below = math.hypot(first.mid - first.low, second.high - second.mid)
    above = math.hypot(first.high - first.mid, second.mid - second.low)
    return Interval(low=difference - below, mid=difference, high=difference + above)


def _check_count(successes: float, n: float) -> None:
    if not (math.isfinite(successes) and math.isfinite(n) and 0 <= successes <= n and n > 0):
        raise ModelError("scores.count", successes=str(successes), n=str(n))


def _exact_interval(successes: float, n: float, confidence: float) -> Bounds:
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = betaincinv(successes, n - successes + 1, tail) if successes > 0 else 0.0
    high = betaincinv(successes + 1, n - successes, 1 - tail) if successes < n else 1.0
    return float(low), float(high)
