"""What customers bring and cost by month: ratios of sums, what was never told is not 0, and keeping against winning."""

import numpy as np
import pandas as pd
import pytest

from cxroi.model.company.baseline import measure_months
from cxroi.model.company.panel import Panel
from cxroi.model.customers.serving import kept_for_a_year, serving_of
from cxroi.model.statistics.uncertainty import Interval


def panel(**more):
    frame = pd.DataFrame(
        {
            "month": pd.date_range("2025-01-01", periods=3, freq="MS"),
            "customers_at_start": [100.0, 110.0, 120.0],
            "customers_joined": [20.0, 20.0, 20.0],
            "customers_lost": [10.0, 10.0, 10.0],
            "revenue": [1000.0, 1100.0, 1500.0],
            "cx_spend": [200.0, 220.0, 240.0],
            **more,
        }
    )
    return Panel.from_frame(frame)


def test_each_figure_is_a_sum_over_a_sum_and_cost_to_serve_adds_support_and_spend():
    found = serving_of(panel(support_cost=[100.0, 110.0, 90.0]), 0, slice(0, 3))
    assert found.revenue.mid == pytest.approx(3600 / 330) and found.revenue.low < found.revenue.mid < found.revenue.high
    assert found.cx_spend.mid == 2.0 and found.cx_spend.low == pytest.approx(2.0)
    assert found.to_serve.mid == pytest.approx(found.support.mid + found.cx_spend.mid)
    assert found.margin is None  # only revenue was given


def test_what_the_data_do_not_tell_is_nothing_and_no_zero():
    found = serving_of(panel(), 0, slice(0, 3))
    assert found.support is None and found.contacts is None and found.acquisition_per_join is None
    won = serving_of(panel(acquisition_spend=[500.0, 600.0, 700.0]), 0, slice(0, 3))
    assert won.acquisition_per_join.mid == pytest.approx(30.0)


def test_keeping_costs_a_year_of_spend_where_nobody_leaves_and_more_the_more_leave():
    spend = Interval.known(2.0)
    stays = measure_months(panel(customers_lost=[0.0] * 3, customers_joined=[10.0] * 3), 0, slice(0, 3))
    assert kept_for_a_year(spend, stays).mid == pytest.approx(24.0)
    leaves = measure_months(panel(), 0, slice(0, 3))
    rate = leaves.annual_retention_rate.mid
    # spent on month by month as long as they stay: the integral of R^t over the year, for each who is left
    years = np.trapezoid(rate ** np.linspace(0, 1, 10_001), dx=1e-4)
    assert kept_for_a_year(spend, leaves).mid == pytest.approx(24.0 * years / rate, rel=1e-6)
    assert kept_for_a_year(spend, leaves).mid > 24.0
