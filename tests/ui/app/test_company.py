"""A company's own accounts let people in: against a provider that runs here, through the whole way there and back."""

import os
import re
import sys
import time
from pathlib import Path

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread
from streamlit import auth_util
from streamlit.runtime.secrets import AttrDict

from cxroi.actions.people import add_person, remove_person
from cxroi.actions.person import at_the_terminal
from cxroi.environment import SettingError
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.ui.app import company
from cxroi.ui.app.gate import is_our_name
from tests.serving import serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's own
ROOT = Path(__file__).parents[3]
NAMES = {
    "huda": {"email": "Huda@company.example", "email_verified": True},
    "unsure": {"email": "huda@company.example", "email_verified": False},
}
SECRETS = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "cookie_secret": "s" * 40,
    "client_id": "cx",
    "client_secret": "between us",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}


@pytest.fixture(scope="module")
def provider():
    users = [User(sub=sub, claims=claims) for sub, claims in NAMES.items()]
    with run_server_in_thread(
        user_claims=[*users, User(sub="stranger", claims={"email": "stranger@company.example"}), User(sub="nameless")]
    ) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("company") / "w")
    add_person(workspace, "huda@company.example", "administrator", None, who=at_the_terminal())
    return workspace


@pytest.fixture(scope="module")
def address(place, provider, tmp_path_factory):
    """Serve the app with sign-in by the provider only."""
    home = tmp_path_factory.mktemp("home")
    told = SECRETS | {
        "redirect_uri": "http://127.0.0.1:{port}/oauth2callback",
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }
    (home / ".streamlit").mkdir()
    (home / ".streamlit" / "secrets.toml").write_text("[auth]\n" + "".join(f'{k} = "{v}"\n' for k, v in told.items()))
    environment = os.environ | {"CXROI_WORKSPACE": str(place.folder), "HOME": str(home)}
    command = (sys.executable, "app.py", "--headless", "--sign-in", "--port")
    with serving(command, cwd=ROOT, env=environment, log=home / "log", seconds=60) as address:
        yield address


@pytest.fixture
def browser(address):
    with httpx.Client(base_url=address, timeout=30, headers={"accept": "text/html"}) as client:
        yield client


def begun(browser, page="/costs?segment=Homes"):
    """Ask for a page, take the way to the company's account on the sign-in page, and return where the provider is asked."""
    form = browser.get(page, follow_redirects=True)
    assert 'type="password"' not in form.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.text))
    sent = browser.post(
        "/sign-in", data=hidden | {"company": "1"}, headers={"origin": str(browser.base_url).rstrip("/")}
    )
    assert sent.status_code == 200 and "location" not in sent.headers  # a form of ours may lead nowhere else
    return browser.get(refreshed(sent)).headers["location"]


def refreshed(answer):
    return re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)[1].replace("&amp;", "&")


def come_back(browser, asked, sub):
    """Sign in at the provider, and return what this program then answers."""
    back = httpx.post(asked, data={"sub": sub}).headers["location"]
    return browser.get(back, follow_redirects=True)


def test_whoever_was_added_comes_in_by_the_account_and_goes_on_to_the_page(browser, place):
    asked = begun(browser)
    answer = come_back(browser, asked, "huda")
    assert refreshed(answer) == "/costs?segment=Homes"
    assert {name for name in browser.cookies if name.startswith(("_streamlit_user", company.BEGUN))} == set()
    assert "cxroi_session" in browser.cookies and browser.get("/costs").status_code == 200
    latest = State.open(place.folder).audit()[-1]
    assert (latest.what, latest.who) == ("signed in", "huda@company.example")


@pytest.mark.parametrize(
    ("sub", "said"),
    [
        ("stranger", "stranger@company.example, but have not been let in"),
        ("unsure", "has not confirmed"),
        ("nameless", "named nobody"),
    ],
)
def test_nobody_else_comes_in_and_each_is_told_why(browser, sub, said):
    answer = come_back(browser, begun(browser), sub)
    assert answer.status_code == 401 and said in answer.text
    assert "cxroi_session" not in browser.cookies and browser.get("/costs").status_code == 303
    assert not [name for name in browser.cookies if name.startswith("_streamlit_user")]


def test_who_turns_back_at_the_provider_is_told_that_nothing_was_finished(browser):
    back = httpx.post(begun(browser), data={"action": "deny"}).headers["location"]
    assert "was not finished" in browser.get(back, follow_redirects=True).text
    assert "was not finished" not in browser.get("/", follow_redirects=True).text


def test_what_a_provider_said_lets_nobody_in_who_did_not_begin_here(browser, address):
    """A foreign page that sends a browser through somebody else's sign-in, or a cookie that was kept, opens nothing."""
    asked = begun(browser)
    back = httpx.post(asked, data={"sub": "huda"}).headers["location"]
    with httpx.Client(base_url=address, headers={"accept": "text/html"}) as other:
        assert "sign-in" in str(other.get(back, follow_redirects=True).url)
    browser.get(back)
    kept = {name: value for name, value in browser.cookies.items() if name.startswith("_streamlit_user")}
    assert kept
    with httpx.Client(base_url=address, headers={"accept": "text/html"}, cookies=kept) as other:
        assert "sign-in" in str(other.get("/", follow_redirects=True).url)
        assert other.get("/_stcore/stream", headers={"accept": "*/*"}).status_code == 401


def test_what_a_provider_said_is_good_for_two_minutes(monkeypatch):
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    monkeypatch.setattr(company, "get_cookie_secret", lambda: "s" * 40)

    def told(at):
        with monkeypatch.context() as clock:
            clock.setattr(time, "time", lambda: at)
            value = create_signed_value("s" * 40, "_streamlit_user", '{"email": "huda@company.example"}').decode()
        return {"headers": [(b"cookie", f"_streamlit_user={value}; {company.BEGUN}=%2F".encode())]}

    assert company.name_proved(told(time.time() - 60)) == "huda@company.example"
    with pytest.raises(Exception, match="provider_silent"):
        company.name_proved(told(time.time() - 180))


def test_a_session_by_the_account_ends_when_the_person_is_taken_away(browser, place):
    add_person(place, "stranger@company.example", "viewer", None, who=at_the_terminal())
    come_back(browser, begun(browser), "stranger")
    assert browser.get("/costs").status_code == 200
    remove_person(place, "stranger@company.example", who=at_the_terminal())
    time.sleep(1.1)
    assert browser.get("/costs").status_code == 303


@pytest.mark.parametrize(
    ("changed", "id"),
    [
        ({}, None),
        ({"client_secret": ""}, "setting.provider_missing"),
        ({"cookie_secret": "short"}, "setting.provider_secret"),
        ({"server_metadata_url": "http://provider.example/x"}, "setting.provider_in_clear"),
        ({"redirect_uri": "http://127.0.0.1:8501/"}, "setting.provider_back"),
        ({"redirect_uri": "https://other.example/oauth2callback"}, "setting.provider_back"),
    ],
)
def test_a_provider_by_which_nobody_could_safely_come_in_is_refused_at_the_start(monkeypatch, changed, id):
    monkeypatch.setattr(auth_util, "get_secrets_auth_section", lambda: AttrDict(SECRETS | changed))
    if id is None:
        company.ensure_settings(is_our_name)
        return
    with pytest.raises(SettingError) as refused:
        company.ensure_settings(is_our_name)
    assert refused.value.id == id
