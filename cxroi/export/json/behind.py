"""What stands behind every answer to another program, as a JSON object: the data, the verdict's grade and chances, and the checks."""

from __future__ import annotations

from datetime import datetime

from cxroi.export.json.case import health_json
from cxroi.export.json.values import Json, rate
from cxroi.model.decision.health import Status
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.verdict import direction_probability
from cxroi.view.share.story import provenance


def behind_json(case: BusinessCase, text: Text, *, made: datetime) -> Json:
    """Return what stands behind an answer on a case; of data that fail a check no chance is told, and `refused_by` names the check."""
    verdict, months = case.verdict, case.panel.months
    capped = verdict.capped
    return {
        "data_version": case.data_version,
        "illustrative": case.illustrative,
        "first_month": str(months[0])[:7],
        "last_month": str(months[-1])[:7],
        "customers": rate(case.baseline.whole.customers),
        "currency": case.currency,
        "call": str(verdict.call),
        "grade": str(verdict.grade),
        "probability": None if capped else rate(direction_probability(verdict)),
        "probability_more_pays": None if capped else rate(verdict.stated.more_pays),
        "refused_by": verdict.reason if capped else None,
        "checks_passed": sum(check.status is Status.PASS for check in case.health),
        "checks_not_passed": [health_json(check, text) for check in case.health if check.status is not Status.PASS],
        "line": provenance(case, text, made=made).line,
    }
