"""Who may come in is decided by an administrator, and a password is proved once."""

import re
import threading

import pytest

from cxroi.actions import sign_in as door
from cxroi.actions.people import add_person, change_role, remove_person, reset_password
from cxroi.actions.person import Person, from_the_network, signed_in
from cxroi.errors import AccessError
from cxroi.store.state.people import PEOPLE_FILE, People
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace

ROOT_OF_ALL = Person(through="terminal", name="root")
PASSWORD, OTHER = "correct horse battery", "an entirely other phrase"
NOW = 1_800_000_000.0


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that stands until a test moves it."""
    time = [NOW]
    monkeypatch.setattr(door.time, "time", lambda: time[0])
    return time


@pytest.fixture
def workspace(tmp_path, monkeypatch, clock):
    from cxroi.access import passwords

    quick = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    passwords._nobodys.cache_clear()
    workspace = Workspace.open(tmp_path / "w")
    add_person(workspace, "Huda", "administrator", PASSWORD, who=ROOT_OF_ALL)
    add_person(workspace, "omar", "viewer", PASSWORD, who=ROOT_OF_ALL)
    return workspace


def enter(workspace, name="Huda", password=PASSWORD, came_from=""):
    return door.sign_in(workspace, name, password, came_from=came_from, who=from_the_network())


def refused(do, *arguments, **named):
    with pytest.raises(AccessError) as refusal:
        do(*arguments, **named)
    return refusal.value.id


def lines(workspace):
    return [(line.who, line.what) for line in State.open(workspace.folder).audit()]


def who(workspace, token, used=False):
    person = door.person_of_session(workspace, token, used=used)
    return person and (person.name, person.role)


def test_whoever_proves_a_password_is_known_by_what_they_show_and_nobody_else_is(workspace):
    token = enter(workspace, "  hUDA ")
    assert who(workspace, token) == ("Huda", "administrator")
    assert who(workspace, "") is None and who(workspace, token + "x") is None
    kept = (workspace.folder / PEOPLE_FILE).read_bytes()
    assert token.encode() not in kept and PASSWORD.encode() not in kept
    assert (workspace.folder / PEOPLE_FILE).stat().st_mode & 0o077 == 0


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(workspace):
    for name, password in (("nobody", PASSWORD), ("Huda", OTHER), ("Huda", ""), ("", "")):
        with pytest.raises(AccessError) as refusal:
            enter(workspace, name, password)
        assert (refusal.value.id, refusal.value.facts) == ("access.wrong", {})


@pytest.mark.parametrize("name", ["Huda", "nobody"])
def test_after_five_failures_nobody_may_try_and_the_wait_grows_up_to_a_quarter_of_an_hour(workspace, clock, name):
    waits = []
    for _ in range(12):
        while (id := refused(enter, workspace, name, OTHER)) == "access.wait":
            clock[0] += 30
        assert id == "access.wrong"
        waits.append(People.of(workspace.folder).wait_of(name, door.OF_A_NAME, clock[0]))
    assert waits[:6] == [0, 0, 0, 0, 30, 60] and max(waits) == waits[-1] == 900


def test_while_one_has_to_wait_the_right_password_does_not_help_and_the_tries_do_not_count(workspace, clock):
    for _ in range(5):
        refused(enter, workspace, password=OTHER)
    for _ in range(20):
        assert refused(enter, workspace) == "access.wait"
    assert who(workspace, enter(workspace, "omar"))  # another person's door is open
    clock[0] += 31
    assert enter(workspace)
    assert refused(enter, workspace, password=OTHER) == "access.wrong"  # and the count begins anew


def test_a_clock_that_goes_back_does_not_shorten_the_wait(workspace, clock):
    for _ in range(5):
        refused(enter, workspace, password=OTHER)
    clock[0] -= 86_400
    assert refused(enter, workspace) == "access.wait"


def test_many_guesses_at_once_are_as_many_as_one_after_another(workspace):
    answers = []

    def guess():
        answers.append(refused(enter, workspace, password=OTHER))

    guesses = [threading.Thread(target=guess) for _ in range(12)]
    for each in guesses:
        each.start()
    for each in guesses:
        each.join()
    assert sorted(answers) == ["access.wait"] * 7 + ["access.wrong"] * 5


def test_one_address_that_tries_many_names_has_to_wait_too(workspace):
    answers = {refused(enter, workspace, f"name{n}", OTHER, came_from="10.0.0.9") for n in range(41)}
    assert answers == {"access.wrong", "access.wait"}
    assert refused(enter, workspace, came_from="10.0.0.9") == "access.wait" and enter(workspace, came_from="10.0.0.7")


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(workspace):
    assert all(enter(workspace, came_from="10.0.0.9") for _ in range(60))


def test_a_session_ends_unused_and_at_its_longest_also_where_it_is_used(workspace, clock):
    token = enter(workspace)
    clock[0] += 3_599
    assert who(workspace, token, used=False)  # a look is no use
    clock[0] += 2
    assert who(workspace, token) is None
    token = enter(workspace)
    for _ in range(12 * 2 - 1):
        clock[0] += 1_800
        assert who(workspace, token, used=True)
    clock[0] += 1_801
    assert who(workspace, token, used=True) is None


def test_a_session_from_the_future_is_none(workspace, clock):
    token = enter(workspace)
    clock[0] -= 3_600
    assert who(workspace, token) is None


def test_signing_out_ends_one_session_and_a_new_password_all(workspace):
    one, other = enter(workspace), enter(workspace)
    door.sign_out(workspace, one, who=signed_in("Huda", "administrator"))
    assert who(workspace, one) is None and who(workspace, other)
    reset_password(workspace, "huda", OTHER, who=ROOT_OF_ALL)
    assert who(workspace, other) is None
    assert refused(enter, workspace) == "access.wrong" and enter(workspace, password=OTHER)


def test_a_new_password_opens_a_locked_door(workspace):
    for _ in range(6):
        refused(enter, workspace, password=OTHER)
    reset_password(workspace, "Huda", OTHER, who=ROOT_OF_ALL)
    assert enter(workspace, password=OTHER)


def test_whoever_is_taken_away_is_out_at_once_and_another_role_holds_at_once(workspace):
    token = enter(workspace, "omar")
    change_role(workspace, "omar", "finance", who=ROOT_OF_ALL)
    assert who(workspace, token) == ("omar", "finance")
    remove_person(workspace, "OMAR", who=ROOT_OF_ALL)
    assert who(workspace, token) is None and door.person_named(workspace, "omar") is None


def test_somebody_whom_a_proxy_vouches_for_has_no_password_that_fits(workspace):
    add_person(workspace, "sara@company.com", "editor", None, who=ROOT_OF_ALL)
    assert door.person_named(workspace, "SARA@company.com").role == "editor"
    assert {refused(enter, workspace, "sara@company.com", given) for given in ("", PASSWORD)} == {"access.wrong"}


@pytest.mark.parametrize("name", ["", " ", "huda (app)", "a\x07b", "<b>", "-x", "x" * 101, "\u202eevil"])
def test_a_name_that_could_be_taken_for_another_is_refused(workspace, name):
    assert refused(add_person, workspace, name, "viewer", PASSWORD, who=ROOT_OF_ALL) == "access.name"


@pytest.mark.parametrize("name", ["هدى السعود", "huda.al-saud@company.com", "O+1"])
def test_a_name_in_any_letters_can_be_one(workspace, name):
    add_person(workspace, name, "viewer", PASSWORD, who=ROOT_OF_ALL)
    assert who(workspace, enter(workspace, name)) == (name, "viewer")


def test_the_same_name_is_not_added_twice_however_it_is_written(workspace):
    assert refused(add_person, workspace, "ＨUDA", "viewer", PASSWORD, who=ROOT_OF_ALL) == "access.known"


def test_the_last_administrator_stays_one(workspace):
    assert refused(remove_person, workspace, "huda", who=ROOT_OF_ALL) == "access.last_administrator"
    assert refused(change_role, workspace, "huda", "viewer", who=ROOT_OF_ALL) == "access.last_administrator"
    change_role(workspace, "omar", "administrator", who=ROOT_OF_ALL)
    remove_person(workspace, "huda", who=ROOT_OF_ALL)


@pytest.mark.parametrize("role", ["viewer", "editor", "finance"])
def test_only_an_administrator_decides_who_comes_in(workspace, role):
    person = signed_in("omar", role)
    jobs = (
        lambda: add_person(workspace, "new", "viewer", PASSWORD, who=person),
        lambda: remove_person(workspace, "omar", who=person),
        lambda: change_role(workspace, "omar", "administrator", who=person),
        lambda: reset_password(workspace, "huda", OTHER, who=person),
    )
    assert {refused(job) for job in jobs} == {"access.needs.administrator"}
    assert [one.name for one in People.of(workspace.folder).everybody()] == ["Huda", "omar"] and enter(workspace)


def test_every_sign_in_and_failure_leaves_a_line_that_names_no_password_and_no_stranger(workspace):
    before = len(lines(workspace))
    token = enter(workspace)
    door.sign_out(workspace, token, who=signed_in("Huda", "administrator"))
    for _ in range(5):
        refused(enter, workspace, "huda", OTHER)
    refused(enter, workspace, OTHER, "x")  # a password typed where the name belongs
    assert lines(workspace)[before:] == [
        ("Huda", "signed in"),
        ("Huda", "signed out"),
        *[("(network)", "sign-in refused")] * 5,
        ("(network)", "locked out"),
        ("(network)", "sign-in refused"),
    ]
    told = repr(State.open(workspace.folder).audit())
    assert OTHER not in told and PASSWORD not in told and re.search(r"'person': 'Huda'", told)


def test_a_trail_that_cannot_be_written_keeps_nobody_out(workspace):
    for file in workspace.folder.glob("state.sqlite*"):
        file.unlink()
    (workspace.folder / "state.sqlite").write_bytes(b"not a database, and long enough to be one" * 100)
    assert who(workspace, enter(workspace)) == ("Huda", "administrator")
