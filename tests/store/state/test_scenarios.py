"""Every save of a scenario stays as it was, two people never overwrite each other, and what is locked stays."""

import sqlite3
import threading

import pytest

from cxroi.errors import StoreError
from cxroi.model.kept_scenario import KeptScenario
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import write_link
from cxroi.store.state.state import State
from cxroi.store.state.state_file import _FIRST

HOW = {"why": "saved", "who": "huda"}


def kept(name="Board plan", level=120.0):
    scenario = Scenario(investment_level_percent=level, currency="SAR")
    return KeptScenario(name=name, scenario=scenario, data_version="000001-aa", rests_on={"version": "000001-aa"})


@pytest.fixture
def state(tmp_path):
    return State.open(tmp_path)


def refusal(job):
    with pytest.raises(StoreError) as refused:
        job()
    return refused.value.id


def test_every_save_is_a_revision_and_none_can_be_changed_or_removed(state):
    first = state.add_revision(None, kept(), seen=0, **HOW)
    second = state.add_revision(first.id, kept(level=140.0), seen=1, **HOW)
    assert [one.kept for one in state.revisions(first.id)] == [kept(level=140.0), kept()]
    assert state.scenarios() == (second,) and second.last.number == 2
    with sqlite3.connect(state.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE scenario_revision SET name = 'x'")


def test_the_second_of_two_who_saw_the_same_revision_is_told_and_nothing_is_lost(state):
    id = state.add_revision(None, kept(), seen=0, **HOW).id
    told = []

    def save(level):
        try:
            State.open(state.path.parent).add_revision(id, kept(level=level), seen=1, **HOW)
        except StoreError as error:
            told.append(error)

    tabs = [threading.Thread(target=save, args=(level,)) for level in (130.0, 140.0, 150.0)]
    [tab.start() for tab in tabs]
    [tab.join() for tab in tabs]
    assert [error.id for error in told] == ["scenarios.changed_meanwhile"] * 2 and told[0].facts["who"] == "huda"
    assert len(state.revisions(id)) == 2
    assert refusal(lambda: state.mark_scenario(id, "approved", seen=1, who="omar")) == "scenarios.changed_meanwhile"


def test_what_is_locked_or_approved_is_neither_changed_nor_deleted_until_it_is_unlocked(state):
    id = state.add_revision(None, kept(), seen=0, **HOW).id
    approved = state.mark_scenario(id, "approved", seen=1, who="omar")
    assert approved.lock == approved.approval and approved.approval.who == "omar"
    assert refusal(lambda: state.add_revision(id, kept("Other"), seen=1, **HOW)) == "store.scenario_locked"
    assert refusal(lambda: state.mark_scenario(id, "deleted", seen=1, who="omar")) == "store.scenario_locked"
    unlocked = state.mark_scenario(id, "unlocked", seen=1, who="omar")
    assert (unlocked.lock, unlocked.approval) == (None, None)
    assert state.add_revision(id, kept("Other"), seen=1, **HOW).kept.name == "Other"


def test_what_is_deleted_can_be_brought_back_unless_its_name_was_taken_meanwhile(state):
    id = state.add_revision(None, kept(), seen=0, **HOW).id
    assert state.mark_scenario(id, "deleted", seen=1, who="huda").deletion.who == "huda"
    assert refusal(lambda: state.add_revision(id, kept(), seen=1, **HOW)) == "scenarios.deleted"
    other = state.add_revision(None, kept("board PLAN"), seen=0, **HOW).id
    back = lambda: state.mark_scenario(id, "brought back", seen=1, who="huda")  # noqa: E731
    assert refusal(back) == "scenarios.name_taken"
    state.add_revision(other, kept("Second"), seen=1, **HOW)
    assert back().deletion is None


def test_no_two_scenarios_that_are_there_have_one_name(state):
    state.add_revision(None, kept("خطة المجلس"), seen=0, **HOW)
    assert refusal(lambda: state.add_revision(None, kept("خطة المجلس"), seen=0, **HOW)) == "scenarios.name_taken"


def test_scenarios_of_the_first_release_come_along_also_for_who_only_looks(tmp_path):
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as old:
        old.executescript(_FIRST + "PRAGMA user_version = 1;")
        row = "INSERT INTO scenario VALUES (?, ?, ?, '000001-aa', 'a note', 'Huda', ?, '2026-01-01T00:00:00+00:00')"
        link = write_link(Scenario(investment_level_percent=130.0, currency="SAR"))
        old.executemany(row, [(1, "Board", link, 0), (2, "خطة", link, 1)])
    old.close()
    before = path.read_bytes()
    second, first = State.open(tmp_path).scenarios()
    assert path.read_bytes() == before
    assert (first.kept.name, first.kept.note, first.last.who, first.lock) == ("Board", "a note", "Huda", None)
    assert second.lock is not None and second.kept.scenario.investment_level_percent == 130.0
    State.open(tmp_path).share_out("revenue")
    assert State.open(tmp_path).scenarios() == (second, first)
