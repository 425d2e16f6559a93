"""An uploaded pilot moves the answer and its grade, or says why it does not."""

import numpy as np
import pytest

from benchmarks.companies import Company, simulate
from cxroi.business_case import build_business_case, default_scenario, gather
from cxroi.business_case.line_evidence import line_pilots, lines_of_spend
from cxroi.business_case.lines import judge_lines
from cxroi.model.assumption import Grade
from cxroi.store.engine import Engine
from cxroi.store.queries import read_pilots
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


def pilot(gain=0.25, n=20_000, treated=2.0, before=0, head_start=0.0, **more):
    """Return six months that double spend and take `gain` off log churn, after months `before` without; by month and group."""
    random = np.random.default_rng(1)
    for month in range(7 - before, 13):
        for group in ("treated", "control"):
            runs = group == "treated" and month > 6
            lost = random.binomial(n, 0.02 * np.exp(-gain * runs - head_start * (group == "treated")))
            spend = round((treated if runs else 1.0) * TODAY * n, 2)
            counted = {"customers": str(n), "retained": str(n - lost), "spend": str(spend)}
            yield {"group": group, "period": f"2023-{month:02d}-01", **counted, **more}


def bought_in_pilot(evidence):
    """Return the log hazard that double spend takes off churn on average over its first six months, by draw."""
    posterior = evidence.posterior
    carried = posterior.carryover_rate[:, None] ** np.arange(1, 7)
    gained = posterior.gains(2 - carried).mean(axis=1) - posterior.gains(1.0)
    return (gained[:, None] * posterior.strength).mean(axis=1)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    def publish(**tables):
        folder = tmp_path_factory.mktemp("workspace")
        workspace = Workspace.open(folder)
        rows = {"monthly": list(monthly()), **tables}
        staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, r) for name, r in rows.items()}
        return folder, workspace.publish(staged, sources={})

    return publish


@pytest.fixture(scope="module")
def evidence_with(published):
    return lambda **tables: gather(published(**tables)[0])


@pytest.fixture(scope="module")
def without(evidence_with):
    return evidence_with()


@pytest.mark.parametrize(("by_lot", "grade"), [("true", Grade.RANDOMISED_PILOT), ("false", Grade.MATCHED_COMPARISON)])
def test_a_pilot_moves_the_response_and_its_grade_stands_in_the_verdict(evidence_with, without, by_lot, grade):
    piloted = evidence_with(pilots=list(pilot(randomised=by_lot)))
    assert without.posterior.grade is Grade.OWN_HISTORY and piloted.posterior.grade is grade
    bought = [bought_in_pilot(evidence) for evidence in (without, piloted)]
    assert abs(bought[1].mean() - 0.25) < abs(bought[0].mean() - 0.25) and bought[1].std() < bought[0].std() / 2
    assert build_business_case(piloted, default_scenario(piloted)).verdict.grade is grade
    assert [note.id for note in piloted.notes] == ["store.note.pilot_used_all"]


@pytest.mark.parametrize("head_start", [0.0, 0.5])
def test_months_before_the_pilot_neither_dilute_it_nor_let_a_head_start_count(evidence_with, head_start):
    evidence = evidence_with(pilots=list(pilot(n=200_000, before=6, head_start=head_start, randomised="false")))
    assert bought_in_pilot(evidence).mean() == pytest.approx(0.25, abs=0.06)
    assert evidence.posterior.grade is Grade.MATCHED_COMPARISON


def test_the_start_of_a_pilot_is_that_of_the_initiative_it_names(published):
    rows = list(pilot(before=6, initiative="call back "))
    _, version = published(pilots=rows, initiatives=[{"name": "Call back", "starts_on": "2023-10-05"}])
    assert read_pilots(Engine.on(version))["starts_on"].astype(str).unique().tolist() == ["2023-10-05"]


def test_a_short_pilot_says_that_its_spend_buys_more_in_the_end_than_it_showed(evidence_with):
    def in_the_end(evidence):
        posterior = evidence.posterior
        return ((posterior.gains(2.0) - posterior.gains(1.0))[:, None] * posterior.strength).mean()

    evidence = evidence_with(pilots=list(pilot(randomised="true")))
    assert in_the_end(evidence) > bought_in_pilot(evidence).mean()


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


def test_a_pilot_of_an_initiative_enters_its_line_in_units_of_the_lines_own_spend(published):
    """Two lines of equal spend in lockstep cannot be told apart by history; a pilot that doubled all spend on one of them can."""
    folder, _ = published(pilots=list(pilot(gain=0.25, randomised="true", initiative="Coaching", treated=1.5)))
    evidence = gather(folder)
    spend = {name: PANEL.cx_spend / 2 for name in ("Coaching", "App")}
    rows = read_pilots(Engine.on(Workspace.open(folder).current()))
    (tried,) = line_pilots(evidence, spend, rows)["Coaching"]
    assert tried.spend_ratio_control == 1.0 and tried.spend_ratio_treated == pytest.approx(2.0, rel=0.02)
    assert line_pilots(evidence, {"App": PANEL.cx_spend}, rows) == {}
    apart, together = (
        lines_of_spend(evidence, spend, by="initiative", pilots=p) for p in ({"Coaching": (tried,)}, None)
    )
    strength = {name: one.posterior.strength.mean() for name, one in apart.responses.items()}
    assert apart.responses["Coaching"].posterior.grade is Grade.RANDOMISED_PILOT
    assert strength["Coaching"] > 1.5 * together.responses["Coaching"].posterior.strength.mean()
    called = [
        {one.line: one.verdict.reason for one in judge_lines(evidence, lines, default_scenario(evidence)).lines}
        for lines in (apart, together)
    ]
    assert called[0]["Coaching"] != "moves_alone" and called[0]["App"] == "moves_alone"
    assert set(called[1].values()) == {"moves_alone"}
    assert strength["App"] == pytest.approx(together.responses["App"].posterior.strength.mean(), rel=0.2)
