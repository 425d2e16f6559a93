"""The outlook: every measure of the panel, only from complete months, scores weighed by their answers."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import ModelError
from cxroi.model.outlook import look_ahead, measured
from cxroi.model.panel import Panel


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
    assert refused.value.id == "forecast.no_such_segment"


def test_a_history_that_is_too_short_is_named_with_its_months():
    outlook = look_ahead(panel(months=4))
    assert outlook.forecasts == () and ("revenue", 4) in outlook.too_short
