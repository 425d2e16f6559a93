"""Health checks: a measure, a threshold, and what to do when it is not met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from cxroi.model.channel import Channel, ChannelPosterior
from cxroi.model.evidence import Expansion, expand, noise_settings
from cxroi.model.lead import lead_score
from cxroi.model.level_shift import step_covariance
from cxroi.model.panel import Panel
from cxroi.model.response import ResponsePosterior
from cxroi.model.sampling import ENOUGH_DRAWS
from cxroi.model.shape import Family
from cxroi.model.uncertainty import Draws


class Status(StrEnum):
    """How a check came out; a failed one caps the verdict at "not enough evidence"."""

    PASS = "pass"
    REVIEW = "review"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """One check. Its name, advice and what it measures are worded under `health.<check>.*` in the text catalogues."""

    check: str
    status: Status
    measure: float | None
    threshold: float | None
    facts: tuple[tuple[str, object], ...] = ()  # what was found, by the gap of the advice that tells it


def _at_least(check: str, measure: float, enough: float, failing: float) -> HealthCheck:
    status = Status.PASS if measure >= enough else Status.REVIEW if measure >= failing else Status.FAIL
    return HealthCheck(check=check, status=status, measure=measure, threshold=enough)


def _at_most(check: str, measure: float, enough: float, failing: float = np.inf) -> HealthCheck:
    status = Status.PASS if measure <= enough else Status.REVIEW if measure <= failing else Status.FAIL
    return HealthCheck(check=check, status=status, measure=measure, threshold=enough)


def _flag(check: str, raised: bool) -> HealthCheck:
    return HealthCheck(check=check, status=Status.REVIEW if raised else Status.PASS, measure=None, threshold=None)


def first_failed(checks: tuple[HealthCheck, ...]) -> str | None:
    """Return the name of the first failed check."""
    failed = failure(checks)
    return None if failed is None else failed.check


def failure(checks: tuple[HealthCheck, ...]) -> HealthCheck | None:
    """Return the first failed check."""
    return next((c for c in checks if c.status is Status.FAIL), None)


def evidence_checks(
    panel: Panel,
    posterior: ResponsePosterior,
    *,
    marginal_of_churn: Draws,
    weight: Draws,
) -> tuple[HealthCheck, ...]:
    """Return the checks that depend on the data alone.

    `marginal_of_churn` (n,) is the net present value of the next unit of spend per draw, through churn alone; `weight` (S,) the segments'
    shares of customers.
    """
    lead = placebo(posterior)
    edge = min(1 - posterior.observed_low, posterior.observed_high - 1)
    return (
        _at_least("history", posterior.history_months, 12, 6),
        # Before what it causes: churn of one wrong cell drowns the effect of spend, and a pilot is no remedy for that.
        _at_most("dispersion", irregularity(posterior), 0.15, 0.40),
        _at_least("spend_variation", learned_share(posterior, weight), 0.25, 0.10),
        _at_least("effective_sample_size", posterior.effective_sample_size, ENOUGH_DRAWS, 100),
        _at_most("placebo", 0.0 if lead is None else abs(lead), 2.0, 3.0),
        _at_most("families_agree", family_spread(posterior, marginal_of_churn), 0.35, 0.65),
        _at_least("spend_range_edge", max(edge, 0.0), 0.05, -1.0),
        _flag("panel_adds_up", panel.joined_is_derived),
        _flag("margin_is_revenue", panel.margin_is_revenue),
        _flag("spend_is_shared", panel.spend_is_shared),
    )


def _share_positive(draws: Draws) -> float:
    return float((draws > 0).mean())


def irregularity(posterior: ResponsePosterior) -> float:
    """Return how far churn strays from month to month beyond chance and what is explained, as a share of it.

    sqrt((phi - 1) / mean losses a segment and month), phi Pearson's dispersion less two of its standard errors. Unlike
    phi it does not grow with the company: one percent of a million losses is as regular as one percent of a hundred.
    """
    history = posterior.history
    lost = history.lost[history.seen]
    freedom = max(lost.size - sum(history.seen.shape), 1)
    surely = posterior.dispersion * (1 - 2 * (2 / freedom) ** 0.5)
    return float(np.sqrt(max(surely - 1, 0.0) / max(float(lost.mean()), 1.0))) if lost.size else 0.0


def learned_share(posterior: ResponsePosterior, weight: Draws) -> float:
    """Return how much better the company's marginal response is known than before any data.

    1 - spread / prior spread, each the mean distance from the posterior's median: what the prior was wrong by counts too, so that
    an effect far beyond what was believed is learned; a mean distance, as thresholds give the slope tails too long for a variance.
    """
    if posterior.prior is None:
        return 0.0
    now = posterior.slope() @ weight
    before, after = (float(np.abs(one - np.median(now)).mean()) for one in (posterior.prior.slope() @ weight, now))
    return max(0.0, 1 - after / before) if before > 0 else 0.0


def family_spread(posterior: ResponsePosterior, marginal: Draws) -> float:
    """Return the largest difference in P(more pays) between families of curve that hold at least 5 % of the draws."""
    shares = [
        _share_positive(marginal[posterior.family == one]) for one in Family if (posterior.family == one).mean() >= 0.05
    ]
    return max(shares) - min(shares)


def placebo(posterior: ResponsePosterior) -> float | None:
    """Return the z-score of next quarter's spend in this month's churn, given this month's; None where there is no test."""
    history, bought = posterior.history, posterior.expected_gain()
    expansion = expand(history, -bought)
    meanwhile = None if history.meanwhile is None else history.meanwhile.first(history.lost.shape[1] - 1)
    before_last = Expansion(expansion.response[:, :-1], expansion.weight[:, :-1], expansion.dispersion)
    steps = step_covariance(posterior.shifts, *before_last.response.shape)
    settings = noise_settings(before_last, meanwhile, steps=steps)
    return lead_score(max(settings, key=lambda one: one.log_evidence), bought, history.spend_ratio)


def scenario_checks(
    *,
    benefit: float,
    revenue: float,
    levers: dict[str, float],
    learned: tuple[str, ...],
    uplift_pp: float,
    observed_uplift_pp: float | None,
) -> tuple[HealthCheck, ...]:
    """Return the checks that depend on the scenario; they ask for review, never for silence.

    `benefit` and `revenue` in present value, `levers` the benefit's parts, `learned` those of them that the evidence speaks of.
    """
    share = benefit / revenue if revenue > 0 else 0.0
    positive = {name: max(amount, 0.0) for name, amount in levers.items()}
    total = sum(positive.values())
    top = max(positive, key=lambda name: positive[name])
    largest = positive[top] / total if total > 0 else 0.0
    own = top in learned
    return (
        _at_most("implausible_size", share, 0.10),
        HealthCheck(
            check="gain_beyond_history",
            status=Status.REVIEW if observed_uplift_pp is not None and uplift_pp > observed_uplift_pp else Status.PASS,
            measure=uplift_pp,
            threshold=observed_uplift_pp,
        ),
        HealthCheck(
            check="one_lever",
            status=Status.REVIEW if largest > 0.6 and not own else Status.PASS,
            measure=largest,
            threshold=0.6,
        ),
    )


def line_checks(
    posterior: ResponsePosterior, *, marginal: Draws, weight: Draws, moves_alone: float
) -> tuple[HealthCheck, ...]:
    """Return the checks of one investment line, the one that says most first.

    `moves_alone` is 1 - R^2 of the line's spend explained by the other lines': below a tenth (a variance inflation factor of
    10) lines are too alike to be told apart. Source: Marquardt (1970), threshold of Belsley, Kuh & Welsch (1980).
    """
    lead = placebo(posterior)
    edge = min(1 - posterior.observed_low, posterior.observed_high - 1)
    return (
        _at_least("moves_alone", moves_alone, 0.2, 0.1),
        _at_least("spend_variation", learned_share(posterior, weight), 0.25, 0.10),
        _at_least("effective_sample_size", posterior.effective_sample_size, ENOUGH_DRAWS, 100),
        _at_most("placebo", 0.0 if lead is None else abs(lead), 2.0, 3.0),
        _at_most("families_agree", family_spread(posterior, marginal), 0.35, 0.65),
        _at_least("spend_range_edge", max(edge, 0.0), 0.05, -1.0),
    )


def channel_checks(
    channels: tuple[ChannelPosterior, ...], churn: ResponsePosterior, left_out: Mapping[Channel, str]
) -> tuple[HealthCheck, ...]:
    """Return the checks of what spend does beside churn; what no verdict may rest on is `ChannelPosterior.doubt`."""
    lead = max((abs(one.lead or 0.0) for one in channels), default=0.0)
    rule = max((one.same_month.t for one in channels if one.follows_revenue), default=0.0)
    twice = max((one.harms for one in channels if one.channel is Channel.SUPPORT and not one.piloted), default=0.0)
    shifts = len(churn.shifts) + sum(len(one.shifts) for one in channels)
    return (
        _at_most("channels_placebo", lead, 2.0),
        _at_most("budget_follows_revenue", rule, 4.0),
        _at_most("counted_twice", twice, 0.5, 0.8),
        _at_most("level_shift", shifts, 0),
        _flag("channels_left_out", bool(left_out)),
    )
