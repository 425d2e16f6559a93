"""What initiatives promised and brought, as JSON objects."""

from __future__ import annotations

from cxroi.export.json.values import Json, exact_money, money_interval, rate, rate_interval
from cxroi.model.response.realised_channels import RealisedChannel
from cxroi.model.response.shrinkage import Shrunk
from cxroi.questions.promises import LevelResult, Programme, Promise
from cxroi.text import Text
from cxroi.view.prove.promises import promise_note


def promise_json(one: Promise, currency: str, text: Text) -> Json:
    """Return one initiative, as it was measured alone and as it is among the others."""
    found, promise = one.realised, one.realised.initiative
    return {
        "initiative": promise.name,
        "owner": one.owner or None,
        "status": one.status or None,
        "cx_level": int(one.cx_level) if one.cx_level else None,
        "segments": list(promise.segments),
        "starts_on": None if promise.starts_on is None else str(promise.starts_on),
        "ends_on": None if promise.ends_on is None else str(promise.ends_on),
        "finding": str(one.finding),
        "months_before": found.months_before,
        "months_after": found.months_after,
        "promised_uplift": rate(promise.promised_uplift_pp),
        "uplift": rate_interval(found.uplift_pp),
        "promised_value": exact_money(promise.promised_value),
        "value": money_interval(found.value),
        "probability_any": rate(found.probability_any),
        "probability_kept": rate(found.probability_kept),
        "compared_with": found.compared_with,
        "beside": list(found.beside),
        "grade": None if found.grade is None else str(found.grade),
        "spent": exact_money(one.spent),
        "budget": exact_money(one.budget),
        "channels": [_channel_json(each) for each in found.channels],
        "annual_retention": rate(found.annual_retention),
        "among_others": None if one.shrunk is None else _shrunk_json(one.shrunk),
        "note": promise_note(one, currency, text),
    }


def programme_json(found: Programme) -> Json:
    """Return what all initiatives have come to together; money undiscounted, so far."""
    return {
        "earned": money_interval(found.earned),
        "spent": exact_money(found.spent),
        "net": money_interval(found.net),
        "probability_paid": rate(found.probability_paid),
        "promised": exact_money(found.promised),
        "spread": rate_interval(found.spread),
        "counted_once": [list(names) for names in found.counted_once],
        "spend_unknown": list(found.spend_unknown),
        "unmeasured_spent": exact_money(found.unmeasured_spent),
        "levels": [_level_json(one) for one in found.levels],
    }


def _level_json(one: LevelResult) -> Json:
    return {
        "cx_level": int(one.level) if one.level else None,
        "initiatives": list(one.names),
        "spent": exact_money(one.spent),
        "measured": one.measured,
        "measured_spent": exact_money(one.measured_spent),
        "earned": money_interval(one.earned),
    }


def _shrunk_json(one: Shrunk) -> Json:
    return {
        "uplift": rate_interval(one.uplift_pp),
        "value": money_interval(one.value),
        "probability_any": rate(one.probability_any),
        "kept_share": rate(one.kept_share),
        "probability_kept": rate(one.probability_kept),
    }


def _channel_json(one: RealisedChannel) -> Json:
    return {
        "id": str(one.channel),
        "probability_helps": rate(one.probability_helps),
        "probability_harms": rate(one.probability_harms),
        "change_percent": rate_interval(one.change_percent),
        "value": money_interval(one.value),
        "counted": one.counted,
        "doubt": one.doubt,
    }
