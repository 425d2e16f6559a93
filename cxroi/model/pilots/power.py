"""How sure a pilot of so many customers would be: power, sample size and standard errors, by customer and by branch."""

from __future__ import annotations

from math import ceil, exp, inf, isinf, log, sqrt

from cxroi.errors import ModelError
from cxroi.model.statistics.proportion import critical_value

FEWEST_BRANCHES = 4  # in each group


def power_two_proportions(rate_1: float, rate_2: float, customers_per_group: float, *, alpha: float = 0.05) -> float:
    """Return the chance that a two-sided test at `alpha` shows the difference of two rates.

    Phi((sqrt(n) |p1 - p2| - z sqrt(2 p q)) / sqrt(p1 q1 + p2 q2)) with the pooled p; the far tail is left out, as in
    R's power.prop.test.

    >>> round(power_two_proportions(0.5, 0.75, 76.70692), 6)
    0.9
    """
    from scipy.special import ndtr

    _check_rates(rate_1, rate_2)
    pooled, spread = _spreads(rate_1, rate_2)
    if spread == 0:
        return 1.0
    gap = sqrt(customers_per_group) * abs(rate_1 - rate_2)
    return float(ndtr((gap - critical_value(1 - alpha) * pooled) / spread))


def sample_size_two_proportions(rate_1: float, rate_2: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the customers per group (not rounded) for that power, the inverse of `power_two_proportions`.

    >>> round(sample_size_two_proportions(0.5, 0.75, power=0.9), 4)
    76.7069
    """
    _check_rates(rate_1, rate_2)
    if rate_1 == rate_2:
        raise ModelError("pilot.no_difference", rate=rate_1)
    if not 0.5 < power < 1:
        raise ModelError("pilot.power_out_of_range", power=power)
    pooled, spread = _spreads(rate_1, rate_2)
    wanted = critical_value(1 - alpha) * pooled + critical_value(2 * power - 1) * spread
    return (wanted / (rate_1 - rate_2)) ** 2


def power_two_means(
    effect_size: float, customers_per_group: float, *, alpha: float = 0.05, known_spread: bool = False
) -> float:
    """Return the power of a two-sided test of two means that differ by `effect_size` standard deviations.

    Student's t with noncentrality d sqrt(n / 2), or the normal when the spread is known (Cohen 1988; R's pwr.t.test).

    >>> round(power_two_means(1.0, 30), 6), round(power_two_means(0.3, 80, known_spread=True), 6)
    (0.967708, 0.475101)
    """
    from scipy import special

    if customers_per_group < 2:
        raise ModelError("pilot.group_too_small", customers=customers_per_group)
    shift = effect_size * sqrt(customers_per_group / 2)
    # Beyond these the noncentral t has no digits left in scipy, and is the normal to five of them.
    if known_spread or customers_per_group > 20_000 or abs(shift) > 30:
        z = critical_value(1 - alpha)
        return float(special.ndtr(shift - z) + special.ndtr(-shift - z))
    freedom = 2 * customers_per_group - 2
    beyond = float(special.stdtrit(freedom, 1 - alpha / 2))
    return float(1 - special.nctdtr(freedom, shift, beyond) + special.nctdtr(freedom, shift, -beyond))


def sample_size_two_means(effect_size: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return the customers per group (not rounded) at which `power_two_means` reaches `power`.

    >>> round(sample_size_two_means(0.5), 2)
    63.77
    """
    from scipy.optimize import brentq

    if effect_size == 0 or not 0.5 < power < 1:
        raise ModelError("pilot.power_out_of_range", power=power)
    by_normal = 2 * ((critical_value(1 - alpha) + critical_value(2 * power - 1)) / effect_size) ** 2
    return float(brentq(lambda n: power_two_means(effect_size, n, alpha=alpha) - power, 2, 2 * by_normal + 20))


def hazard_variance(share_kept: float, customers: float) -> float:
    """Return the variance of ln(-ln S) for a share kept S of a group, by the delta method: (1 - S) / (n S ln(S)^2)."""
    return (1 - share_kept) / (customers * share_kept * log(share_kept) ** 2)


def log_hazard_error(churn: float, months: int, gain: float, customers: float) -> float:
    """Return the standard error of the log-hazard gain that a pilot of two groups of `customers` would show.

    `churn` a month without the pilot, `gain` what it is expected to take off log churn.
    """
    kept = [max(1 - churn * exp(-off), 1e-9) ** months for off in (0.0, gain)]
    return sqrt(sum(hazard_variance(share, customers) for share in kept))


def customers_for_error(churn: float, months: int, gain: float, error: float) -> float:
    """Return the customers a group, not rounded, with which a pilot's log-hazard gain has that standard error.

    >>> round(log_hazard_error(0.02, 6, 0.1, customers_for_error(0.02, 6, 0.1, 0.2)), 6)
    0.2
    """
    return (log_hazard_error(churn, months, gain, 1.0) / error) ** 2


def design_effect(customers_per_branch: float, intra_class_correlation: float, size_variation: float = 0.0) -> float:
    """Return by how much groups must grow when whole branches are assigned, 1 + ((1 + cv^2) m - 1) rho.

    Kish (1965) for branches of one size m; `size_variation` is the coefficient of variation cv of their sizes (Eldridge, Ashby & Kerry
    2006): large branches count for more than their mean.

    >>> round(design_effect(101, 0.01), 6), round(design_effect(101, 0.01, 1.0), 6)
    (2.0, 3.01)
    """
    effective = (1 + size_variation**2) * customers_per_branch
    return 1 + max(effective - 1, 0.0) * intra_class_correlation


def branches_needed(
    customers: float, intra_class_correlation: float, customers_per_branch: float = inf, size_variation: float = 0.0
) -> int:
    """Return the branches a group that tell as much as `customers` drawn one by one: n (1 + (m - 1) rho) / m.

    However large branches are, n rho of them are needed. At least four: with fewer, chance between branches cannot be told
    (Hayes & Moulton 2009).

    >>> branches_needed(2000, 0.01), branches_needed(2000, 0.01, 100)
    (20, 40)
    """
    size = customers_per_branch
    each = (1 + size_variation**2) * intra_class_correlation
    if not isinf(size):
        each = design_effect(size, intra_class_correlation, size_variation) / max(size, 1.0)
    return max(FEWEST_BRANCHES, ceil(customers * each - 1e-9))


def _spreads(rate_1: float, rate_2: float) -> tuple[float, float]:
    mean = (rate_1 + rate_2) / 2
    return sqrt(2 * mean * (1 - mean)), sqrt(rate_1 * (1 - rate_1) + rate_2 * (1 - rate_2))


def _check_rates(*rates: float) -> None:
    for rate in rates:
        if not 0 <= rate <= 1:
            raise ModelError("pilot.rate_out_of_range", rate=rate)
