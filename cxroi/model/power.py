"""How many customers a pilot needs, for how long, and what it costs, before anything is spent."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, ceil, exp, log, sqrt

from cxroi.errors import ModelError
from cxroi.model.proportion import critical_value


@dataclass(frozen=True, kw_only=True)
class PilotOption:
    """One length of pilot: the group size that reaches the power asked for, and what it costs."""

    months: int
    customers_per_group: int
    cost: float
    fits: bool  # two groups of that size are there


@dataclass(frozen=True, kw_only=True)
class PilotDesign:
    """A pilot worth running: groups, months, cost, and the retention expected in each group at its end."""

    customers_per_group: int
    months: int
    cost: float
    power: float  # reached; below what was asked when there are too few customers
    alpha: float
    control_retention: float
    treated_retention: float
    smallest_uplift_pp: float  # annual retention, points, that this pilot shows with the power asked for
    options: tuple[PilotOption, ...]

    @property
    def reaches_power(self) -> bool:
        """Return whether any length has enough customers."""
        return any(option.fits for option in self.options)


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


def arcsine_effect_size(rate_1: float, rate_2: float) -> float:
    """Return Cohen's h, 2 asin(sqrt(p1)) - 2 asin(sqrt(p2)) (Cohen 1988).

    >>> round(arcsine_effect_size(0.5, 0.4), 6)
    0.201358
    """
    _check_rates(rate_1, rate_2)
    return 2 * asin(sqrt(rate_1)) - 2 * asin(sqrt(rate_2))


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


def design(
    *,
    monthly_churn_rate: float,
    uplift_pp: float,
    customers_available: float,
    extra_spend_per_customer_month: float,
    fixed_cost: float = 0.0,
    months: tuple[int, ...] = (3, 4, 6, 9, 12),
    power: float = 0.8,
    alpha: float = 0.10,
    design_effect: float = 1.0,
) -> PilotDesign:
    """Return the shortest pilot that shows an uplift of `uplift_pp` points of annual retention, else the strongest.

    Hazards are proportional: what lifts annual retention from R to R + uplift multiplies the hazard by
    ln(R + uplift) / ln(R) in every month. `design_effect` multiplies group sizes when whole sites rather than customers
    are assigned (Kish 1965). Money in the unit of `extra_spend_per_customer_month`; cost is that of the treated group.
    """
    annual = (1 - monthly_churn_rate) ** 12
    if not 0 < monthly_churn_rate < 1 or uplift_pp == 0 or not 0 < annual + uplift_pp / 100 < 1:
        raise ModelError("pilot.uplift_out_of_range", uplift=uplift_pp, retention=round(100 * annual, 1))
    if customers_available < 4 or not months or min(months) < 1:
        raise ModelError("pilot.group_too_small", customers=customers_available)
    hazard_ratio = log(annual + uplift_pp / 100) / log(annual)
    limit = int(customers_available // 2)

    def retention(length: int, ratio: float = 1.0) -> float:
        return (1 - monthly_churn_rate) ** (length * ratio)

    def option(length: int) -> PilotOption:
        size = sample_size_two_proportions(retention(length), retention(length, hazard_ratio), power=power, alpha=alpha)
        group = ceil(max(size * design_effect, 2))
        cost = fixed_cost + group * length * extra_spend_per_customer_month
        return PilotOption(months=length, customers_per_group=group, cost=cost, fits=group <= limit)

    options = tuple(option(length) for length in sorted(months))
    chosen = next((one for one in options if one.fits), min(options, key=lambda one: one.customers_per_group))
    group = min(chosen.customers_per_group, limit)
    control, treated = retention(chosen.months), retention(chosen.months, hazard_ratio)
    effective = group / design_effect
    return PilotDesign(
        customers_per_group=group,
        months=chosen.months,
        cost=fixed_cost + group * chosen.months * extra_spend_per_customer_month,
        power=power_two_proportions(control, treated, effective, alpha=alpha),
        alpha=alpha,
        control_retention=control,
        treated_retention=treated,
        smallest_uplift_pp=_smallest_uplift(control, annual, chosen.months, effective, power, alpha),
        options=options,
    )


def _smallest_uplift(control: float, annual: float, months: int, customers: float, power: float, alpha: float) -> float:
    """Return the smallest rise of annual retention, in points, that reaches the power; NaN when none does."""
    low, high = control, 1 - 1e-9
    if power_two_proportions(control, high, customers, alpha=alpha) < power:
        return float("nan")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (low, middle) if power_two_proportions(control, middle, customers, alpha=alpha) >= power else (middle, high)
        )
    return 100 * (exp(log(high) * 12 / months) - annual)


def _spreads(rate_1: float, rate_2: float) -> tuple[float, float]:
    mean = (rate_1 + rate_2) / 2
    return sqrt(2 * mean * (1 - mean)), sqrt(rate_1 * (1 - rate_1) + rate_2 * (1 - rate_2))


def _check_rates(*rates: float) -> None:
    for rate in rates:
        if not 0 <= rate <= 1:
            raise ModelError("pilot.rate_out_of_range", rate=rate)
