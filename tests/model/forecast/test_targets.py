"""Targets by month: met, missed or out of reach by what came and by the range ahead, each in its own direction."""

import numpy as np
import pytest

from cxroi.model.forecast.backtest import MeasureKind
from cxroi.model.forecast.forecast import forecast
from cxroi.model.forecast.outlook import Outlook
from cxroi.model.forecast.targets import Standing, Target, hold_targets, months_apart, target_alerts

RANDOM = np.random.default_rng(3)


def found(measure="revenue", kind=MeasureKind.AMOUNT, *, missing=0):
    series = np.concatenate([1000 + 10 * RANDOM.normal(size=18), np.full(missing, np.nan)])
    one = forecast(series, measure=measure, kind=kind)
    return one, Outlook(forecasts=(one,), too_short=(), alerts=(), last_month="2025-06")


def standing(outlook, month, value, measure="revenue"):
    (held,) = hold_targets(outlook, [Target(measure=measure, month=month, value=value)])
    return held


def test_a_month_that_came_met_its_target_or_missed_it():
    one, outlook = found()
    last = one.last_value
    assert standing(outlook, "2025-06", last).standing is Standing.MET
    assert standing(outlook, "2025-06", last + 0.01).standing is Standing.MISSED
    assert standing(outlook, "2025-05", 0.0).actual == one.history[-2]
    assert standing(outlook, "2023-12", 0.0).standing is Standing.UNKNOWN


def test_support_cost_is_met_below_its_target():
    one, outlook = found("support_cost")
    last = one.last_value
    assert standing(outlook, "2025-06", last, "support_cost").standing is Standing.MET
    assert standing(outlook, "2025-06", last - 0.01, "support_cost").standing is Standing.MISSED
    assert standing(outlook, "2025-07", 0.5 * one.low[0], "support_cost").standing is Standing.OUT_OF_REACH


def test_a_month_to_come_is_judged_by_its_whole_range():
    one, outlook = found()
    low, high = one.low[2], one.high[2]
    assert standing(outlook, "2025-09", low - 1).standing is Standing.LIKELY
    assert standing(outlook, "2025-09", (low + high) / 2).standing is Standing.OPEN
    assert standing(outlook, "2025-09", high + 1).standing is Standing.OUT_OF_REACH
    assert standing(outlook, "2026-07", 1.0).standing is Standing.TOO_FAR
    assert standing(outlook, "2025-07", 1.0, "nps").standing is Standing.UNKNOWN


def test_a_measure_that_ends_early_is_held_against_its_own_months():
    one, outlook = found(missing=2)
    assert one.behind == 2
    assert standing(outlook, "2025-04", 0.0).actual == one.last_value
    assert standing(outlook, "2025-05", 0.0).mid == pytest.approx(one.mid[0])


def test_alarms_are_the_newest_month_missed_and_the_nearest_out_of_reach():
    _, outlook = found()
    months = ("2025-05", "2025-06", "2025-08", "2025-10")
    held = hold_targets(outlook, [Target(measure="revenue", month=month, value=5000.0) for month in reversed(months)])
    alerts = target_alerts(held, "2025-06")
    assert [(alert.kind, alert.month, alert.months) for alert in alerts] == [
        ("target_missed", "2025-06", 0),
        ("target_out_of_reach", "2025-08", 2),
    ]
    assert all(alert.is_alarm and alert.change == pytest.approx(-0.8, abs=0.02) for alert in alerts)
    assert months_apart("2024-12", "2025-01") == 1
