"""An uploaded pilot moves the answer and its grade, or says why it does not."""

import numpy as np
import pytest

from benchmarks.companies import Company, simulate
from cxroi.business_case import build_business_case, default_scenario, gather
from cxroi.model.assumption import Grade
from cxroi.store.snapshots import Workspace
from cxroi.text import Text
from tests.store.tables import parquet

COMPANY = Company(customers=6_000, n_segments=2, n_months=24, spend_variation=0.2, seed=5)
PANEL = simulate(COMPANY).panel
TODAY = PANEL.cx_spend[:, -12:].sum() / PANEL.customers_at_start[:, -12:].sum()


def monthly():
    names = ("customers_at_start", "customers_joined", "customers_lost", "revenue", "contribution_margin", "cx_spend")
    for s, segment in enumerate(PANEL.segments):
        for t, month in enumerate(PANEL.months):
            figures = {name: str(round(float(getattr(PANEL, name)[s, t]), 3)) for name in names}
            yield {"month": f"{month}-01", "segment": segment, **figures, "currency": "SAR"}


def pilot(gain=0.25, n=20_000, treated=2.0, **more):
    """Return a pilot that doubles spend and takes `gain` off log churn; groups counted by month."""
    random = np.random.default_rng(1)
    for month in range(1, 7):
        for group, ratio in (("treated", treated), ("control", 1.0)):
            lost = random.binomial(n, 0.02 * np.exp(-gain * (group == "treated")))
            spend = {} if treated is None else {"spend": str(round(ratio * TODAY * n, 2))}
            counted = {"customers": str(n), "retained": str(n - lost), **spend}
            yield {"group": group, "period": f"2023-{month:02d}-01", **counted, **more}


@pytest.fixture(scope="module")
def evidence_with(tmp_path_factory):
    def evidence(**tables):
        folder = tmp_path_factory.mktemp("workspace")
        workspace = Workspace.open(folder)
        rows = {"monthly": list(monthly()), **tables}
        staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, r) for name, r in rows.items()}
        workspace.publish(staged, sources={})
        return gather(folder)

    return evidence


@pytest.fixture(scope="module")
def without(evidence_with):
    return evidence_with()


@pytest.mark.parametrize(("by_lot", "grade"), [("true", Grade.RANDOMISED_PILOT), ("false", Grade.MATCHED_COMPARISON)])
def test_a_pilot_moves_the_response_and_its_grade_stands_in_the_verdict(evidence_with, without, by_lot, grade):
    piloted = evidence_with(pilots=list(pilot(randomised=by_lot)))
    assert without.posterior.grade is Grade.OWN_HISTORY and piloted.posterior.grade is grade
    bought = [
        ((e.posterior.gains(2.0) - e.posterior.gains(1.0))[:, None] * e.posterior.strength).mean(axis=1)
        for e in (without, piloted)
    ]
    assert abs(bought[1].mean() - 0.25) < abs(bought[0].mean() - 0.25) and bought[1].std() < bought[0].std() / 2
    assert build_business_case(piloted, default_scenario(piloted)).verdict.grade is grade
    assert [note.id for note in piloted.notes] == ["store.note.pilot_used_all"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (list(pilot(segment="nowhere")), "pilot.segment_unknown"),
        (list(pilot(treated=1.0)), "pilot.same_spend"),
        (list(pilot(n=100, segment="S00")), "pilot.too_small"),
        ([{**row, "spend": None} for row in pilot()], "pilot.spend_missing"),
        ([row for row in pilot() if row["group"] == "treated"], "pilot.comparison_incomplete"),
        ([{**row, "customers": None} for row in pilot()], "pilot.counts_unreadable"),
    ],
)
def test_a_pilot_that_cannot_be_used_says_why_and_changes_nothing(evidence_with, without, rows, reason):
    evidence = evidence_with(pilots=rows)
    (note,) = evidence.notes
    assert note.id.startswith("store.note.pilot_unused") and note.facts["reason"] == reason
    assert evidence.posterior.grade is Grade.OWN_HISTORY
    np.testing.assert_array_equal(evidence.posterior.strength, without.posterior.strength)
    for language in ("en", "ar"):
        text = Text(language)
        assert text(note.id, **{**note.facts, "reason": text(reason, **note.facts)})
