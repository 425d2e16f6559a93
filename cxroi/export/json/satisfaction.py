"""What customers say and what goes with leaving, as JSON objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from cxroi.export.json.values import Json, exact_money, money_interval, rate_interval
from cxroi.model.customers.after_answer import AfterAnswers, Band
from cxroi.model.satisfaction.comment_themes import Themes
from cxroi.model.satisfaction.drivers import Driver, Drivers
from cxroi.model.satisfaction.perception import PerceptionGap
from cxroi.model.satisfaction.service import Service
from cxroi.model.satisfaction.staff_link import GRADE, StaffLink
from cxroi.questions.satisfaction import MetricSurvivors, Scores
from cxroi.questions.staff import Staff
from cxroi.text import Text
from cxroi.view.understand.satisfaction import advice


def scores_json(found: Scores) -> Json:
    """Return every score, the changes, who was heard, and the check for survivors."""
    return {
        "scores": [asdict(line) for line in found.lines],
        "changes": [asdict(change) for change in found.changes],
        "coverage": asdict(found.heard),
        "survivor_checks": [_survivors_json(one) for one in found.survivors],
    }


def after_json(found: AfterAnswers) -> Json:
    """Return what customers of each band did after their answer."""
    return {
        "outcome": found.outcome,
        "within_months": found.within_months,
        "currency": found.currency,
        "grade": str(found.grade),
        "bands": [_band_json(band) for band in found.bands],
    }


def _band_json(band: Band) -> Json:
    return {
        "metric": band.metric,
        "band": band.band,
        "customers": band.customers,
        "already_left": band.already_left,
        "too_recent": band.too_recent,
        "share": rate_interval(band.share),
        "curve": [rate_interval(share) for share in band.curve],
        "months": rate_interval(band.months),
        "spend": money_interval(band.spend),
        "cost": money_interval(band.cost),
    }


def service_json(found: Sequence[Service]) -> list[Json]:
    """Return how contacts went, in all, by channel, touchpoint and topic."""
    figures = ("days", "minutes", "resolved", "rating", "resolved_change")
    return [
        {
            "dimension": one.dimension,
            "value": one.value,
            "contacts": one.contacts,
            **{name: rate_interval(getattr(one, name)) for name in figures},
            "cost": money_interval(one.cost),
            "cost_share": one.cost_share,
        }
        for one in found
    ]


def themes_json(found: Themes) -> Json:
    """Return what happy and unhappy customers write about: words and counts, no comment."""
    return {
        "comments_happy": found.comments_happy,
        "comments_unhappy": found.comments_unhappy,
        "hidden": found.hidden,
        "themes": [
            {
                "language": one.language,
                "side": "happy" if one.is_happy else "unhappy",
                "words": list(one.words),
                "comments": one.comments,
                "customers": one.customers,
                "share_happy": rate_interval(one.share_happy),
                "share_unhappy": rate_interval(one.share_unhappy),
                "times": rate_interval(one.times),
            }
            for one in found.themes
        ],
    }


def perception_json(gaps: Sequence[PerceptionGap]) -> list[Json]:
    """Return managers' estimates against what was measured."""
    return [
        {
            "metric": one.line.metric,
            "touchpoint": one.line.value,
            "estimate": one.estimate.score,
            "estimates_uploaded": one.estimate.count,
            "instead_of": one.estimate.instead_of,
            "score": one.line.score,
            "low": one.line.low,
            "high": one.line.high,
            "gap": rate_interval(one.gap),
            "course": one.course,
        }
        for one in gaps
    ]


def staff_json(found: Staff) -> Json:
    """Return the staff beside a score, how they go together at each lag, and what replacing those who left costs."""
    replaced = found.replacement
    return {
        "metric": found.metric,
        "team": found.team or None,
        "months": [f"{month:%Y-%m}" for month in found.months],
        "measures": [
            {"measure": name, "by_month": list(values), **_link_json(found.links[name])}
            for name, values in found.measures.items()
        ],
        "grade": str(GRADE),
        "replacement": None
        if replaced is None
        else {
            "months": replaced.months,
            "leavers": replaced.leavers,
            "currency": replaced.currency,
            "each": exact_money(replaced.each),
            "cost": exact_money(replaced.cost),
        },
    }


def _link_json(link: StaffLink) -> Json:
    return {
        "refused": link.refused or None,
        "months_with_both": link.months,
        "course": link.course,
        "best_lag_months": link.best.lag if link.best else None,
        "lags": [
            {
                "lag_months": one.lag,
                "months": one.months,
                "effective_months": one.effective_months,
                "correlation": rate_interval(one.correlation),
                "slope": rate_interval(one.slope),
            }
            for one in link.lags
        ],
    }


def _survivors_json(one: MetricSurvivors) -> Json:
    return {"metric": one.metric, **asdict(one.check), "answers": one.answers, "left_since": one.left_since}


def drivers_json(found: Drivers, currency: str, text: Text) -> Json:
    """Return every touchpoint with what goes with it."""
    return {
        "currency": currency,
        "outcome": found.outcome,
        "within_months": found.within_months,
        "answers": found.answers,
        "customers": found.customers,
        "answers_after_leaving": found.answers_after_leaving,
        "grade": str(found.grade),
        "drivers": [_driver_json(one, found.outcome, text) for one in found.drivers],
    }


def _driver_json(one: Driver, outcome: str, text: Text) -> Json:
    return {
        "touchpoint": one.touchpoint,
        "answers": one.answers,
        "events": one.events,
        "satisfied_rate": one.satisfied_rate,
        "odds_ratio_alone": rate_interval(one.odds_ratio_alone),
        "effect_alone": rate_interval(one.effect_alone),
        "odds_ratio": rate_interval(one.odds_ratio),
        "effect": rate_interval(one.effect),
        "beside": list(one.beside),
        "p_value": one.p_value,
        "adjusted_p_value": one.adjusted_p_value,
        "flag": str(one.flag),
        "advice": advice(one.flag, outcome, text),
        "impact": one.impact,
        "impact_share": one.impact_share,
        "spend": exact_money(one.spend),
        "spend_share": one.spend_share,
    }
