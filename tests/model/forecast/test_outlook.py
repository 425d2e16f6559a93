"""The outlook: every measure of the panel, only from complete months, scores weighed by their answers."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import ModelError
from cxroi.model.company.panel import Panel
from cxroi.model.forecast.outlook import look_ahead, measured


def panel(months=30, **columns):
    month = pd.date_range("2023-01-01", periods=months, freq="MS").to_numpy()
    random = np.random.default_rng(1)
    parts = []
    for name, size in (("a", 900.0), ("b", 100.0)):
        lost = random.binomial(int(size), 0.02, months).astype(float)
        parts.append(
            pd.DataFrame(
                {
                    "month": month,
                    "segment": name,
                    "customers_at_start": size,
                    "customers_joined": lost,
                    "customers_lost": lost,
                    "revenue": size * 100 * (1 + 0.02 * random.normal(size=months)),
                    "cx_spend": size * 4,
                    "support_cost": size * 5 * (1 + 0.02 * random.normal(size=months)),
                    "csat": 80.0 if name == "a" else 60.0,
                    "csat_n": size / 10,
                }
            )
        )
    return Panel.from_frame(pd.concat(parts), **columns)


def test_every_measure_that_was_observed_is_forecast_and_nothing_else():
    outlook = look_ahead(panel())
    names = [one.measure for one in outlook.forecasts]
    assert names == ["retention_rate", "customers", "revenue", "contribution_margin", "support_cost", "csat"]
    assert outlook.last_month == "2025-06" and outlook.too_short == ()
    year = {one.measure: one.windows[2].value.mid for one in outlook.forecasts}
    assert year["retention_rate"] == pytest.approx(0.98, abs=0.01)
    assert year["customers"] == pytest.approx(1000)
    assert year["revenue"] == pytest.approx(12 * 100_000, rel=0.05)


def test_a_month_that_is_still_running_does_not_look_like_a_fall():
    whole = panel()
    whole.revenue[:, -1] *= 0.2
    flags = np.arange(30) < 29
    running = Panel.from_frame(whole.to_frame(), complete_months=flags)
    outlook = look_ahead(running)
    assert outlook.last_month == "2025-05"
    assert "revenue" not in [alert.measure for alert in outlook.alerts]
    assert "revenue" in [alert.measure for alert in look_ahead(Panel.from_frame(whole.to_frame())).alerts]


def test_scores_of_the_whole_weigh_segments_by_their_answers():
    assert measured(panel(), "csat") == pytest.approx(np.full(30, 78.0))
    assert measured(panel(), "csat", "b") == pytest.approx(np.full(30, 60.0))
    assert np.isnan(measured(panel(), "nps")).all()


def test_a_segment_can_be_looked_at_by_itself_and_an_unknown_one_is_refused():
    alone = {one.measure: one for one in look_ahead(panel(), segment="b").forecasts}
    assert alone["customers"].mid[0] == pytest.approx(100)
    with pytest.raises(ModelError) as refused:
        look_ahead(panel(), segment="z")
    assert refused.value.id == "segments.unknown"


def test_a_history_that_is_too_short_is_refused_and_a_short_measure_named_with_its_months():
    with pytest.raises(ModelError) as refused:
        look_ahead(panel(months=4))
    assert refused.value.id == "forecast.too_short" and refused.value.facts == {"months": 4, "needed": 6}
    late = panel()
    late.csat[:, :-3] = np.nan
    outlook = look_ahead(late)
    assert outlook.too_short == (("csat", 3),) and "revenue" in [one.measure for one in outlook.forecasts]


def test_months_in_which_nobody_could_be_lost_yet_are_no_history_of_who_stays():
    whole = panel()
    whole.customers_lost[:, :5] = 0  # an inactivity window that has not run out
    whole.customers_at_start[:, :5] /= np.arange(6, 1, -1)
    flags = np.arange(30) >= 5
    outlook = {
        one.measure: one
        for one in look_ahead(
            Panel.from_frame(whole.to_frame().drop(columns="customers_joined"), complete_months=flags)
        ).forecasts
    }
    assert outlook["retention_rate"].months_of_history == outlook["customers"].months_of_history == 25
    assert outlook["revenue"].months_of_history == 30  # what was sold in these months is known
    assert outlook["retention_rate"].windows[0].value.low > 0.95


def test_what_contracts_bring_is_no_history_either_where_only_those_still_there_are_known():
    early = np.arange(30) >= 5
    contracts = Panel.from_frame(panel().to_frame(), complete_months=early, source="customers")
    sold = Panel.from_frame(panel().to_frame().assign(orders=50.0), complete_months=early, source="customers")
    for whole, months in ((contracts, 25), (sold, 30)):
        told = {one.measure: one.months_of_history for one in look_ahead(whole).forecasts}
        assert told["revenue"] == told["contribution_margin"] == months and told["retention_rate"] == 25
