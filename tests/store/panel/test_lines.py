"""Spend by investment line adds up to the panel's to the last thousandth, whichever way the ledger names its lines."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxroi.errors import StoreError
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.lines import REST, read_lines
from cxroi.store.panel.panel import read_panel
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

PEOPLE = [
    {"customer_id": str(n), "joined_on": "2024-11-20", "segment": "a" if n % 3 else "b", "monthly_revenue": "10"}
    for n in range(20)
]
PEOPLE += [{"customer_id": "new", "joined_on": "2025-06-30", "segment": "a", "monthly_revenue": "10"}]


@pytest.fixture
def engine_on(tmp_path):
    """Return a function that publishes customers with a ledger and opens an engine on them."""

    def open_engine(costs, **tables):
        workspace = Workspace.open(tmp_path / f"w{len(list(tmp_path.iterdir()))}")
        rows = {"customers": PEOPLE, "costs": costs, **tables}
        staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, part) for n, part in rows.items() if part}
        return Engine.on(workspace.publish(staged, sources={}))

    return open_engine


def cost(month, amount, initiative=None, segment=None, **more):
    return {"period": f"2025-{month:02d}-01", "amount": amount, "initiative": initiative, "segment": segment, **more}


def read(engine, **options):
    panel = read_panel(engine)
    return panel, read_lines(engine, panel, **options)


def test_lines_are_the_initiatives_largest_first(engine_on):
    costs = [cost(m, "90", "Coaching", "a") for m in (1, 2, 3)] + [cost(m, "200", "App", "b") for m in (1, 2, 3)]
    _, lines = read(engine_on(costs))
    assert (lines.by, lines.names, lines.labelled_share) == ("initiative", ("App", "Coaching"), 1.0)
    assert lines.frame["Coaching"].sum() == 270 and lines.frame["App"].sum() == 600


def test_a_ledger_that_seldom_names_initiatives_is_read_by_touchpoint(engine_on):
    costs = [cost(1, "10", "Coaching", touchpoint="Phone"), cost(1, "90", touchpoint="App")]
    _, lines = read(engine_on(costs))
    assert lines.by == "touchpoint" and lines.names == ("App", "Phone")


def test_the_dimension_can_be_chosen_and_what_has_no_name_is_the_rest(engine_on):
    costs = [cost(1, "60", "Coaching", category="people"), cost(1, "40", category="technology")]
    _, lines = read(engine_on(costs), by="initiative")
    assert lines.names == ("Coaching", REST) and lines.labelled_share == pytest.approx(0.6)


def test_what_is_too_small_to_judge_is_the_rest(engine_on):
    costs = [cost(1, "990", "Coaching"), cost(1, "10", "Flowers")]
    _, lines = read(engine_on(costs))
    assert lines.names == ("Coaching", REST)


def test_spelling_apart_from_case_is_one_line(engine_on):
    _, lines = read(engine_on([cost(1, "50", "Coaching"), cost(2, "50", "coaching ")]))
    assert lines.names == ("Coaching",)


def test_what_is_not_experience_or_comes_once_is_in_no_line(engine_on):
    costs = [cost(1, "50", "Coaching"), cost(1, "7", "Rent", is_cx=False), cost(1, "900", "App", one_off=True)]
    _, lines = read(engine_on(costs))
    assert lines.names == ("Coaching",)


def test_without_a_ledger_or_names_there_are_no_lines(engine_on):
    with pytest.raises(StoreError, match="not_named"):
        read(engine_on([cost(1, "50")]))
    monthly = [
        {"month": "2025-01-01", "customers_at_start": 9, "customers_lost": 1, "cx_spend": "5", "revenue": "50"},
    ]
    with pytest.raises(StoreError, match="no_ledger"):
        read(engine_on([cost(1, "50", "Coaching")], monthly=monthly))


amounts = st.integers(-5_000, 60_000).map(lambda n: str(Decimal(n) / 1000))
ledger_rows = st.builds(
    cost,
    st.integers(1, 6),
    amounts,
    st.sampled_from([None, "Coaching", "App", "Calls", "Vouchers"]),
    st.sampled_from([None, "a", "b", "nobody"]),
    kind=st.sampled_from(["opex", "opex", "capex"]),
    one_off=st.sampled_from([False, False, False, True]),
    is_cx=st.sampled_from([None, True, True, False]),
)


@given(rows=st.lists(ledger_rows, min_size=1, max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_add_up_to_the_panel_in_every_cell(engine_on, rows):
    sure = [cost(m, "400.001", "Coaching") for m in range(1, 7)]
    panel, lines = read(engine_on([*sure, *rows]), by="initiative")
    total = lines.frame[list(lines.names)].to_numpy()
    assert np.round(total.sum(axis=1) * 1000).tolist() == np.round(panel.frame["cx_spend"].to_numpy() * 1000).tolist()
    assert np.round(total * 1000) == pytest.approx(total * 1000, abs=1e-6)
