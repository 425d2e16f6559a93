"""What initiatives promised and brought, as JSON objects."""

from __future__ import annotations

from cxroi.export.json.values import Json, exact_money, money_interval, rate, rate_interval
from cxroi.model.response.realised_channels import RealisedChannel
from cxroi.questions.promises import Promise
from cxroi.text import Text
from cxroi.view.prove.promises import promise_note


def promise_json(one: Promise, currency: str, text: Text) -> Json:
    """Return one initiative as a JSON object."""
    found, promise = one.realised, one.realised.initiative
    return {
        "initiative": promise.name,
        "segments": list(promise.segments),
        "starts_on": None if promise.starts_on is None else str(promise.starts_on),
        "ends_on": None if promise.ends_on is None else str(promise.ends_on),
        "finding": str(found.finding),
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
        "note": promise_note(found, currency, text),
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
