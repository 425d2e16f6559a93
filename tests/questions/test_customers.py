"""What is asked about customers: agrees with the panel, keeps to months and segment, and leaves out what the data cannot tell."""

from datetime import date

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.questions import open_version
from cxroi.questions.cohorts import ask_staying
from cxroi.questions.customer_months import ask_customer_months
from cxroi.questions.customers import ask_customer_worth, ask_retention_points
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.view.understand.customer_page import serving_table
from tests.made_customers import contracts, months, publish


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that opens one of the companies."""
    folder = tmp_path_factory.mktemp("made")
    tables = contracts()
    kinds = {
        "contracts": tables,
        "orders": {"orders": tables["orders"]},
        "unpriced": {"customers": [{k: v for k, v in row.items() if "cost" not in k} for row in tables["customers"]]},
        "months": months(),
    }
    return {name: publish(folder / name, **rows) for name, rows in kinds.items()}


@pytest.mark.parametrize("kind", ["contracts", "orders", "months"])
def test_every_month_begins_with_who_was_left_at_the_end_of_the_last(made, kind):
    with open_version(made[kind]) as data:
        found = ask_customer_months(data, Slice())
    assert found.at_end[:-1] == pytest.approx(found.at_start[1:])
    assert found.now.customers == found.at_end[-1]


def test_the_figures_are_those_of_the_baseline_without_a_period_and_of_the_period_with_one(made):
    with open_version(made["contracts"]) as data:
        found = ask_customer_months(data, Slice())
        half = ask_customer_months(data, Slice(first=date(2025, 1, 1), last=date(2025, 6, 1), segment="Homes"))
        panel = data.panel_without_costs
        assert found.now.annual_retention_rate == ask_customer_worth(data, 36, 0.1).baseline.whole.annual_retention_rate
    assert (str(found.first), str(found.last)) == ("2025-01", "2025-12") and found.months.size == panel.months.size
    assert half.months.size == half.now.months == 6 and half.segment == "Homes"
    place, window = panel.segments.index("Homes"), slice(12, 18)
    assert half.lost == pytest.approx(panel.customers_lost[place, window])
    assert half.before.months == 6 and half.before.customers_lost == panel.customers_lost[place, 6:12].sum()


def test_what_winning_costs_is_each_customers_own_or_the_ledger_over_joins(made):
    with open_version(made["contracts"]) as data:
        each = ask_customer_months(data, Slice()).winning
    assert each.source == "each" and 30 < each.per_customer.low < each.per_customer.high < 36
    with open_version(made["months"]) as data:
        ledger = ask_customer_months(data, Slice())
    assert ledger.winning.source == "ledger" and ledger.winning.per_customer.mid == pytest.approx(60.0)
    assert ledger.keeping.mid > 12 * ledger.serving.cx_spend.mid
    with open_version(made["unpriced"]) as data:
        assert ask_customer_months(data, Slice()).winning is None


def test_orders_give_what_one_brings_and_their_revenue_is_the_panels(made):
    with open_version(made["contracts"]) as data:
        found, panel = ask_customer_months(data, Slice()), data.panel_without_costs
    revenue = found.ordering.order_value.mid * found.ordering.orders
    assert revenue == pytest.approx(panel.revenue[:, -12:].sum())
    assert found.ordering.per_customer.mid == pytest.approx(found.ordering.orders / found.ordering.customers)


def test_an_order_before_discounts_is_what_was_paid_with_the_discount_back_on_it(made, tmp_path):
    with open_version(made["contracts"]) as data:
        plain = ask_customer_months(data, Slice()).ordering
    assert plain.gross_value is None and plain.discount_share is None
    orders = [{**row, "discount": "-5" if number % 2 else None} for number, row in enumerate(contracts()["orders"])]
    with open_version(publish(tmp_path / "w", orders=orders)) as data:
        months = ask_customer_months(data, Slice())
        found, told = months.ordering, serving_table(months, Text("en"))
    back = found.gross_value.mid - found.order_value.mid
    assert back * found.orders == pytest.approx(5 * found.discounted)
    assert found.discount_share.mid == pytest.approx(back / found.gross_value.mid)
    assert Text("en")("customers.serving.discounts") in told[0].words


def test_months_without_data_and_unknown_segments_are_refused_with_what_there_is(made):
    with open_version(made["months"]) as data:
        with pytest.raises(ModelError) as refused:
            ask_customer_months(data, Slice(first=date(2020, 1, 1), last=date(2020, 3, 1)))
        assert refused.value.id == "customers.no_month" and refused.value.facts["last"] == "2025-12"
        for ask in (lambda: ask_customer_months(data, Slice(segment="x")), lambda: ask_staying(data, "x")):
            with pytest.raises(ModelError) as refused:
                ask()
            assert refused.value.id == "segments.unknown"


def test_contracts_tell_cohorts_by_both_growth_only_net_and_how_long_all_of_today_have_been_there(made):
    with open_version(made["contracts"]) as data:
        found, now = ask_staying(data), ask_customer_months(data, Slice()).now
        homes = ask_staying(data, "Homes")
    gross, net = found.by_revenue.measures["gross"].share, found.by_revenue.measures["net"].share
    assert np.nanmax(gross) <= 1.0 and (gross <= net + 1e-12)[np.isfinite(net)].all()
    assert np.nanmax(net - gross) > 0.01 and found.year.net.mid > found.year.gross.mid
    assert found.by_customers.customers.sum() == 240 and homes.by_customers.customers.sum() == 120
    assert sum(one.customers for one in found.tenures) == now.customers and found.recorded_from is None


def test_orders_alone_tell_who_orders_again_and_no_tenure(made):
    with open_version(made["orders"]) as data:
        found = ask_staying(data)
    assert found.by_customers is found.by_revenue and found.by_customers.of_orders and found.tenures == ()
    assert found.year.window_months == 1


def test_contracts_without_orders_keep_what_each_pays(made):
    with open_version(made["unpriced"]) as data:
        found = ask_staying(data)
    assert found.by_revenue.measures["net"] is found.by_revenue.measures["gross"]
    assert found.year.net.mid == pytest.approx(found.year.gross.mid) == pytest.approx(found.year.still.mid)


def test_monthly_totals_tell_no_cohort_but_what_points_are_worth(made):
    with open_version(made["months"]) as data:
        found, points = ask_staying(data), ask_retention_points(data, None, 36, 0.1)
        worth = ask_customer_worth(data, 36, 0.1).by_stay.whole
    assert (found.by_customers, found.by_revenue, found.year, found.tenures) == (None, None, None, ())
    assert points.worth.mid == pytest.approx(points.segments[0].customers * worth.active.value.mid, rel=1e-6)
    assert 0 < points.share.mid < points.for_life.mid


@pytest.fixture(scope="module")
def listed_since(tmp_path_factory):
    """Return a list of today's customers and of those who left since January 2025: who left before is not in it."""
    tables = contracts(400, segments=("Homes",))
    kept = [row for row in tables["customers"] if row["left_on"] is None or row["left_on"] >= "2025-01-01"]
    return publish(tmp_path_factory.mktemp("since") / "w", customers=kept)


def test_cohorts_begin_where_those_who_leave_are_in_the_data(listed_since):
    """Joined before, they are survivors: all of them would seem to stay until the record begins."""
    with open_version(listed_since) as data:
        found, worth = ask_staying(data), ask_customer_worth(data, 36, 0.1).by_stay
    assert found.recorded_from == "2025-01" == found.by_customers.months[0]
    assert worth.cohort_months[0] == "2025-01" and found.year is None
