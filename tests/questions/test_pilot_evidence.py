"""An uploaded pilot moves the answer and its grade, or says why it does not."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.assumption import Grade
from cxroi.model.company.baseline import measure_baseline
from cxroi.model.pilots.pilot import PilotOutcome
from cxroi.model.response.channel import Channel
from cxroi.questions import build_business_case, default_scenario, gather
from cxroi.questions.line_evidence import line_pilots, lines_of_spend
from cxroi.questions.lines import judge_lines
from cxroi.questions.pilot_evidence import pilots_of
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_pilots
from cxroi.store.versions.workspace import Workspace
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


def with_outcomes(rows, column="margin", gain=0.15, mean=40.0):
    """Return the rows of a pilot with a total beside retention that the treated group has `gain` more of, in logs."""
    random = np.random.default_rng(2)
    for row in rows:
        runs = row["group"] == "treated" and row["period"] >= "2023-07"
        total = mean * int(row["customers"]) * np.exp(gain * runs + random.normal(0, 0.005))
        yield {**row, column: str(round(total, 2))}


def margin_bought(evidence):
    """Return by how much double spend raises log margin per customer in its first six months, by draw."""
    channel = next(one for one in evidence.channels if one.channel is Channel.MARGIN)
    carried = channel.carryover_rate[:, None] ** np.arange(1, 7)
    gained = channel.gains(2 - carried).mean(axis=1) - channel.gains(1.0)
    return (gained[:, None] * channel.strength).mean(axis=1)


def test_a_pilot_that_counts_margin_moves_that_channel_too_and_is_said_to(evidence_with, without):
    evidence = evidence_with(pilots=list(with_outcomes(pilot(before=3, randomised="true"))))
    assert [note.id for note in evidence.notes] == ["store.note.pilot_used_all", "store.note.pilot_used_outcome_all"]
    assert evidence.notes[1].facts["outcome"] == "margin"
    channel = next(one for one in evidence.channels if one.channel is Channel.MARGIN)
    assert channel.grade is Grade.RANDOMISED_PILOT and channel.helps > 0.95
    assert all(one.helps < 0.5 for one in without.channels if one.channel is Channel.MARGIN)
    assert margin_bought(evidence).mean() > 0.02
    np.testing.assert_array_equal(
        evidence.posterior.strength,
        evidence_with(pilots=list(pilot(before=3, randomised="true"))).posterior.strength,
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (with_outcomes(pilot(before=3, randomised="true"), "support_cost"), "pilot.outcome_not_valued"),
        (with_outcomes(list(pilot(randomised="true"))[:4], "margin"), "pilot.outcome_needs_months"),
        (with_outcomes(pilot(randomised="true", n=200), "margin"), "pilot.too_small"),
    ],
)
def test_an_outcome_that_cannot_be_used_says_why_and_the_others_count(evidence_with, rows, reason):
    notes = {note.id: note for note in evidence_with(pilots=list(rows)).notes}
    assert notes["store.note.pilot_unused_outcome_all"].facts["reason"] == reason
    assert "store.note.pilot_used_outcome_all" not in notes


def test_joins_that_customers_brought_count_as_the_part_of_all_joins_that_they_are():
    place = measure_baseline(PANEL)
    all_joins = place.whole.joins_per_month / place.whole.customers
    found = {}
    for share in (0.1, 1.0):
        rows = with_outcomes(pilot(before=3, n=200_000), "joined", gain=0.3, mean=share * all_joins)
        frame = pd.DataFrame(rows).assign(segment="", randomised=True, starts_on=None)
        numbers = ["customers", "retained", "spend", "joined"]
        frame[numbers] = frame[numbers].astype(float)
        evidence, _ = pilots_of(frame, place, 0.35)
        found[share] = next(one for one in evidence if one.outcome is PilotOutcome.JOINS)
    assert found[1.0].log_gain == pytest.approx(0.3, abs=0.03)
    assert found[0.1].log_gain == pytest.approx(np.log1p(0.1 * np.expm1(0.3)), abs=0.01)


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
