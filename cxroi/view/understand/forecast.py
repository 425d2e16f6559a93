"""What the coming months bring without any plan, in words."""

from __future__ import annotations

from cxroi.model.forecast.backtest import MeasureKind
from cxroi.model.forecast.forecast import Alert, Forecast, WindowForecast
from cxroi.model.forecast.outlook import KINDS, MONEY_MEASURES, Outlook
from cxroi.text import Text
from cxroi.view.figure import money_range, percent_range
from cxroi.view.table import columns

FORECAST_COLUMNS = ("measure", "month_1", "month_3", "month_12")


def forecast_words(found: Outlook, currency: str, text: Text) -> list[str]:
    """Return a line a measure, then what stands out and what could not be foreseen."""
    rows = [
        [
            text(f"measure.{one.measure}"),
            *(_window_words(one, window, currency, text) for window in one.windows),
            *("–" for _ in one.refused),
        ]
        for one in found.forecasts
    ]
    words = [*columns([text(f"heading.{name}") for name in FORECAST_COLUMNS], rows), ""]
    words += [alert_words(alert, text) for alert in found.alerts] + _refusals(found, text)
    return [*words, text("forecast.note")]


def _refusals(found: Outlook, text: Text) -> list[str]:
    """Return a sentence a measure that has too few months, and one for those whose farthest windows nobody could check."""
    words = [
        text("forecast.measure_too_short", measure=text(f"measure.{measure}"), months=months, needed=6)
        for measure, months in found.too_short
    ]
    ahead = {(months, needed, one.months_of_history) for one in found.forecasts for months, needed in one.refused}
    for months, needed, history in sorted(ahead):
        own = [one for one in found.forecasts if (months, needed) in one.refused and one.months_of_history == history]
        names = text("forecast.separator").join(text(f"measure.{one.measure}") for one in own)
        facts = {"ahead": text.months(months), "needed": text.months(needed), "history": text.months(history)}
        words.append(text("forecast.window_refused", measures=names, **facts))
    return words


def _window_words(one: Forecast, window: WindowForecast, currency: str, text: Text) -> str:
    if one.measure in MONEY_MEASURES:
        return money_range(window.value, currency, text)
    if one.kind is MeasureKind.RATE:
        return percent_range(window.value, text, 1)
    places = 1 if one.measure == "ces" else 0
    return text.between(text.number(window.value.low, places), text.number(window.value.high, places))


def alert_words(alert: Alert, text: Text) -> str:
    """Return what stands out in the newest month."""
    measure = text(f"measure.{alert.measure}")
    if alert.measure == "retention_rate":
        change = text.points(100 * alert.change)
    elif KINDS[alert.measure] is MeasureKind.AMOUNT:
        change = text.percent(alert.change)
    else:
        change = text.number(alert.change, 1 if alert.measure == "ces" else 0)
    return text(f"forecast.alert.{alert.kind}", measure=measure, change=change)
