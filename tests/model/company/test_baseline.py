"""Today's figures are those of the trailing complete months."""

import numpy as np
import pytest

from cxroi.errors import PanelError
from cxroi.model.company.baseline import churn_interval, measure_baseline
from cxroi.model.company.panel import Panel
from tests.model.company.test_panel import frame


def test_figures_are_per_customer_month_over_the_last_twelve_months():
    table = frame(18, revenue=[9999.0] * 6 + [1000.0] * 12)
    whole = measure_baseline(Panel.from_frame(table, currency="SAR")).whole
    assert (whole.months, whole.customers) == (12, 100)
    assert whole.revenue_per_customer_month == pytest.approx(10)
    assert whole.cx_spend_per_customer_month == pytest.approx(0.5)
    assert whole.annual_retention_rate.mid == pytest.approx(0.95**12)


def test_a_month_that_is_not_complete_is_left_out():
    table = frame(14, customers_lost=[5.0] * 13 + [50.0])
    complete = np.arange(14) < 13
    baseline = measure_baseline(Panel.from_frame(table, complete_months=complete))
    assert baseline.last_month == "2026-01" and baseline.whole.monthly_churn_rate.mid == pytest.approx(0.05)


# Brown, Cai & DasGupta (2001), Statistical Science 16: Jeffreys interval for 0 and for 10 of 20, 90 %.
def test_the_churn_interval_is_jeffreys():
    none, half = churn_interval(0, 20), churn_interval(10, 20)
    assert none.low == 0 and none.high == pytest.approx(0.0900, abs=5e-4)
    assert half.low == pytest.approx(1 - half.high) and half.low == pytest.approx(0.3238, abs=1e-3)


def test_one_customer_does_not_stop_it():
    table = frame(3, customers_at_start=1.0, customers_joined=0.0, customers_lost=0.0)
    assert measure_baseline(Panel.from_frame(table)).whole.annual_retention_rate.mid == 1


def test_a_segment_that_is_gone_is_left_out_and_nobody_at_all_is_refused():
    table = frame(3, customers_at_start=0.0, customers_joined=0.0, customers_lost=0.0)
    with pytest.raises(PanelError, match="no_customers"):
        measure_baseline(Panel.from_frame(table))
