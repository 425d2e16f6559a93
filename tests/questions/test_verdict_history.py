"""Verdicts kept with their version: noted when given, told again later, with what is another than before."""

from dataclasses import replace
from pathlib import Path

import pytest

from cxroi.model.decision.verdict import Call
from cxroi.questions import verdict_history as history
from cxroi.questions.data import open_version
from cxroi.questions.verdict_history import ask_verdict_history
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace

ENTRY = {
    "call": "under_invested",
    "probability": 0.91,
    "more_pays": 0.93,
    "grade": "C",
    "horizon_months": 36,
    "currency": "SAR",
    "gain": 1e6,
    "program": "a",
    "settings": {"rates": "()", "sharing": "{}", "booked": "", "margin": ""},
    "figures": dict.fromkeys(history.FIGURES, 100.0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("history")
    load_sample(Workspace.open(place))
    return place


@pytest.fixture
def told(folder, monkeypatch):
    """Give a function that notes entries one after another, as if each were the verdict of the moment, and tells the history."""
    derived = folder / "derived"

    def noting(*entries):
        for kept in derived.glob("*/verdicts"):
            kept.unlink()
        with open_version(folder) as data:
            for entry in entries:
                monkeypatch.setattr(history, "_entry", lambda _, entry=entry: entry)
                found = ask_verdict_history(data)
        return found

    return noting


def test_the_first_verdict_is_noted_as_such_and_the_same_again_is_not_noted_twice(told):
    found = told(ENTRY, ENTRY, {**ENTRY, "program": "b", "gain": 1.0001e6})
    (one,) = found.verdicts
    assert one.why == ("first",) and one.call is Call.UNDER_INVESTED and one.probability == 0.91 and not found.not_told


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"figures": {**ENTRY["figures"], "customers": 90.0}}, ("data",)),
        ({"settings": {**ENTRY["settings"], "rates": "(EUR)"}}, ("rates",)),
        ({"settings": {**ENTRY["settings"], "sharing": "{'a': 1}"}}, ("sharing",)),
        ({"horizon_months": 12}, ("horizon",)),
        ({"program": "b", "call": "about_right"}, ("program",)),
        ({"figures": {**ENTRY["figures"], "months": 101.0}, "horizon_months": 12}, ("data", "horizon")),
    ],
)
def test_what_is_another_than_at_the_verdict_before_is_named(told, change, why):
    newest, oldest = told(ENTRY, {**ENTRY, **change}).verdicts
    assert newest.why == why and oldest.why == ("first",)


def test_of_the_data_the_figures_that_moved_are_told_the_one_that_moved_most_first(told):
    figures = {**ENTRY["figures"], "customers": 90.0, "cx_spend_per_month": 150.0, "months": 100.5}
    moved = told(ENTRY, {**ENTRY, "figures": figures}).verdicts[0].figures
    assert [(one.name, one.before, one.after) for one in moved] == [
        ("cx_spend_per_month", 100.0, 150.0),
        ("customers", 100.0, 90.0),
    ]


def test_what_cannot_be_read_counts_as_never_told(folder, told):
    told(ENTRY)
    for kept in (folder / "derived").glob("*/verdicts"):
        kept.write_bytes(b"damaged")
    assert history._read(Workspace.open(folder).current()) == ()


def test_a_version_that_nobody_was_told_a_verdict_of_is_named(folder, told, monkeypatch):
    told(ENTRY)
    version = Workspace.open(folder).current()
    other = replace(version, id="000009-0123456789abcdef", number=9, folder=version.folder.with_name("x"))
    monkeypatch.setattr(Workspace, "versions", lambda _: (version, other))
    with open_version(folder) as data:
        assert ask_verdict_history(data).not_told == (9,)
