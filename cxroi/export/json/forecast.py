"""What the coming months bring, as a JSON object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cxroi.export.json.values import Json, exact_money, money_interval, rate_interval
from cxroi.model.company.segments import WHOLE
from cxroi.model.forecast.forecast import Forecast
from cxroi.model.forecast.outlook import MONEY_MEASURES, Outlook
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import Text
from cxroi.view.understand.forecast import alert_words


def outlook_json(found: Outlook, segment: str | None, currency: str, text: Text) -> Json:
    """Return the forecast of every measure, and what stands out."""
    return {
        "currency": currency,
        "segment": segment or WHOLE,
        "last_month": found.last_month,
        "measures": [_forecast_json(one) for one in found.forecasts],
        "too_short": [{"measure": measure, "months": months} for measure, months in found.too_short],
        "alerts": [{**asdict(alert), "message": alert_words(alert, text)} for alert in found.alerts],
    }


def _forecast_json(one: Forecast) -> Json:
    shown: Callable[[Interval], Any] = money_interval if one.measure in MONEY_MEASURES else rate_interval
    return {
        "measure": one.measure,
        "method": str(one.method),
        "months_of_history": one.months_of_history,
        "last_value": exact_money(one.last_value) if one.measure in MONEY_MEASURES else one.last_value,
        "windows": [asdict(window) | {"value": shown(window.value)} for window in one.windows],
        "refused": [{"months": months, "needed": needed} for months, needed in one.refused],
    }
