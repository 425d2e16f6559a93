"""How people come in is settled before a server listens: nobody is asked on this machine alone, everybody elsewhere."""

import asyncio
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from streamlit import config

from cxroi.actions.people import add_person
from cxroi.actions.person import at_the_terminal
from cxroi.environment import SettingError
from cxroi.errors import AccessError
from cxroi.store.versions.workspace import Workspace
from cxroi.ui.app.door import enter
from cxroi.ui.app.gate import choose_hosts, may_enter
from cxroi.ui.app.way_in import WayIn, settle, settle_way_in, way_in
from tests.serving import serving

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "w"))
    kept = {name: config.get_option(name) for name in ("server.allowedHosts", "server.trustedUserHeaders")}
    yield Workspace.open(tmp_path / "w")
    for name, value in kept.items():
        config.set_option(name, value)
    choose_hosts(None)
    settle_way_in(None)


@pytest.fixture
def people(place):
    add_person(place, "huda", "administrator", PASSWORD, who=at_the_terminal())
    return place


def scope(path="/", kind="http", peer="127.0.0.1", server="127.0.0.1", **headers):
    given = {"host": "cx.company.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": kind,
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "client": (peer, 5),
        "server": (server, 8501),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }


def entered(asked):
    """Return the headers with which a request goes on; None where it was answered at the door."""

    async def send(message):
        pass

    async def receive():
        return {"type": f"{asked['type']}.connect"}

    let_in = asyncio.run(enter(asked, receive, send))
    return dict(let_in[0]["headers"]) if let_in else None


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_on_this_machine_alone_nobody_is_asked(place, address):
    settle(address, environment={})
    assert way_in() == WayIn() and entered(scope()) is not None


def test_a_server_that_was_bound_wider_than_it_says_answers_nobody_from_outside(place):
    settle("127.0.0.1", environment={})
    assert entered(scope(server="10.0.0.5")) is None and entered(scope(kind="websocket", server="10.0.0.5")) is None
    assert (
        entered(scope(server="::1")) is not None and entered({**scope(), "server": ("/run/cx.sock", None)}) is not None
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "::", None, "10.0.0.5", "cx.company.example"])
def test_on_another_address_nothing_starts_where_nobody_could_sign_in(place, address):
    add_person(place, "omar", "viewer", PASSWORD, who=at_the_terminal())
    add_person(place, "sara", "administrator", None, who=at_the_terminal())
    with pytest.raises(AccessError, match=r"access\.nobody_yet"):
        settle(address, allowed=["cx.company.example"], environment={})
    assert way_in() == WayIn()


def test_on_another_address_everybody_is_asked_and_under_allowed_names_only(people):
    with pytest.raises(AccessError, match=r"access\.no_hosts"):
        settle("0.0.0.0", environment={})
    settle("0.0.0.0", environment={"CXROI_ALLOWED_HOSTS": "cx.company.example, cx"})
    assert way_in().asks and way_in().by_password and entered(scope()) is None
    assert may_enter(scope()) and not may_enter(scope(host="evil.example")) and not may_enter(scope(host="10.0.0.5"))
    settle("10.0.0.5", environment={})
    assert may_enter(scope(host="10.0.0.5:8501")) and not may_enter(scope())


def test_to_ask_nobody_on_a_network_must_be_meant_and_does_not_outweigh_that_sign_in_was_asked_for(people):
    settle("0.0.0.0", meant=True, environment={})
    assert way_in() == WayIn(is_open=True) and entered(scope(server="10.0.0.5")) is not None
    settle("0.0.0.0", meant=True, asked=True, allowed=["cx"], environment={})
    assert way_in().asks


def test_a_name_under_which_others_come_is_not_given_without_saying_who_may(people):
    with pytest.raises(AccessError) as refused:
        settle("127.0.0.1", allowed=["cx.company.example"], environment={})
    assert refused.value.id == "access.names_alone"
    settle("127.0.0.1", allowed=["cx.company.example"], meant=True, environment={})
    assert way_in().is_open and may_enter(scope())


def test_on_this_machine_sign_in_can_be_asked_for_too(people):
    settle("127.0.0.1", environment={"CXROI_SIGN_IN": "1"})
    assert way_in().asks and entered(scope()) is None


def test_a_change_in_the_app_is_made_by_who_signed_in_with_the_role_they_have_now(people, monkeypatch):
    from types import SimpleNamespace

    from cxroi.ui.app import current

    headers = {"X-Cxroi-Person": "HUDA"}
    monkeypatch.setattr(current.st, "context", SimpleNamespace(headers=headers))
    assert current.current_person().through == "app"  # nobody is asked: what a request says of itself is not believed
    settle("127.0.0.1", asked=True, environment={})
    person = current.current_person()
    assert (person.signature, person.role, person.through) == ("huda", "administrator", "sign-in")
    for nobody in ({"X-Cxroi-Person": "omar"}, {}):
        monkeypatch.setattr(current.st, "context", SimpleNamespace(headers=nobody))
        with pytest.raises(AccessError, match=r"access\.over"):
            current.current_person()


PROXY = {"CXROI_PROXY_ADDRESS": "10.0.0.9, 10.0.0.10", "CXROI_PROXY_USER_HEADER": "X-User"}


def test_a_name_is_believed_of_the_named_proxy_alone_once_and_for_a_person_who_was_added(people):
    settle("10.0.0.5", allowed=["cx.company.example"], environment=PROXY)
    add_person(people, "سارة", "viewer", None, who=at_the_terminal())
    good = scope(peer="10.0.0.9", x_user="HUDA", x_cxroi_person="root")
    assert entered(good)[b"x-cxroi-person"] == b"huda"
    assert entered(scope(peer="::ffff:10.0.0.10", x_user="huda")) is not None
    assert entered(scope(peer="10.0.0.9", x_user="سارة"))[b"x-cxroi-person"] == b"%D8%B3%D8%A7%D8%B1%D8%A9"
    for peer in ("10.0.0.8", "127.0.0.1", "", "10.0.0.99"):
        assert entered(scope(peer=peer, x_user="huda", x_forwarded_for="10.0.0.9")) is None
    for name in ("", "nobody", "huda,omar"):
        assert entered(scope(peer="10.0.0.9", x_user=name)) is None
    twice = scope(peer="10.0.0.9", x_user="huda")
    twice["headers"].append((b"x-user", b"huda"))
    assert entered(twice) is None and entered(scope(peer="10.0.0.9")) is None
    assert (
        entered(scope("/sign-in", peer="10.0.0.9")) is None and entered(scope("/_stcore/health", peer="")) is not None
    )


def test_a_proxy_that_is_not_named_or_a_server_that_may_believe_another_address_is_refused(people):
    with pytest.raises(SettingError, match=r"setting\.proxy_address"):
        settle("10.0.0.5", environment={"CXROI_PROXY_USER_HEADER": "X-User"})
    with pytest.raises(SettingError, match=r"setting\.proxy_server"):
        settle("10.0.0.5", own_server=False, environment=PROXY)


@pytest.mark.parametrize("setting", ["CXROI_SESSION_HOURS", "CXROI_SESSION_IDLE_MINUTES"])
def test_a_time_that_cannot_be_meant_is_refused_at_the_start(people, setting):
    with pytest.raises(SettingError):
        settle("127.0.0.1", environment={setting: "for ever"})


def test_streamlit_alone_stands_behind_the_same_door(people, tmp_path):
    environment = os.environ | {"CXROI_SIGN_IN": "1"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port"]
    with serving(command, cwd=ROOT, env=environment, log=tmp_path / "log", seconds=60) as address:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/_stcore/host-config", timeout=20)
        assert refused.value.code == 401
        with urllib.request.urlopen(f"{address}/sign-in", timeout=20) as page:
            assert b'name="password"' in page.read()


def test_streamlit_alone_does_not_start_on_another_address_without_names(people):
    given = ("--server.address", "0.0.0.0", "--server.port", "18502", "--server.headless", "true")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *given]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2 and "CXROI_ALLOWED_HOSTS" in ended.stderr
