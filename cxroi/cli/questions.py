"""Commands around the verdict: what moves the result, where the money should go, and what is coming anyway."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cxroi.cli.decision import evidence_and_scenario
from cxroi.cli.layout import answer, columns, illustrative_lines, opened, version_facts
from cxroi.model.company.segments import WHOLE
from cxroi.model.forecast.forecast import (
    Alert,
    Forecast,
    MeasureKind,
    WindowForecast,
)
from cxroi.model.forecast.outlook import KINDS, Outlook, look_ahead
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import Sensitivity, ask_what_matters
from cxroi.text import Text
from cxroi.view.figure import input_name, money, money_range, percent_range
from cxroi.view.report_json import exact_money, money_interval, rate_interval

TORNADO_COLUMNS = ("input", "npv_low", "npv_high")
FORECAST_COLUMNS = ("measure", "month_1", "month_3", "month_12")
MONEY_MEASURES = {"revenue", "contribution_margin", "support_cost"}


def sensitivity(choices: Namespace, text: Text) -> int:
    """Say which inputs move the plan's net present value, where it turns, and what is worth knowing."""
    with evidence_and_scenario(choices) as (data, evidence, scenario):
        found, currency = ask_what_matters(evidence, scenario), scenario.currency or evidence.panel.currency
    facts = {
        **version_facts(data),
        "currency": currency,
        "plan_percent": found.plan_percent,
        "npv": exact_money(found.npv),
        "tornado": [
            {**asdict(bar), "npv_low": exact_money(bar.npv_low), "npv_high": exact_money(bar.npv_high)}
            for bar in found.tornado
        ],
        "break_even": dict(found.break_even),
        "information": [{"name": one.name, "value": exact_money(one.value)} for one in found.information],
    }
    words = _sensitivity_words(found, currency, text)
    answer(choices, facts, [*illustrative_lines(evidence.illustrative, text), *words])
    return 0


def forecast(choices: Namespace, text: Text) -> int:
    """Say what the next month, quarter and year bring without the plan, and what stands out."""
    with opened(choices) as data:
        panel = data.panel_without_costs
    found = look_ahead(panel, segment=choices.segment)
    facts = {
        **version_facts(data),
        "currency": panel.currency,
        "segment": choices.segment or WHOLE,
        "last_month": found.last_month,
        "measures": [_forecast_json(one) for one in found.forecasts],
        "too_short": [{"measure": measure, "months": months} for measure, months in found.too_short],
        "alerts": [{**asdict(alert), "message": _alert_words(alert, text)} for alert in found.alerts],
    }
    rows = [
        [
            text(f"cli.measure.{one.measure}"),
            *(_window_words(one, window, panel.currency, text) for window in one.windows),
            *("–" for _ in one.refused),
        ]
        for one in found.forecasts
    ]
    words = [*columns([text(f"cli.heading.{name}") for name in FORECAST_COLUMNS], rows), ""]
    words += [_alert_words(alert, text) for alert in found.alerts] + _refusals(found, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words, text("cli.forecast.note")])
    return 0


def _sensitivity_words(found: Sensitivity, currency: str, text: Text) -> list[str]:
    rows = [
        [input_name(bar.name, text), money(bar.npv_low, currency, text), money(bar.npv_high, currency, text)]
        for bar in found.tornado
    ]
    worth = [
        text("cli.sensitivity.worth", name=input_name(one.name, text), value=money(one.value, currency, text))
        for one in found.information
    ]
    level = text.percent(found.plan_percent / 100, 0)
    return [
        text("cli.sensitivity.title", level=level, npv=money(found.npv, currency, text)),
        "",
        *columns([text(f"cli.heading.{name}") for name in TORNADO_COLUMNS], rows),
        "",
        *worth,
    ]


def _refusals(found: Outlook, text: Text) -> list[str]:
    """Return a sentence a measure that has too few months, and one for those whose farthest windows nobody could check."""
    words = [
        text("forecast.measure_too_short", measure=text(f"cli.measure.{measure}"), months=months, needed=6)
        for measure, months in found.too_short
    ]
    ahead = {(months, needed, one.months_of_history) for one in found.forecasts for months, needed in one.refused}
    for months, needed, history in sorted(ahead):
        own = [one for one in found.forecasts if (months, needed) in one.refused and one.months_of_history == history]
        names = text("forecast.separator").join(text(f"cli.measure.{one.measure}") for one in own)
        facts = {"ahead": text.months(months), "needed": text.months(needed), "history": text.months(history)}
        words.append(text("forecast.window_refused", measures=names, **facts))
    return words


def _forecast_json(one: Forecast) -> dict[str, Any]:
    shown: Callable[[Interval], Any] = money_interval if one.measure in MONEY_MEASURES else rate_interval
    return {
        "measure": one.measure,
        "method": str(one.method),
        "months_of_history": one.months_of_history,
        "last_value": exact_money(one.last_value) if one.measure in MONEY_MEASURES else one.last_value,
        "windows": [asdict(window) | {"value": shown(window.value)} for window in one.windows],
        "refused": [{"months": months, "needed": needed} for months, needed in one.refused],
    }


def _window_words(one: Forecast, window: WindowForecast, currency: str, text: Text) -> str:
    if one.measure in MONEY_MEASURES:
        return money_range(window.value, currency, text)
    if one.kind is MeasureKind.RATE:
        return percent_range(window.value, text, 1)
    places = 1 if one.measure == "ces" else 0
    return text.between(text.number(window.value.low, places), text.number(window.value.high, places))


def _alert_words(alert: Alert, text: Text) -> str:
    measure = text(f"cli.measure.{alert.measure}")
    if alert.measure == "retention_rate":
        change = text.points(100 * alert.change)
    elif KINDS[alert.measure] is MeasureKind.AMOUNT:
        change = text.percent(alert.change)
    else:
        change = text.number(alert.change, 1 if alert.measure == "ces" else 0)
    return text(f"forecast.alert.{alert.kind}", measure=measure, change=change)
