"""No change is silent: whoever makes one leaves a line that says who, what and which version."""

import importlib
import inspect
import io
import pkgutil
import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cxroi import actions
from cxroi.access.roles import ROLES
from cxroi.actions import (
    backup,
    connections,
    in_support,
    load,
    mappings,
    money_said,
    people,
    rates,
    recount,
    rules,
    scenarios,
    shares,
    sign_in,
    targets,
    versions,
    waiting,
)
from cxroi.actions.person import Person, at_the_terminal, signed_in
from cxroi.cli import main
from cxroi.connect import child
from cxroi.errors import AccessError, StoreError
from cxroi.intake.report import IntakeRequest
from cxroi.model.kept_scenario import KeptScenario
from cxroi.model.scenario import Scenario
from cxroi.store.panel.money_said import MoneySaid
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.state.records import KeptConnection
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.view.data.trail import change_words
from tests.actions.world import customers, tree
from tests.connect import world
from tests.store.tables import costs, parquet

pytestmark = pytest.mark.usefixtures("files_read_here")
WHO = Person(through="app", account="huda")
CUSTOMER = "C-1"
PASSWORD = "correct horse battery"
EURO = rates.TypedRate(currency="EUR", reporting="SAR", worth=Decimal("4.05"), source="bank")
DOLLAR = rates.TypedRate(currency="USD", reporting="SAR", worth=Decimal("3.75"), source="bank")
CONNECTION = KeptConnection(name="Shop", address="/nowhere/shop.db", query="SELECT 1")
KEPT = KeptScenario(name="A plan that nobody may name", scenario=Scenario(currency="SAR"), data_version="000001-aa")


@pytest.fixture(autouse=True)
def reads_here(monkeypatch, tmp_path):
    monkeypatch.setattr(child, "run_child", world.run_here)
    monkeypatch.setenv("CXROI_CONNECT_FOLDERS", str(tmp_path))


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace with two versions and something of everything that can be changed or taken away."""
    workspace = Workspace.open(tmp_path / "w")
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    answer = {"answered_on": "2025-01-05", "metric": "nps", "score": "9", "scale_max": "10", "comment": "words"}
    staged = {
        "customers": customers(tmp_path / "k.parquet", CUSTOMER, "C-2"),
        "surveys": parquet(tmp_path / "s.parquet", "surveys", [answer]),
    }
    workspace.publish(staged, sources={})
    state = State.open(workspace.folder)
    state.set_rate("EUR", "SAR", Decimal("4"), source="bank")
    state.set_ledger_rules((("note", "care", "cx"),))
    state.remember_mapping(["Datum"], "costs", {"period": "Datum"})
    return workspace


def ledger(folder):
    path = folder / "ledger.csv"
    path.write_text("period,amount,currency,who paid\n2025-01,5,SAR,us\n2025-02,6,SAR,us\n")
    request = IntakeRequest(mapping=(("owner", "who paid"),), ledger_rules=(("owner", "us", "cx"),))
    return path, "ledger.csv", request


def answers_kept(workspace):
    reports = load.inspect_file(*ledger(workspace.folder.parent))
    request = IntakeRequest(currency="SAR")
    connections.keep_answers(workspace, "Shop", request, reports, workspace.current(), who=WHO)


def kept(workspace):
    """Return the id of a scenario that is there."""
    return scenarios.save_scenario(workspace, KEPT, who=WHO).id


def counted_anew(workspace, folder):
    load.load_file(workspace, *ledger(folder), who=WHO)
    rules.replace_rules(workspace, [("owner", "us", "not_cx")], who=WHO)
    return recount.recount(workspace, who=WHO)


def restored(workspace, file):
    backup.back_up(workspace, file, who=WHO)
    return backup.restore_backup(workspace, file, who=WHO, replace=True)


def first(workspace):
    return workspace.versions()[-1].id


def waiting_file(workspace):
    return waiting.bring_files(workspace, None, [("a.csv", io.BytesIO(b"x"))], who=WHO)


def connected(workspace, folder, do):
    """Keep a connection to a shop that is there, and do something with it."""
    world.shop(folder / "shop.db")
    query = "SELECT 'C-' || id AS customer_id, joined AS joined_on, left_on FROM customer"
    kept = replace(CONNECTION, address=str(folder / "shop.db"), query=query)
    connections.keep_connection(workspace, kept, new=True, who=WHO)
    return do(workspace)


def with_people(workspace, do=lambda w: None):
    """Let two people in, of whom one may let in others, and do something with them."""
    people.add_person(workspace, "omar", "administrator", PASSWORD, who=WHO)
    people.add_person(workspace, "huda", "viewer", PASSWORD, who=WHO)
    do(workspace)


def signed_out(workspace):
    sign_in.sign_out(workspace, sign_in.sign_in(workspace, "huda", PASSWORD, who=WHO), who=WHO)


# Every public function that takes `who`, and a job in which it changes something.
JOBS = {
    "backup.back_up": lambda w, folder: backup.back_up(w, folder / "b.zip", who=WHO),
    "backup.restore_backup": lambda w, folder: restored(w, folder / "b.zip"),
    "connections.keep_connection": lambda w, folder: connected(w, folder, lambda w: None),
    "connections.remove_connection": lambda w, folder: connected(
        w, folder, lambda w: connections.remove_connection(w, "shop", who=WHO)
    ),
    "connections.try_connection": lambda w, folder: connected(
        w, folder, lambda w: connections.try_connection(w, "Shop", who=WHO)
    ),
    "connections.bring_connection": lambda w, folder: connected(
        w, folder, lambda w: connections.bring_connection(w, None, "Shop", who=WHO)
    ),
    "connections.refresh": lambda w, folder: connected(w, folder, lambda w: connections.refresh(w, "Shop", who=WHO)),
    "connections.refresh_all": lambda w, folder: connected(
        w, folder, lambda w: connections.refresh_all(w, [], who=WHO)
    ),
    "connections.keep_answers": lambda w, folder: connected(w, folder, answers_kept),
    "load.load_file": lambda w, folder: load.load_file(w, *ledger(folder), who=WHO),
    "load.load_many": lambda w, folder: load.load_many(w, [ledger(folder)], "append", who=WHO),
    "load.load_sample": lambda w, folder: load.load_sample(w, who=WHO),
    "versions.restore": lambda w, folder: versions.restore(w, first(w), who=WHO),
    "versions.repair": lambda w, folder: versions.repair(w, who=WHO),
    "versions.start_empty": lambda w, folder: versions.start_empty(w, who=WHO),
    "versions.mend_state": lambda w, folder: versions.mend_state(w, w.current(), who=WHO),
    "versions.delete_version": lambda w, folder: versions.delete_version(w, first(w), who=WHO),
    "versions.forget_comments": lambda w, folder: versions.forget_comments(w, 1, today=date(9000, 1, 1), who=WHO),
    "versions.disclose_customer": lambda w, folder: versions.disclose_customer(w, CUSTOMER, who=WHO),
    "versions.forget_customer": lambda w, folder: versions.forget_customer(w, CUSTOMER, who=WHO),
    "rates.keep_rates": lambda w, folder: rates.keep_rates(w, [EURO], who=WHO),
    "rates.drop_rates": lambda w, folder: rates.drop_rates(w, "EUR", "SAR", who=WHO),
    "rates.replace_rates": lambda w, folder: rates.replace_rates(
        w, State.open(w.folder).known_rates(), [DOLLAR], who=WHO
    ),
    "recount.recount": counted_anew,
    "rules.change_rules": lambda w, folder: rules.change_rules(w, who=WHO, add=[("category", "it", "not_cx")]),
    "rules.replace_rules": lambda w, folder: rules.replace_rules(w, [], who=WHO),
    "scenarios.save_scenario": lambda w, folder: scenarios.save_scenario(w, KEPT, who=WHO),
    "scenarios.mark_scenario": lambda w, folder: scenarios.mark_scenario(w, kept(w), "approved", seen=1, who=WHO),
    "scenarios.comment_on_scenario": lambda w, folder: scenarios.comment_on_scenario(w, kept(w), "good", who=WHO),
    "shares.share_out": lambda w, folder: shares.share_out(w, "revenue", who=WHO),
    "shares.set_shares": lambda w, folder: shares.set_shares(w, "", {"Homes": 1.0}, who=WHO),
    "in_support.say_in_support": lambda w, folder: in_support.say_in_support(w, SpendInSupport(answer="no"), who=WHO),
    "money_said.say_money": lambda w, folder: money_said.say_money(w, MoneySaid(currency="SAR"), who=WHO),
    "mappings.remember_mapping": lambda w, folder: mappings.remember_mapping(w, ["a"], "costs", {}, who=WHO),
    "people.add_person": lambda w, folder: with_people(w),
    "people.remove_person": lambda w, folder: with_people(w, lambda w: people.remove_person(w, "huda", who=WHO)),
    "people.change_role": lambda w, folder: with_people(w, lambda w: people.change_role(w, "huda", "editor", who=WHO)),
    "people.reset_password": lambda w, folder: with_people(
        w, lambda w: people.reset_password(w, "huda", PASSWORD[::-1], who=WHO)
    ),
    "sign_in.sign_in": lambda w, folder: with_people(w, lambda w: sign_in.sign_in(w, "huda", PASSWORD, who=WHO)),
    "sign_in.enter_vouched_for": lambda w, folder: with_people(
        w, lambda w: sign_in.enter_vouched_for(w, "huda", who=WHO)
    ),
    "sign_in.sign_out": lambda w, folder: with_people(w, signed_out),
    "mappings.forget_mappings": lambda w, folder: mappings.forget_mappings(w, who=WHO),
    "targets.change_targets": lambda w, folder: targets.change_targets(w, "", keep=[("nps", "2026-03", 4.0)], who=WHO),
    "waiting.bring_files": lambda w, folder: waiting_file(w),
    "waiting.take_away": lambda w, folder: waiting.take_away(w, *in_waiting(w), who=WHO),
}
# What can be done without leaving a line, since it changes no workspace.
LOOKS = {
    "connections.are_allowed",
    "connections.ensure_allowed",
    "load.inspect_file",
    "person.at_the_terminal",
    "person.at_this_machine",
    "person.from_the_network",
    "person.needs",
    "person.signed_in",
    "person.system_account",
    "rules.kept_after",
    "place.is_named",
    "place.workspace_folder",
    "quarantine.content_hash",
    "quarantine.private",
    "quarantine.said_plainly",
    "quarantine.secured",
    "quarantine.shown_name",
    "rates.rates_in_file",
    "rates.read_month",
    "rates.read_rates",
    "scenario_file.assumption",
    "sign_in.person_named",
    "sign_in.person_of_session",
    "scenario_file.file_bytes",
    "scenario_file.read_kept_scenario",
    "scenario_file.read_scenario_file",
    "targets.read_targets",
    "targets.targets_in_file",
    "versions.as_receipt",
}


def in_waiting(workspace):
    brought = waiting_file(workspace)
    return brought.token, [file.id for file in brought.files()]


def public_functions():
    for module in pkgutil.iter_modules(actions.__path__):
        inside = vars(importlib.import_module(f"cxroi.actions.{module.name}"))
        for name, found in inside.items():
            if inspect.isfunction(found) and found.__module__.endswith(f".{module.name}") and not name.startswith("_"):
                yield f"{module.name}.{name}", inspect.unwrap(found)


def test_whoever_takes_a_person_has_a_job_below_and_the_others_are_known_to_change_nothing():
    takes = {name: "who" in inspect.signature(function).parameters for name, function in public_functions()}
    assert {name for name, person in takes.items() if person} == set(JOBS)
    assert {name for name, person in takes.items() if not person} == LOOKS


@pytest.mark.parametrize("name", JOBS)
def test_a_change_leaves_a_line_that_says_who_what_and_which_version(name, workspace, tmp_path):
    known = {version.id for version in workspace.versions()}
    JOBS[name](workspace, tmp_path)
    lines = State.open(workspace.folder).audit()
    by_themselves = {"huda"} if name.startswith("sign_in.") else set()  # who has proved it is named without brackets
    assert lines and {line.who for line in lines} == {"huda (app)"} | by_themselves
    for line in lines:
        in_use = {version.id for version in workspace.versions()} or {None}  # none where everything was set aside
        assert line.what and line.facts["version"] in known | in_use
        assert all(change_words(line.what, Text(language)) != line.what for language in LANGUAGES)
        assert not any(name in repr(line) for name in (CUSTOMER, "ledger.csv", KEPT.name))


@pytest.mark.parametrize("name", [name for name in JOBS if not name.startswith("sign_in.")])
def test_no_change_is_made_by_a_role_that_is_not_enough_and_the_role_is_asked_before_all_else(name, workspace):
    module, _, function = name.partition(".")
    action = getattr(importlib.import_module(f"cxroi.actions.{module}"), function)
    before = tree(workspace)
    with pytest.raises(AccessError, match=r"access\.needs\."):
        action(who=signed_in("omar", "viewer"))  # with nothing else: whatever else is asked would be missed first
    assert tree(workspace) == before


ENOUGH = {
    "editor": {
        "scenarios.save_scenario",
        "load.load_sample",
        "versions.restore",
        "waiting.bring_files",
        "connections.refresh",
    },
    "finance": {
        "rates.keep_rates",
        "rules.change_rules",
        "shares.share_out",
        "money_said.say_money",
        "recount.recount",
    },
    "administrator": {
        "versions.forget_customer",
        "versions.delete_version",
        "people.add_person",
        "connections.keep_connection",
    },
}


@pytest.mark.parametrize("needed", ENOUGH)
def test_each_role_may_make_its_changes_and_the_one_before_it_may_not(needed):
    less = ROLES[ROLES.index(needed) - 1]
    for name in ENOUGH[needed]:
        module, _, function = name.partition(".")
        action = getattr(importlib.import_module(f"cxroi.actions.{module}"), function)
        with pytest.raises(AccessError, match=f"access.needs.{needed}"):
            action(who=signed_in("omar", less))
        with pytest.raises(TypeError):  # let in, and now what else it takes is missing
            action(who=signed_in("omar", needed))


def test_a_ledger_is_loaded_by_finance_alone_and_other_files_by_an_editor(workspace, tmp_path):
    before = tree(workspace)
    with pytest.raises(AccessError, match=r"access\.needs\.finance"):
        load.load_file(workspace, *ledger(tmp_path), who=signed_in("omar", "editor"))
    assert tree(workspace) == before
    assert load.load_file(workspace, *ledger(tmp_path), who=signed_in("sara", "finance"))[1] is not None
    assert State.open(workspace.folder).audit()[-1].who == "sara"


def test_a_load_also_leaves_the_lines_of_what_it_keeps_for_the_next(workspace, tmp_path):
    JOBS["load.load_file"](workspace, tmp_path)
    lines = State.open(workspace.folder).audit()
    assert [line.what for line in lines] == ["loaded", "mapping remembered", "ledger_rules"]
    assert lines[0].facts["sources"][0]["rows"] == 2 and lines[0].facts["version"] == workspace.current().id


@pytest.mark.parametrize(
    "name", [n for n in JOBS if n.partition(".")[0] in ("rates", "shares", "in_support", "money_said")]
)
def test_what_changes_nothing_leaves_no_line(name, workspace, tmp_path):
    JOBS[name](workspace, tmp_path)
    before = State.open(workspace.folder).audit()
    JOBS[name](workspace, tmp_path)
    assert State.open(workspace.folder).audit() == before


@pytest.mark.parametrize("name", JOBS)
def test_where_no_line_can_be_written_nothing_is_changed_but_what_must_be(name, workspace, tmp_path):
    for file in workspace.folder.glob("state.sqlite*"):
        file.unlink()
    (workspace.folder / "state.sqlite").write_bytes(b"not a database, and long enough to be one" * 100)
    before = tree(workspace)
    if name == "versions.forget_customer":
        assert not JOBS[name](workspace, tmp_path).recorded
        assert tree(workspace) != before
        return
    if name in ("versions.repair", "versions.mend_state"):  # the settings come back from their copy, and take the line
        JOBS[name](workspace, tmp_path)
        assert State.open(workspace.folder).audit()[-1].who == WHO.signature
        return
    with pytest.raises(StoreError) as refused:
        JOBS[name](workspace, tmp_path)
    must = name == "versions.start_empty"
    assert (refused.value.id == "store.not_recorded") == must
    assert (tree(workspace) != before) == must


def test_a_load_whose_line_fails_at_the_last_moment_says_so(workspace, tmp_path, monkeypatch):
    def full(*_, **__):
        raise StoreError("store.disk_full")

    monkeypatch.setattr(State, "record", full)
    reports, version = load.load_file(workspace, *ledger(tmp_path), who=WHO)
    assert version is not None and workspace.current() == version
    assert "finding.not_recorded" in [finding.id for finding in reports[0].findings]


def test_to_look_at_a_file_changes_nothing(workspace, tmp_path):
    before = tree(workspace)
    load.inspect_file(*ledger(tmp_path), workspace=workspace)
    assert tree(workspace) == before and State.open(workspace.folder).audit() == ()


@pytest.mark.parametrize("number", ["", "  "])
def test_an_empty_number_is_nobody_also_where_rejected_rows_have_empty_cells(workspace, tmp_path, number):
    (tmp_path / "r.csv").write_text("row,customer,reason\n7,,date\n")
    staged = {"customers": customers(tmp_path / "l.parquet", "C-3")}
    workspace.publish(staged, sources={}, rejects={"customers": tmp_path / "r.csv"})
    before = tree(workspace)
    with pytest.raises(StoreError, match=r"store\.nobody"):
        versions.forget_customer(workspace, number, who=WHO)
    assert tree(workspace) == before


def test_the_person_at_a_terminal_is_the_account_of_the_system_whatever_the_environment_says(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "the chief executive")
    assert at_the_terminal().signature not in ("", "the chief executive")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trail_can_be_read_in_the_terminal_and_is_refused_when_it_was_altered(workspace, capsys, language):
    given = ["audit", "--workspace", str(workspace.folder), "--language", language]
    text = Text(language)
    assert main(given) == 0 and text("trail.empty") in capsys.readouterr().out
    shares.share_out(workspace, "revenue", who=WHO)
    assert main(given) == 0
    out = capsys.readouterr().out
    assert text("trail.shared_costs") in out and "huda (app)" in out and workspace.current().id in out
    with sqlite3.connect(workspace.folder / "state.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET who = 'omar'")
    assert main(given) == 1 and text("store.audit_changed", line=1) in capsys.readouterr().err
