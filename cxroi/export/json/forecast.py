"""What the coming months bring, as a JSON object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cxroi.export.json.values import Json, exact_money, money_interval, rate, rate_interval
from cxroi.model.company.segments import WHOLE
from cxroi.model.forecast.forecast import Alert, Forecast, WindowForecast
from cxroi.model.forecast.outlook import MONEY_MEASURES
from cxroi.model.forecast.targets import TargetStanding
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.forecast import HeldOutlook
from cxroi.text import Text
from cxroi.view.understand.forecast import alert_words


def outlook_json(held: HeldOutlook, segment: str | None, currency: str, text: Text) -> Json:
    """Return the forecast of every measure, what stands out, and how targets stand."""
    found = held.outlook
    return {
        "currency": currency,
        "segment": segment or WHOLE,
        "last_month": found.last_month,
        "measures": [_forecast_json(one) for one in found.forecasts],
        "too_short": [{"measure": measure, "months": months} for measure, months in found.too_short],
        "alarms": len(held.alarms),
        "alerts": [_alert_json(alert, currency, text) for alert in held.alerts],
        "targets": [_target_json(one) for one in held.targets],
    }


def _alert_json(alert: Alert, currency: str, text: Text) -> Json:
    figure = _figure(alert.measure)
    return {
        "kind": alert.kind,
        "is_alarm": alert.is_alarm,
        "measure": alert.measure,
        "months": alert.months,
        "change": alert.change,
        "month": alert.month or None,
        "actual": figure(alert.actual),
        "target": figure(alert.target),
        "expected": _ends(alert.low, alert.high, alert.measure),
        "message": alert_words(alert, currency, text),
    }


def _target_json(one: TargetStanding) -> Json:
    figure = _figure(one.target.measure)
    return {
        "measure": one.target.measure,
        "month": one.target.month,
        "target": figure(one.target.value),
        "standing": str(one.standing),
        "actual": figure(one.actual),
        "expected": _ends(one.low, one.high, one.target.measure),
    }


def _forecast_json(one: Forecast) -> Json:
    shown: Callable[[Interval], Any] = money_interval if one.measure in MONEY_MEASURES else rate_interval
    return {
        "measure": one.measure,
        "method": str(one.method),
        "naive": str(one.floor),
        "months_of_history": one.months_of_history,
        "months_behind": one.behind,
        "last_value": exact_money(one.last_value) if one.measure in MONEY_MEASURES else one.last_value,
        "windows": [_window_json(one.measure, window) | {"value": shown(window.value)} for window in one.windows],
        "refused": [{"months": months, "needed": needed} for months, needed in one.refused],
    }


def _window_json(measure: str, window: WindowForecast) -> Json:
    figure = _figure(measure)
    tried = [
        {
            "ends_ago": each.ends_ago,
            "forecast": figure(each.mid),
            "expected": _ends(each.low, each.high, measure),
            "naive": figure(each.naive),
            "actual": figure(each.actual),
        }
        for each in window.tried
    ]
    return {**asdict(window), "tried": tried}


def _figure(measure: str) -> Callable[[float | None], Any]:
    return exact_money if measure in MONEY_MEASURES else rate


def _ends(low: float | None, high: float | None, measure: str) -> Json | None:
    figure = _figure(measure)
    return None if low is None or high is None else {"low": figure(low), "high": figure(high)}
