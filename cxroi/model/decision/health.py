"""Health checks: a measure, a threshold, and what to do when it is not met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from cxroi.model.company.panel import Panel
from cxroi.model.decision.thresholds import AtLeast, HealthThresholds, Limit
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.lead import lead_score
from cxroi.model.response.level_shift import taken_out
from cxroi.model.response.likelihood import Expansion, expand, noise_settings
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.response.shape import Family
from cxroi.model.statistics.uncertainty import Draws

THRESHOLDS = HealthThresholds()


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


def _within(check: str, measure: float, limit: Limit, *, spared: bool = False) -> HealthCheck:
    """Return a check of a measure against its limit; one that is `spared` passes whatever it measures."""
    sign = 1 if isinstance(limit, AtLeast) else -1
    if spared or sign * measure >= sign * limit.enough:
        status = Status.PASS
    elif limit.failing is None or sign * measure >= sign * limit.failing:
        status = Status.REVIEW
    else:
        status = Status.FAIL
    return HealthCheck(check=check, status=status, measure=measure, threshold=limit.enough)


def _flag(check: str, raised: bool) -> HealthCheck:
    return HealthCheck(check=check, status=Status.REVIEW if raised else Status.PASS, measure=None, threshold=None)


def margin_is_known(panel: Panel) -> HealthCheck:
    """Return whether the data tell what a customer brings: to be looked at where revenue stands in for margin, and failed where neither
    is ever anything but 0, since whoever stays is then worth nothing."""
    found = _flag("margin_is_revenue", panel.margin_is_revenue)
    nothing = not any(np.nan_to_num(money).any() for money in (panel.revenue, panel.contribution_margin))
    return replace(found, status=Status.FAIL) if nothing else found


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
    thresholds: HealthThresholds = THRESHOLDS,
) -> tuple[HealthCheck, ...]:
    """Return the checks that depend on the data alone.

    `marginal_of_churn` (n,) is the net present value of the next unit of spend per draw, through churn alone; `weight` (S,) the segments'
    shares of customers.
    """
    return (
        _within("history", posterior.history_months, thresholds.history),
        # Before what it causes: churn of one wrong cell drowns the effect of spend, and a pilot is no remedy for that.
        _within("dispersion", irregularity(posterior), thresholds.dispersion),
        *_learning_checks(posterior, marginal_of_churn, weight, thresholds),
        _flag("panel_adds_up", panel.joined_is_derived),
        margin_is_known(panel),
        _flag("spend_is_shared", panel.spend_is_shared),
    )


def _learning_checks(
    posterior: ResponsePosterior, marginal: Draws, weight: Draws, thresholds: HealthThresholds
) -> tuple[HealthCheck, ...]:
    """Return the checks of what was learned about spend, the company's or one line's."""
    lead = placebo(posterior)
    edge = min(1 - posterior.observed_low, posterior.observed_high - 1)
    return (
        _within("spend_variation", learned_share(posterior, weight), thresholds.spend_variation),
        _within("effective_sample_size", posterior.effective_sample_size, thresholds.effective_sample_size),
        _within("placebo", 0.0 if lead is None else abs(lead), thresholds.placebo),
        _within("families_agree", family_spread(posterior, marginal), thresholds.families_agree),
        _within("spend_range_edge", max(edge, 0.0), thresholds.spend_range_edge),
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
    taken = taken_out(posterior.shifts, history.events, before_last.response.shape)
    settings = noise_settings(before_last, meanwhile, taken=taken)
    return lead_score(max(settings, key=lambda one: one.log_evidence), bought, history.spend_ratio)


def scenario_checks(
    *,
    benefit: float,
    revenue: float,
    levers: dict[str, float],
    learned: tuple[str, ...],
    uplift_pp: float,
    observed_uplift_pp: float | None,
    thresholds: HealthThresholds = THRESHOLDS,
) -> tuple[HealthCheck, ...]:
    """Return the checks that depend on the scenario; they ask for review, never for silence.

    `benefit` and `revenue` in present value, `levers` the benefit's parts, `learned` those of them that the evidence speaks of.
    """
    share = benefit / revenue if revenue > 0 else 0.0
    positive = {name: max(amount, 0.0) for name, amount in levers.items()}
    total = sum(positive.values())
    top = max(positive, key=lambda name: positive[name])
    largest = positive[top] / total if total > 0 else 0.0
    return (
        _within("implausible_size", share, thresholds.implausible_size),
        HealthCheck(
            check="gain_beyond_history",
            status=Status.REVIEW if observed_uplift_pp is not None and uplift_pp > observed_uplift_pp else Status.PASS,
            measure=uplift_pp,
            threshold=observed_uplift_pp,
        ),
        _within("one_lever", largest, thresholds.one_lever, spared=top in learned),
    )


def line_checks(
    posterior: ResponsePosterior,
    *,
    marginal: Draws,
    weight: Draws,
    moves_alone: float,
    thresholds: HealthThresholds = THRESHOLDS,
) -> tuple[HealthCheck, ...]:
    """Return the checks of one investment line, the one that says most first.

    `moves_alone` is 1 - R^2 of the line's spend explained by the other lines': near 0 they are too alike to be told apart.
    """
    return (
        _within("moves_alone", moves_alone, thresholds.moves_alone),
        *_learning_checks(posterior, marginal, weight, thresholds),
    )


def channel_checks(
    channels: tuple[ChannelPosterior, ...],
    churn: ResponsePosterior,
    left_out: Mapping[Channel, str],
    thresholds: HealthThresholds = THRESHOLDS,
) -> tuple[HealthCheck, ...]:
    """Return the checks of what spend does beside churn; what no verdict may rest on is `ChannelPosterior.doubt`."""
    lead = max((abs(one.lead or 0.0) for one in channels), default=0.0)
    rule = max((one.same_month.t for one in channels if one.follows_revenue), default=0.0)
    twice = max((one.harms for one in channels if one.channel is Channel.SUPPORT and not one.piloted), default=0.0)
    shifts = len(churn.shifts) + sum(len(one.shifts) for one in channels)
    return (
        _within("channels_placebo", lead, thresholds.channels_placebo),
        _within("budget_follows_revenue", rule, thresholds.budget_follows_revenue),
        _within("counted_twice", twice, thresholds.counted_twice),
        _within("level_shift", shifts, thresholds.level_shift),
        _flag("channels_left_out", bool(left_out)),
    )
