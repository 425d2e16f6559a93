"""CX spend that is booked in support cost too is taken out of it as a person says, and never more than is there."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import StoreError
from cxroi.model.company.panel import Panel
from cxroi.questions import gather
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_panel
from cxroi.store.panel.spend_in_support import SpendInSupport, is_open
from cxroi.store.sample import load_sample
from cxroi.store.state.state import State, spend_in_support_of
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

MONTHS = [f"{month:%Y-%m-01}" for month in pd.date_range("2024-01-01", periods=14, freq="MS")]


def months(**more):
    row = {"customers_at_start": 100, "customers_joined": 2, "customers_lost": 2, "revenue": "1000"}
    both = (("Gold", "60", "50"), ("Silver", "20", "30"))
    return [
        {"month": month, "segment": segment, "cx_spend": spend, "support_cost": support, **row, **more}
        for month in MONTHS
        for segment, spend, support in both
    ]


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "w")


def published(workspace, rows=None):
    file = parquet(workspace.quarantine() / "monthly.parquet", "monthly", rows or months())
    return workspace.publish({"monthly": file}, sources={})


def support(version, answer=None):
    panel = read_panel(Engine.on(version), spend_in_support=answer or SpendInSupport())
    return Panel.from_frame(panel.frame, **panel.meta), {note.id.rpartition(".")[2]: note for note in panel.notes}


def test_a_share_of_cx_spend_is_taken_out_of_support_cost_by_month_and_segment(workspace):
    panel, notes = support(published(workspace), SpendInSupport(answer="share", share=0.25))
    assert panel.support_cost[:, 0].tolist() == [50 - 15, 30 - 5] and panel.cx_spend[:, 0].tolist() == [60, 20]
    assert panel.spend_in_support == panel.whole.spend_in_support == "taken_out"
    assert notes["spend_in_support_share"].facts["taken"] == 20 * len(MONTHS)
    assert "spend_in_support_short" not in notes


def test_an_amount_a_month_is_taken_out_where_the_cx_spend_is(workspace):
    panel, _ = support(published(workspace), SpendInSupport(answer="amount", amount_a_month=40))
    assert panel.support_cost[:, 0].tolist() == [50 - 30, 30 - 10]
    more, _ = support(published(workspace), SpendInSupport(answer="amount", amount_a_month=1e6))
    assert more.support_cost[:, 0].tolist() == [0, 10]  # never more than was spent, never below nothing


def test_what_support_cost_cannot_hold_is_said(workspace):
    panel, notes = support(published(workspace), SpendInSupport(answer="share", share=1.0))
    assert panel.support_cost[:, 0].tolist() == [0, 10]
    assert notes["spend_in_support_share"].facts["taken"] == 70 * len(MONTHS)
    assert notes["spend_in_support_short"].facts == {"months": len(MONTHS), "segments": "Gold"}


def test_credit_notes_and_empty_cells_stay_as_they_are(workspace):
    rows = months()
    rows[0]["cx_spend"], rows[1]["support_cost"], rows[2]["support_cost"] = "-60", None, "-5"
    panel, _ = support(published(workspace, rows), SpendInSupport(answer="share", share=0.5))
    assert panel.support_cost[:, 0].tolist() == [50, 0] and panel.support_cost[0, 1] == -5


@pytest.mark.parametrize(("answer", "mark"), [("", ""), ("unknown", "unknown"), ("no", "no")])
def test_without_a_part_to_take_out_nothing_changes_and_the_doubt_is_said(workspace, answer, mark):
    panel, notes = support(published(workspace), SpendInSupport(answer=answer))
    assert panel.spend_in_support == mark and panel.support_cost[:, 0].tolist() == [50, 30]
    assert ("spend_in_support_open" in notes) == (answer != "no") and ("spend_in_support_no" in notes) == (
        answer == "no"
    )


def test_nobody_is_asked_where_there_is_nothing_to_count_twice(workspace):
    for rows in (months(support_cost=None), months(support_cost="0"), months(cx_spend="0")):
        version = published(workspace, rows)
        panel, notes = support(version, SpendInSupport(answer="share", share=0.5))
        assert panel.spend_in_support == "" and not notes and not is_open(version, SpendInSupport())
    assert is_open(published(workspace), SpendInSupport())
    assert not is_open(published(workspace), SpendInSupport(answer="unknown"))


def test_the_sample_company_is_not_asked(workspace):
    version = load_sample(workspace)
    _, notes = support(version)
    assert not is_open(version, SpendInSupport()) and "spend_in_support_open" not in notes


def test_contacts_with_a_cost_beside_a_ledger_are_asked_about(workspace):
    rows = {
        "customers": [
            {
                "customer_id": str(n),
                "joined_on": "2023-01-01",
                "monthly_revenue": "9",
                "left_on": None if n else "2025-02-28",
            }
            for n in range(20)
        ],
        "costs": [{"period": month, "amount": "40"} for month in MONTHS],
        "contacts": [{"opened_on": month, "customer_id": "1", "cost": "50"} for month in MONTHS],
    }
    files = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, of) for name, of in rows.items()}
    version = workspace.publish(files, sources={})
    assert is_open(version, SpendInSupport())
    panel, _ = support(version, SpendInSupport(answer="share", share=0.5))
    assert panel.support_cost[0].tolist() == [30] * len(MONTHS)


def test_the_answer_is_kept_with_the_workspace_and_reaches_the_evidence(workspace):
    version = published(workspace, months(contribution_margin="400"))
    assert spend_in_support_of(version) == SpendInSupport() and not (workspace.folder / "state.sqlite").exists()
    State.open(workspace.folder).keep_spend_in_support(SpendInSupport(answer="share", share=0.5))
    assert spend_in_support_of(version) == SpendInSupport(answer="share", share=0.5)
    evidence = gather(workspace.folder)
    assert evidence.panel.spend_in_support == "taken_out" and np.all(evidence.panel.support_cost[0] == 20)
    State.open(workspace.folder).keep_spend_in_support(SpendInSupport())
    assert spend_in_support_of(version) == SpendInSupport()


@pytest.mark.parametrize(
    "given",
    [
        {"answer": "maybe"}, {"answer": "share"}, {"answer": "share", "share": 1.5}, {"answer": "share", "share": float("nan")},
        {"answer": "amount"}, {"answer": "amount", "amount_a_month": -3}, {"answer": "amount", "amount_a_month": float("inf")},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused(given):
    with pytest.raises(StoreError):
        SpendInSupport(**given)
