"""What stands behind the evidence, as JSON objects: channels before and after the data, their curve, the checks of the model, and past verdicts."""

from __future__ import annotations

from cxroi.export.json.case import survival_json
from cxroi.export.json.values import Json, exact_money, rate, rate_interval
from cxroi.model.response.predictive import PredictiveCheck
from cxroi.model.response.shape import Family
from cxroi.questions import BusinessCase
from cxroi.questions.shown_evidence import Belief, ShownChannel, ShownEvidence
from cxroi.questions.verdict_history import PastVerdict, VerdictHistory
from cxroi.text import Text
from cxroi.view.prove.evidence_drawings import fitted_title


def evidence_json(case: BusinessCase, shown: ShownEvidence, history: VerdictHistory, text: Text) -> Json:
    """Return the evidence of a case."""
    return {
        "channels": [_channel(one, text) for one in shown.channels],
        "channels_left_out": dict(shown.left_out),
        "survives": [survival_json(one) for one in case.survival],
        "verdicts": [_verdict(one) for one in history.verdicts],
        "versions_without_verdict": list(history.not_told),
    }


def _channel(one: ShownChannel, text: Text) -> Json:
    fitted = one.fitted
    return {
        "id": one.id,
        "grade": str(one.grade),
        "finding": fitted_title(one, text),
        "months": fitted.months,
        "curve": [
            {"level_percent": rate(level), "change_percent": {"low": rate(low), "mid": rate(mid), "high": rate(high)}}
            for level, low, mid, high in zip(
                fitted.level_percent.tolist(),
                fitted.low.tolist(),
                fitted.mid.tolist(),
                fitted.high.tolist(),
                strict=True,
            )
        ],
        "before": _belief(one.before),
        "after": _belief(one.after),
        "predictive": [_check(check) for check in one.checks],
    }


def _belief(one: Belief) -> Json:
    return {
        "probability_moves": rate(one.moves),
        "ten_percent_more": rate_interval(one.ten_more),
        "in_all": rate_interval(one.in_all),
        "carryover_rate": rate_interval(one.carryover),
        "shapes": {family.name.lower(): rate(one.shapes[family]) for family in Family},
    }


def _check(one: PredictiveCheck) -> Json:
    return {
        "statistic": one.statistic,
        "observed": rate(one.observed),
        "predicted": rate_interval(one.predicted),
        "share_above": rate(one.share_above),
        "fits": one.fits,
    }


def _verdict(one: PastVerdict) -> Json:
    return {
        "version": one.version,
        "loaded_at": one.loaded_at.isoformat(),
        "call": str(one.call),
        "probability": rate(one.probability),
        "probability_more_pays": rate(one.more_pays),
        "grade": one.grade,
        "horizon_months": one.horizon_months,
        "gain_from_acting_now": exact_money(one.gain),
        "why": list(one.why),
        "figures": [
            {"name": each.name, "before": rate(each.before), "after": rate(each.after)} for each in one.figures
        ],
    }
