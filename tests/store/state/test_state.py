"""What people save stays saved, what was approved stays as it was, and the audit trail shows any tampering."""

import functools
import sqlite3
import threading
from contextlib import closing
from decimal import Decimal

import pytest

from cxroi.errors import StoreError
from cxroi.model.company.sharing import Sharing
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.state.state import State, rate_table
from cxroi.store.state.state_file import _FIRST


@pytest.fixture
def state(tmp_path):
    return State.open(tmp_path)


def test_a_mapping_is_remembered_for_the_same_header_only(state, tmp_path):
    state.remember_mapping(["Kunde", "تاريخ الطلب", "Betrag"], "orders", {"customer_id": "Kunde", "amount": "Betrag"})
    again = State.open(tmp_path)
    assert again.remembered_mapping([" kunde", "تاريخ الطلب", "BETRAG"]) == (
        "orders",
        {"customer_id": "Kunde", "amount": "Betrag"},
    )
    assert again.remembered_mapping(["Betrag", "تاريخ الطلب", "Kunde"]) is None


def test_ledger_rules_keep_their_order(state):
    rules = [("initiative", "CX", "cx"), ("category", "", "not_cx")]
    state.set_ledger_rules(rules)
    state.set_ledger_rules(rules[::-1])
    assert state.ledger_rules() == tuple(rules[::-1])


def test_rates_are_exact_and_have_a_source(state):
    state.set_rate("usd", "SAR", Decimal("3.75"), source="SAMA 2026")
    assert (
        rate_table(state.known_rates(), "sar") == {"USD": Decimal("3.75")}
        and rate_table(state.known_rates(), "EUR") == {}
    )
    for worth, source in ((Decimal("NaN"), "x"), (Decimal(0), "x"), (Decimal(1), "")):
        with pytest.raises(StoreError):
            state.set_rate("EUR", "SAR", worth, source=source)


def test_a_rate_holds_from_its_month_to_the_next_one(state):
    for month, worth in (("2025-03", "4.2"), ("", "3.9"), ("2025-01", "4.0")):
        state.set_rate("EUR", "SAR", Decimal(worth), source="bank", from_month=month, kind="closing")
    rates = rate_table(state.known_rates(), "SAR")
    found = {month: str(rates.at("EUR", month)) for month in ("2024-12", "2025-01", "2025-02", "2025-03", "2026-01")}
    assert found == {"2024-12": "3.9", "2025-01": "4.0", "2025-02": "4.0", "2025-03": "4.2", "2026-01": "4.2"}
    assert [rate.kind for rate in state.known_rates()] == ["closing"] * 3
    for wrong in ({"from_month": "2025-13"}, {"from_month": "soon"}, {"kind": "guess"}):
        with pytest.raises(StoreError):
            state.set_rate("EUR", "SAR", Decimal(1), source="x", **wrong)


def test_rates_of_an_earlier_program_are_kept(tmp_path):
    State.open(tmp_path).share_out("customers")
    with closing(sqlite3.connect(tmp_path / STATE_FILE)) as old:
        old.executescript(
            "DROP TABLE connection_mark; DROP TABLE connection; DROP TABLE scenario_revision; DROP TABLE scenario_mark; DROP TABLE target; DROP TABLE money_said; DROP TABLE spend_in_support; DROP TABLE dated_rate;"
            "CREATE TABLE scenario (id, name, codec, data_version, note, who, locked, created_at); CREATE TABLE rate (currency TEXT, reporting TEXT, worth TEXT, source TEXT, saved_at TEXT);"
            "INSERT INTO rate VALUES ('EUR', 'SAR', '4.05', 'bank', '2026-01-01T00:00:00+00:00'); PRAGMA user_version = 2;"
        )
    (rate,) = State.open(tmp_path).known_rates()
    assert (rate.currency, rate.worth, rate.from_month) == ("EUR", Decimal("4.05"), "")


def test_a_target_is_kept_by_segment_measure_and_month_in_place_of_the_one_before(state):
    for segment, month, value in (("", "2026-03", 40.0), ("Homes", "2026-03", 50.0), ("", "2026-03", 42.5)):
        state.set_target(segment, "nps", month, value)
    assert [(one.segment, one.value) for one in state.targets()] == [("", 42.5), ("Homes", 50.0)]
    state.forget_target("", "nps", "2026-03")
    assert [one.segment for one in state.targets()] == ["Homes"]
    for month, value in (("2026-13", 1.0), ("", 1.0), ("2026-03", float("nan"))):
        with pytest.raises(StoreError):
            state.set_target("", "nps", month, value)


def test_the_audit_trail_shows_who_did_what(state):
    state.record("published", who="Huda", version="000001-aa")
    state.record("restored", who="Omar", version="000002-bb")
    assert [(e.who, e.what, e.facts["version"]) for e in state.audit()] == [
        ("Huda", "published", "000001-aa"),
        ("Omar", "restored", "000002-bb"),
    ]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET who = 'nobody' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 9, at, who, what, facts, previous, hash FROM audit WHERE id = 1",
    ],
)
def test_a_trail_that_was_tampered_with_is_noticed(state, tampering):
    for number in range(3):
        state.record("published", version=str(number))
    with sqlite3.connect(state.path) as connection:
        if not tampering.startswith("INSERT"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(tampering)
        connection.executescript("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted")
        connection.execute(tampering)
    with pytest.raises(StoreError) as noticed:
        state.audit()
    assert noticed.value.id == "store.audit_changed"


def test_many_threads_may_write_at_once(state, tmp_path):
    threads = [
        threading.Thread(target=lambda: [State.open(tmp_path).record("published") for _ in range(10)]) for _ in range(6)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(state.audit()) == 60


class _AtTheSameMoment(sqlite3.Connection):
    """A connection that finds a new file's log being turned on by another, as one of some hundred that start together does."""

    busy = 2

    def execute(self, statement, *given):
        if "journal_mode" in statement and self.busy:
            self.busy -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY
            raise error
        return super().execute(statement, *given)


def test_whoever_opens_a_new_file_at_the_same_moment_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=_AtTheSameMoment))
    State.open(tmp_path).record("published")
    assert len(State.open(tmp_path).audit()) == 1


def test_what_cannot_be_opened_is_a_sentence(tmp_path):
    (tmp_path / "state.sqlite").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError) as refused:
        State.open(tmp_path)
    assert refused.value.id == "store.state_damaged"
    with pytest.raises(StoreError):
        State.open(tmp_path / "missing").share_out("customers")


def test_a_state_from_a_newer_program_is_left_alone(state, tmp_path):
    with sqlite3.connect(state.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError) as refused:
        State.open(tmp_path)
    assert refused.value.id == "store.state_newer"


def test_shares_are_kept_by_initiative_and_replaced_as_one(state):
    assert state.allocation() == Sharing()
    state.share_out("shares")
    state.set_shares("", {"Homes": 60, "Offices": 40})
    state.set_shares(" Care ", {"Homes": 1})
    state.set_shares("", {"Homes": 70.5})
    assert state.allocation() == Sharing(rule="shares", shares={"": {"Homes": 70.5}, "Care": {"Homes": 1}})
    state.set_shares("Care", {})
    assert set(state.allocation().shares) == {""}


@pytest.mark.parametrize("shares", [{"Homes": -1}, {"Homes": 0}, {"Homes": float("nan")}, {"Homes": float("inf")}])
def test_shares_that_divide_nothing_are_refused(state, shares):
    with pytest.raises(StoreError) as refused:
        state.set_shares("", shares)
    assert refused.value.id == "store.shares_invalid"


def test_mappings_are_listed_newest_first_and_forgotten_one_by_one_or_all(state):
    for headings in (["A"], ["B"], ["C"]):
        state.remember_mapping(headings, "orders", {"amount": headings[0]})
    one = next(kept for kept in state.mappings() if kept.columns == {"amount": "B"})
    state.forget_mappings(one.fingerprint)
    assert {kept.columns["amount"] for kept in state.mappings()} == {"A", "C"}
    state.forget_mappings()
    assert state.mappings() == () == state.remembered_columns()


def test_a_state_of_the_first_release_gets_what_came_later_and_keeps_what_it_has(tmp_path):
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(_FIRST + "PRAGMA user_version = 1;")
        connection.execute("INSERT INTO ledger_rule VALUES (0, 'category', 'care', 'cx')")
    connection.close()
    state = State.open(tmp_path)
    state.share_out("revenue")
    assert state.allocation().rule == "revenue" and state.ledger_rules() == (("category", "care", "cx"),)
