"""Where each health check passes and where it fails: every number of theirs in one place, shown on the Method page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from cxroi.model.response.sampling import ENOUGH_DRAWS


class Unit(StrEnum):
    """What a measure counts in: a share is 0.1 for 10 %."""

    SHARE = "share"
    MONTHS = "months"
    ERRORS = "errors"  # standard errors
    NUMBER = "number"


@dataclass(frozen=True)
class Limit:
    """Where a measure passes (`enough`) and where it fails (`failing`): between them, or where it never fails (None), it is looked at."""

    enough: float
    failing: float | None = None
    unit: Unit = Unit.SHARE


@dataclass(frozen=True)
class AtLeast(Limit):
    """More is better: it passes from `enough` and fails below `failing`."""


@dataclass(frozen=True)
class AtMost(Limit):
    """Less is better: it passes up to `enough` and fails above `failing`."""


@dataclass(frozen=True, kw_only=True)
class HealthThresholds:
    """The thresholds of the health checks, as data: a field's name is its check's, worded under `health.<check>`.

    Conventions of this application, but for `moves_alone`: a tenth left to itself is a variance inflation factor of 10
    (Marquardt 1970; Belsley, Kuh & Welsch 1980). A check that fails caps the verdict at "not enough evidence".
    """

    history: Limit = AtLeast(12, 6, Unit.MONTHS)  # a year shows every season once; half a year shows none twice
    dispersion: Limit = AtMost(0.15, 0.40)  # of churn, beyond chance
    spend_variation: Limit = AtLeast(0.25, 0.10)  # of what was not known of the next unit of spend
    effective_sample_size: Limit = AtLeast(ENOUGH_DRAWS, 100, Unit.NUMBER)  # independent draws
    placebo: Limit = AtMost(2.0, 3.0, Unit.ERRORS)  # standard errors: about 1 in 20, and 1 in 400, by chance
    families_agree: Limit = AtMost(0.35, 0.65)  # of probability, between shapes of curve
    spend_range_edge: Limit = AtLeast(0.05)  # of today's spend, to the nearest end of what was tried
    implausible_size: Limit = AtMost(0.10)  # of revenue
    one_lever: Limit = AtMost(0.6)  # of the benefit
    moves_alone: Limit = AtLeast(0.2, 0.1)  # 1 - R^2 of a line's spend, explained by the other lines'
    channels_placebo: Limit = AtMost(2.0, unit=Unit.ERRORS)  # standard errors
    budget_follows_revenue: Limit = AtMost(4.0, unit=Unit.ERRORS)  # t of spend in its own month's revenue
    counted_twice: Limit = AtMost(0.5, 0.8)  # probability that support cost rises with spend
    level_shift: Limit = AtMost(0, unit=Unit.NUMBER)
    # The figures themselves. A month is unusual so many times above or below the usual one; its losses also beyond chance.
    unusual_times: float = 4.0
    unusual_losses: float = 5.0  # standard deviations (Poisson)
    year_moved_by_one_month: float = 0.25  # of the year's mean: fails, in a segment of the share below or in the whole
    material_segment: float = 0.1  # of the company

    def limits(self) -> dict[str, Limit]:
        """Return the limit of each check that has one, by the check's name."""
        each = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: limit for name, limit in each.items() if isinstance(limit, Limit)}
