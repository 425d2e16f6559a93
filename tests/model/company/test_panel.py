"""A panel is taken whole and adds up, or is refused with the month and the segment."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import PanelError
from cxroi.model.company.panel import Panel


def frame(months=4, **changes):
    table = pd.DataFrame(
        {
            "month": pd.date_range("2025-01-01", periods=months, freq="MS"),
            "segment": "all",
            "customers_at_start": 100.0,
            "customers_joined": 5.0,
            "customers_lost": 5.0,
            "revenue": 1000.0,
            "contribution_margin": 400.0,
            "cx_spend": 50.0,
        }
    )
    return table.assign(**changes)


def refusal(table, **meta):
    with pytest.raises(PanelError) as caught:
        Panel.from_frame(table, **meta)
    return caught.value


def test_a_panel_goes_to_a_frame_and_back():
    two = pd.concat([frame(), frame(segment="b").iloc[1:]])
    panel = Panel.from_frame(two, currency="SAR", source="monthly")
    again = Panel.from_frame(panel.to_frame(), currency="SAR", source="monthly")
    assert panel.segments == ("all", "b") and np.isnan(panel.customers_lost[1, 0])
    pd.testing.assert_frame_equal(panel.to_frame(), again.to_frame())


def test_counts_that_do_not_add_up_are_refused_with_month_segment_and_difference():
    error = refusal(frame(customers_at_start=[100, 100, 90, 90]))
    assert error.id == "panel.does_not_add_up"
    assert error.facts == {"month": "2025-02", "segment": "all", "difference": 10.0}


def test_joins_that_were_not_given_follow_from_the_other_counts():
    panel = Panel.from_frame(frame(customers_at_start=[100, 110, 120, 130]).drop(columns="customers_joined"))
    assert panel.customers_joined[0, :3].tolist() == [15, 15, 15] and np.isnan(panel.customers_joined[0, 3])
    assert panel.joined_is_derived


@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"customers_lost": -1}, "panel.negative"),
        ({"customers_lost": 1000}, "panel.more_lost_than_there"),
        ({"revenue": np.inf}, "panel.infinite"),
        ({"cx_spend": "many"}, "panel.not_a_number"),
        ({"month": "some day"}, "panel.not_a_number"),
        ({"month": pd.Timestamp("2025-01-01")}, "panel.twice"),
        ({"month": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01", "2025-09-01"])}, "panel.month_missing"),
    ],
)
def test_a_bad_panel_is_refused(change, id):
    assert refusal(frame(**change)).id == id


def test_an_empty_panel_and_a_missing_column_are_refused():
    assert refusal(frame().iloc[:0]).id == "panel.empty"
    assert refusal(frame().drop(columns="cx_spend")).facts["columns"] == "cx_spend"


def test_revenue_stands_in_for_a_margin_that_was_not_given_and_says_so():
    panel = Panel.from_frame(frame().drop(columns="contribution_margin"))
    assert panel.margin_is_revenue and (panel.contribution_margin == panel.revenue).all()


def test_the_whole_is_the_sum_of_the_segments():
    panel = Panel.from_frame(pd.concat([frame(), frame(segment="b", customers_at_start=50.0)]))
    assert panel.whole.customers_at_start.tolist() == [[150, 150, 150, 150]]


def test_what_was_spent_on_winning_customers_is_carried_where_it_was_given_and_absent_where_it_was_not():
    assert (
        Panel.from_frame(frame()).acquisition_spend is None
        and Panel.from_frame(frame()).whole.acquisition_spend is None
    )
    assert "acquisition_spend" not in Panel.from_frame(frame()).to_frame()
    two = pd.concat([frame(acquisition_spend=[10.0, 20.0, np.nan, 40.0]), frame(segment="b", acquisition_spend=1.0)])
    panel = Panel.from_frame(two)
    assert panel.acquisition_spend.tolist() == [[10, 20, 0, 40], [1, 1, 1, 1]]
    assert panel.whole.acquisition_spend.tolist() == [[11, 21, 1, 41]]
    again = Panel.from_frame(panel.to_frame())
    assert again.acquisition_spend.tolist() == panel.acquisition_spend.tolist()
    assert Panel.from_frame(frame(acquisition_spend=np.nan)).acquisition_spend is None
    assert refusal(frame(acquisition_spend=np.inf)).facts["column"] == "acquisition_spend"
