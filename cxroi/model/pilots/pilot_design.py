"""A pilot planned before anything is spent: groups, months and cost, for retention or for a mean per customer.

What a new level of spend buys arrives by and by: in month t the share 1 - a^t of its log effect, a the carryover rate. Whole
branches may be drawn in place of customers; then groups grow by the design effect of Kish (1965).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp, log, log1p, nan

from cxroi.errors import ModelError
from cxroi.model.pilots.pilot import PilotBeliefs, PilotOutcome
from cxroi.model.pilots.power import (
    branches_needed,
    design_effect,
    power_two_means,
    power_two_proportions,
    sample_size_two_means,
    sample_size_two_proportions,
)

MONTHS = (3, 4, 6, 9, 12)
_LARGEST_GAIN = 20.0  # log, beyond which no pilot looks for a change


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a pilot runs and what it costs: money in the unit of `extra_spend_per_customer_month`, which a cut makes negative.

    `branches` is how many there are, where whole branches are drawn, `size_variation` the coefficient of variation of their sizes;
    `carryover_rate` a month.
    """

    customers: float
    extra_spend_per_customer_month: float
    fixed_cost: float = 0.0
    branches: int | None = None
    size_variation: float = 0.0
    carryover_rate: float = 0.0
    beliefs: PilotBeliefs = PilotBeliefs()  # noqa: RUF009  (frozen)

    def arrival(self, months: int) -> tuple[float, ...]:
        """Return how much of what the level buys in the end is there in each month."""
        return tuple(1 - self.carryover_rate**month for month in range(1, months + 1))

    @property
    def customers_per_branch(self) -> float:
        """Return the customers of one branch, 1 where customers are drawn one by one."""
        return 1.0 if self.branches is None else self.customers / self.branches

    @property
    def design_effect(self) -> float:
        """Return by how much groups must grow because whole branches are drawn."""
        variation = 0.0 if self.branches is None else self.size_variation
        return design_effect(self.customers_per_branch, self.beliefs.intra_class_correlation, variation)

    @property
    def most(self) -> int:
        """Return the largest group: half of the customers, or half of the branches."""
        return (
            int(self.customers // 2) if self.branches is None else int(self.branches // 2 * self.customers_per_branch)
        )

    def group(self, customers: float) -> int:
        """Return the group that tells as much as `customers` drawn one by one, in whole branches where these are drawn."""
        if self.branches is None:
            return ceil(max(customers, 2))
        correlation, size = self.beliefs.intra_class_correlation, self.customers_per_branch
        count = branches_needed(customers, correlation, size, self.size_variation)
        return ceil(count * self.customers_per_branch)

    def cost(self, group: int, months: int) -> float:
        """Return what the pilot costs; below 0 where a cut saves more."""
        return self.fixed_cost + group * months * self.extra_spend_per_customer_month


@dataclass(frozen=True, kw_only=True)
class PilotOption:
    """One length of pilot: the group size that reaches the power asked for, and what it costs."""

    months: int
    customers_per_group: int
    cost: float
    fits: bool  # two groups of that size are there


@dataclass(frozen=True, kw_only=True)
class PilotDesign:
    """A pilot worth running; `control` and `treated` are what is expected of each group.

    Of churn: shares kept over the pilot, `smallest_change` in points of annual retention. Of a mean: relative to the control
    group's, averaged over the pilot, `smallest_change` in percent once all of the effect is there.
    """

    outcome: PilotOutcome
    customers_per_group: int
    branches_per_group: int | None  # where whole branches are drawn
    months: int
    cost: float
    power: float  # reached; below what was asked when there are too few customers
    alpha: float
    control: float
    treated: float
    smallest_change: float  # that this pilot shows with the power asked for; NaN where it shows none
    options: tuple[PilotOption, ...]

    @property
    def reaches_power(self) -> bool:
        """Return whether any length has enough customers."""
        return any(option.fits for option in self.options)


def design(
    place: Place,
    *,
    monthly_churn_rate: float,
    uplift_pp: float,
    months: tuple[int, ...] = MONTHS,
    power: float = 0.8,
    alpha: float = 0.10,
) -> PilotDesign:
    """Return the shortest pilot that shows an uplift of `uplift_pp` points of annual retention, else the strongest.

    Hazards are proportional: what lifts annual retention from R to R + uplift multiplies the hazard by
    ln(R + uplift) / ln(R), once all of it has arrived.
    """
    annual = (1 - monthly_churn_rate) ** 12
    if not 0 < monthly_churn_rate < 1 or uplift_pp == 0 or not 0 < annual + uplift_pp / 100 < 1:
        raise ModelError("pilot.uplift_out_of_range", uplift=uplift_pp, retention=round(100 * annual, 1))
    looked_for = -log(log(annual + uplift_pp / 100) / log(annual))

    def kept(length: int, gain: float) -> float:
        return float((1 - monthly_churn_rate) ** sum(exp(-gain * share) for share in place.arrival(length)))

    return _planned(
        place,
        PilotOutcome.CHURN,
        _Effect(
            gain=looked_for,
            size=lambda length, gain: sample_size_two_proportions(
                kept(length, 0.0), kept(length, gain), power=power, alpha=alpha
            ),
            power=lambda length, gain, n: power_two_proportions(kept(length, 0.0), kept(length, gain), n, alpha=alpha),
            mean=kept,
            change=lambda gain: 100 * (annual ** exp(-gain) - annual),
        ),
        months,
        power,
        alpha,
    )


def design_of_mean(
    place: Place,
    outcome: PilotOutcome,
    *,
    change_percent: float,
    months: tuple[int, ...] = MONTHS,
    power: float = 0.8,
    alpha: float = 0.10,
) -> PilotDesign:
    """Return the shortest pilot that shows a change of margin or support cost per customer by `change_percent`.

    The log ratio of two group means has the standard error spread sqrt(2 / n): customers differ in the same way month after
    month, so a longer pilot shows more only because more of the effect has arrived.
    """
    if outcome not in (PilotOutcome.MARGIN, PilotOutcome.SUPPORT) or change_percent <= -100 or not change_percent:
        raise ModelError("pilot.change_out_of_range", change=change_percent)
    spread, looked_for = place.beliefs.spread(outcome), log1p(change_percent / 100)

    def effect(length: int, gain: float) -> float:
        return gain * sum(place.arrival(length)) / length

    return _planned(
        place,
        outcome,
        _Effect(
            gain=looked_for,
            size=lambda length, gain: sample_size_two_means(
                abs(effect(length, gain)) / spread, power=power, alpha=alpha
            ),
            power=lambda length, gain, n: power_two_means(abs(effect(length, gain)) / spread, max(n, 2.0), alpha=alpha),
            mean=lambda length, gain: exp(effect(length, gain)),
            change=lambda gain: 100 * (exp(gain) - 1),
        ),
        months,
        power,
        alpha,
    )


@dataclass(frozen=True, kw_only=True)
class _Effect:
    """What is looked for, as a log `gain`, and how a pilot of some length (and group) sees a gain."""

    gain: float
    size: Callable[[int, float], float]  # customers a group
    power: Callable[[int, float, float], float]
    mean: Callable[[int, float], float]  # outcome of a group
    change: Callable[[float], float]  # in the unit that is told


def _planned(
    place: Place, outcome: PilotOutcome, effect: _Effect, months: tuple[int, ...], power: float, alpha: float
) -> PilotDesign:
    """Return the shortest length that fits, else the one with the smallest groups, with the groups it can get."""
    if place.customers < 4 or place.most < 2 or not months or min(months) < 1:
        raise ModelError("pilot.group_too_small", customers=place.customers)
    sizes = {length: place.group(effect.size(length, effect.gain)) for length in sorted(months)}
    options = tuple(
        PilotOption(months=length, customers_per_group=size, cost=place.cost(size, length), fits=size <= place.most)
        for length, size in sizes.items()
    )
    chosen = next((one for one in options if one.fits), min(options, key=lambda one: one.customers_per_group))
    group, length = min(chosen.customers_per_group, place.most), chosen.months
    effective, sign = group / place.design_effect, 1.0 if effect.gain > 0 else -1.0
    return PilotDesign(
        outcome=outcome,
        customers_per_group=group,
        branches_per_group=None if place.branches is None else round(group / place.customers_per_branch),
        months=length,
        cost=place.cost(group, length),
        power=effect.power(length, effect.gain, effective),
        alpha=alpha,
        control=effect.mean(length, 0.0),
        treated=effect.mean(length, effect.gain),
        smallest_change=effect.change(
            sign * _smallest(lambda gain: effect.power(length, sign * gain, effective), power)
        ),
        options=options,
    )


def _smallest(power_of: Callable[[float], float], power: float) -> float:
    """Return the smallest gain, in logs and above 0, with which the power is reached; NaN where none does."""
    low, high = 0.0, 1e-3
    while power_of(high) < power:
        low, high = high, 2 * high
        if high > _LARGEST_GAIN:
            return nan
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if power_of(middle) >= power else (middle, high)
    return high
