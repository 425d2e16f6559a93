"""Shared cost lines follow the rule that a person gave, in every figure, and what is kept can be listed and taken away."""

import json

import pytest

from cxroi.cli import main
from cxroi.questions import gather
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet


@pytest.fixture
def folder(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    customers = [
        {
            "customer_id": str(n),
            "joined_on": "2023-01-15",
            "left_on": f"2024-{1 + n % 12:02d}-20" if n % 3 == 0 else None,
            "segment": "Homes" if n % 3 else "Offices",
            "monthly_revenue": "100",
        }
        for n in range(300)
    ]
    costs = [{"period": f"2024-{month:02d}-01", "amount": "1000", "initiative": "Care"} for month in range(1, 13)]
    tables = {"customers": customers, "costs": costs}
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={})
    return workspace.folder


@pytest.fixture
def told(folder, capsys):
    def run(*arguments, language="en"):
        code = main([*arguments, "--json", "--workspace", str(folder), "--language", language])
        return code, json.loads(capsys.readouterr().out)

    return run


def spend(folder):
    """Return each segment's part of the spend in the panel that every page and command reads."""
    panel = gather(folder).panel
    amounts = panel.cx_spend.sum(axis=1)
    assert amounts.sum() == 1000 * panel.cx_spend.shape[1]
    return dict(zip(panel.segments, (amounts / amounts.sum()).tolist(), strict=True))


def test_given_shares_change_the_spend_of_every_segment_and_lose_nothing(folder, told):
    before = spend(folder)
    assert told("shares")[1] == {"format_version": 2, "command": "shares", "rule": "customers", "shares": []}
    code, facts = told("shares", "--set", "Homes=25%", "--set", "Offices=75%")
    assert code == 0 and facts["rule"] == "shares"
    assert [(one["segment"], one["part"]) for one in facts["shares"]] == [("Homes", 0.25), ("Offices", 0.75)]
    after = spend(folder)
    assert after == {"Homes": 0.25, "Offices": 0.75} != before
    assert gather(folder).account.rule == "shares"


def test_an_initiative_follows_its_own_shares_until_they_are_cleared(folder, told):
    told("shares", "--set", "Homes=1", "--set", "Offices=1")
    told("shares", "--set", "Offices=1", "--initiative", "care")
    assert spend(folder) == {"Homes": 0, "Offices": 1}
    told("shares", "--clear", "--initiative", "care")
    assert spend(folder) == {"Homes": 0.5, "Offices": 0.5}
    assert told("shares", "--by", "revenue")[1]["rule"] == "revenue"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_rule_is_said_in_words(folder, capsys, language):
    assert (
        main(["shares", "--set", "Homes=60", "--set", "Offices=40", "--workspace", str(folder), "--language", language])
        == 0
    )
    out = capsys.readouterr().out
    assert "60" in out and "Homes" in out


def test_a_segment_that_nobody_is_in_gets_no_share(told):
    code, _ = told("shares", "--set", "Foo=1", "--set", "Homes=1")
    assert code == 1
    assert told("shares")[1]["shares"] == []


@pytest.mark.parametrize("wrong", [["--set", "Homes=x"], ["--set", "Homes=-1"], ["--set", "Homes=1", "--clear"]])
def test_shares_that_cannot_be_meant_are_wrong_use(told, wrong):
    assert told("shares", *wrong)[0] == 2


def test_rules_are_added_taken_away_and_forgotten(told):
    rules = ("--cx-rule", "category=care", "--not-cx-rule", "note=rent")
    kept = [("category", "care", "cx"), ("note", "rent", "not_cx")]
    listed = lambda facts: [(one["column"], one["contains"], one["decision"]) for one in facts["rules"]]  # noqa: E731
    assert listed(told("rules", *rules)[1]) == kept
    assert listed(told("rules", "--remove", "1")[1]) == kept[1:]
    assert told("rules", "--remove", "9")[0] == 2 and told("rules", "--cx-rule", "nothing=x")[0] == 2
    assert listed(told("rules", "--clear")[1]) == []


def test_remembered_mappings_are_listed_and_forgotten(folder, told):
    State.open(folder).remember_mapping(["Datum", "Betrag"], "costs", {"period": "Datum", "amount": "Betrag"})
    (one,) = told("mappings")[1]["mappings"]
    assert (one["table"], one["columns"]["amount"]) == ("costs", "Betrag")
    assert told("mappings", "--forget", "zzz")[0] == 2
    assert told("mappings", "--forget", one["header"])[1]["mappings"] == []
