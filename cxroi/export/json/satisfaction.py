"""What customers say and what goes with leaving, as JSON objects."""

from __future__ import annotations

from dataclasses import asdict

from cxroi.export.json.values import Json, exact_money, rate_interval
from cxroi.model.satisfaction.drivers import Driver, Drivers
from cxroi.questions.satisfaction import MetricSurvivors, Scores
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
