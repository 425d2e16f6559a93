"""No route of the running server is open to whoever has not signed in, and a session that is over opens none."""

import http.client
import json
import os
import re
import sys
import time
import urllib.parse
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from cxroi.actions import sign_in as door
from cxroi.actions.people import add_person, remove_person
from cxroi.actions.person import at_the_terminal, from_the_network
from cxroi.shipped import shipped
from cxroi.store.state.people import People
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from tests.serving import serving

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"
# What strangers get: whether the server is alive, and what the sign-in page is drawn with.
FOR_STRANGERS = {"/sign-in", "/_stcore/health", "/app/static/icon.png"} | {
    f"/app/static/fonts/{face}-{weight}.woff2"
    for face in ("IBMPlexSans", "IBMPlexSansArabic")
    for weight in ("Regular", "SemiBold")
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("door") / "w")
    add_person(workspace, "Huda", "administrator", PASSWORD, who=at_the_terminal())
    return workspace


@pytest.fixture(scope="module")
def server(place):
    """Serve the app with sign-in, and give its address and its routes."""
    routes = place.folder.parent / "routes.json"
    environment = os.environ | {"CXROI_WORKSPACE": str(place.folder), "CXROI_TEST_ROUTES": str(routes)}
    command = (sys.executable, "-m", "tests.ui.app.routed_server", "--headless", "--sign-in", "--port")
    with serving(command, cwd=ROOT, env=environment, log=place.folder.parent / "log", seconds=60) as address:
        yield urllib.parse.urlsplit(address).netloc, json.loads(routes.read_text())


@pytest.fixture
def session(place):
    return door.sign_in(place, "huda", PASSWORD, who=from_the_network())


@pytest.fixture
def over(place):
    token, long_ago = "t" * 43, time.time() - 40_000
    place_of = People.of(place.folder)
    place_of.end_session(door._id(token))
    place_of.begin_session(door._id(token), "Huda", long_ago, longest=1e9)
    return token


def ask(netloc, path, method="GET", session=None, body=None, connection=None, **headers):
    connection = connection or http.client.HTTPConnection(netloc, timeout=30)
    cookie = {"cookie": f"cxroi_session={session}"} if session is not None else {}
    connection.request(
        method,
        path,
        body=body,
        headers={"host": netloc, **cookie} | {k.replace("_", "-"): v for k, v in headers.items()},
    )
    answer = connection.getresponse()
    content = answer.read()
    return answer, content


def addresses(routes):
    """Return an address and the methods for every route, and beside them some that are really there."""
    for path, methods in routes:
        yield re.sub(r"\{[^}]*\}", "x", path) or "/", methods
    real = ["/", "/what-if", "/present?lang=ar", "/language/ar", "/sign-out", "/still-signed-in", "/nowhere"]
    real += [
        "/static/index.html",
        "/app/static/panel/what_if.js",
        "/app/static/../pages/data/upload.py",
        "/%2e%2e/app.py",
    ]
    real += [
        "//_stcore/health",
        "/_stcore/health/",
        "/_stcore/health/../host-config",
        "/_stcore/metrics",
        "/_stcore/agent",
    ]
    yield from ((path, ["GET"]) for path in real)


def test_every_route_is_shut_without_with_a_wrong_and_with_an_expired_session(server, over):
    netloc, routes = server
    assert len(routes) > 15 and any("stream" in path for path, _ in routes)
    connection, tried = http.client.HTTPConnection(netloc, timeout=30), 0
    for path, methods in addresses(routes):
        if path in FOR_STRANGERS:
            continue
        for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", *methods}:
            for shown in (None, "", "wrong", "x" * 43, over):
                accept = "text/html" if method == "GET" and shown != "wrong" else "*/*"
                answer, content = ask(netloc, path, method, shown, connection=connection, accept=accept)
                led = answer.status == 303 and answer.headers["location"].startswith("/sign-in?")
                assert led or answer.status == 401, (path, method, shown, answer.status)
                assert content in (b"", b"Forbidden") and "set-cookie" not in answer.headers
                tried += 1
    assert tried > 800


@pytest.mark.parametrize("path", ["/_stcore/host-config", "/", "/app/static/panel/what_if.js", "/still-signed-in"])
def test_the_same_routes_answer_whoever_has_signed_in(server, session, path):
    assert ask(server[0], path, session=session)[0].status in (200, 204)


def test_strangers_get_the_type_of_the_sign_in_page_and_that_the_server_lives(server):
    netloc, _ = server
    for path in FOR_STRANGERS:
        answer, content = ask(netloc, path)
        assert answer.status == 200 and content
        assert path == "/sign-in" or ask(netloc, path, "POST")[0].status == 401
    assert ask(netloc, "/_stcore/health")[1] == b"ok"
    assert all(shipped(path.removeprefix("/app/")).is_file() for path in FOR_STRANGERS if path.startswith("/app/"))


def opens(netloc, session=None, **headers):
    cookie = {"Cookie": f"cxroi_session={session}"} if session is not None else {}
    return connect(
        f"ws://{netloc}/_stcore/stream", additional_headers=cookie | headers, subprotocols=["streamlit"], proxy=None
    )


def test_no_connection_is_opened_without_with_a_wrong_or_with_an_expired_session(server, over):
    for shown in (None, "", "wrong", over):
        with pytest.raises(InvalidStatus), opens(server[0], shown):
            pass


def test_nobody_says_who_they_are_by_the_header_that_the_door_sets(server):
    assert ask(server[0], "/_stcore/host-config", x_cxroi_person="Huda")[0].status == 401
    with pytest.raises(InvalidStatus), opens(server[0], **{"X-Cxroi-Person": "Huda"}):
        pass


def test_a_connection_ends_when_its_person_is_taken_away(server, place):
    add_person(place, "omar", "viewer", PASSWORD, who=at_the_terminal())
    token = door.sign_in(place, "omar", PASSWORD, who=from_the_network())
    with opens(server[0], token) as connection:
        remove_person(place, "omar", who=at_the_terminal())
        time.sleep(1.1)  # for as long the files of one page are believed
        with pytest.raises(ConnectionClosed) as closed:
            connection.send(b"")
            while True:
                connection.recv(timeout=20)
    assert closed.value.rcvd.code == 1008


def form(netloc, **filled):
    """Return the form that a browser is given, filled in, with the cookie that goes with it."""
    answer, page = ask(netloc, "/sign-in")
    mark = re.search(r'name="form" value="([^"]+)"', page.decode())[1]
    body = urllib.parse.urlencode({"form": mark, "name": "huda", "password": PASSWORD, "next": "/what-if"} | filled)
    sent = {"content_type": "application/x-www-form-urlencoded", "cookie": answer.headers["set-cookie"].split(";")[0]}
    return body, sent | {"origin": f"http://{netloc}"}


def test_the_form_lets_in_and_the_cookie_is_no_scripts_and_no_other_sites(server):
    netloc, _ = server
    body, sent = form(netloc)
    answer, _ = ask(netloc, "/sign-in", "POST", body=body, **sent)
    assert answer.status == 303 and answer.headers["location"] == "/what-if"
    in_arabic = ask(netloc, "/sign-in?lang=ar")[0].headers.get_all("set-cookie")
    assert any(one.startswith("cxroi_language=ar;") for one in in_arabic)  # the pages behind the door are so too
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie
    secure, _ = ask(
        netloc, "/sign-in", "POST", body=body, **sent | {"x_forwarded_proto": "https", "origin": f"https://{netloc}"}
    )
    assert "Secure" in secure.headers["set-cookie"]
    token = re.match(r"cxroi_session=([^;]+)", cookie)[1]
    assert ask(netloc, "/sign-out", session=token)[0].status == 405  # a link signs nobody out
    assert ask(netloc, "/sign-out", "POST", token, origin="http://evil.example")[0].status == 405
    assert ask(netloc, "/still-signed-in", session=token)[0].status == 204
    out, _ = ask(netloc, "/sign-out", "POST", token, origin=f"http://{netloc}")
    assert out.status == 303 and "Max-Age=0" in out.headers["set-cookie"]
    time.sleep(1.1)
    assert ask(netloc, "/still-signed-in", session=token)[0].status == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"cookie": ""},
        {"cookie": "cxroi_form=other"},
        {"content_type": "text/plain"},
    ],
)
def test_a_form_of_another_page_lets_nobody_in(server, place, changed):
    netloc, _ = server
    before = len(State.open(place.folder).audit())
    body, sent = form(netloc)
    answer, _ = ask(netloc, "/sign-in", "POST", body=body, **sent | changed)
    assert answer.status == 400 and "cxroi_session" not in str(answer.headers)
    assert len(State.open(place.folder).audit()) == before


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "/sign-out",
        "",
        "/ä",
    ],
)
def test_signing_in_leads_to_no_other_site(server, to):
    netloc, _ = server
    body, sent = form(netloc, next=to)
    answer, _ = ask(netloc, "/sign-in", "POST", body=body, **sent)
    assert answer.status == 303 and answer.headers["location"] == "/" and "x" not in answer.headers


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_wrong_password_is_said_without_saying_which_of_the_two_is_wrong_and_what_was_typed_is_no_markup(
    server, language
):
    netloc, _ = server
    pages = []
    for name in ("huda", "nobody"):
        body, sent = form(netloc, name=name, password="wrong horse battery")
        answer, page = ask(netloc, f"/sign-in?lang={language}", "POST", body=body, **sent)
        assert answer.status == 401 and b"wrong horse" not in page
        pages.append(page.decode().replace(f'value="{name}"', ""))
    marks = [re.sub(r'name="form" value="[^"]+"', "", page) for page in pages]
    assert marks[0] == marks[1]
    body, sent = form(netloc, name='"><script>alert(1)</script>', password="x")
    _, page = ask(netloc, f"/sign-in?lang={language}", "POST", body=body, **sent)
    assert b"<script" not in page and f'lang="{language}"'.encode() in page


def test_a_form_without_end_is_not_taken(server):
    body, sent = form(server[0], password="x" * 20_000)
    assert ask(server[0], "/sign-in", "POST", body=body, **sent)[0].status == 400


def test_a_link_from_another_site_comes_to_the_page_with_the_session_that_there_is(server):
    answer, page = ask(server[0], "/what-if", accept="text/html", sec_fetch_site="cross-site")
    assert answer.status == 200 and b'http-equiv="refresh"' in page and len(page) < 200


def test_nothing_that_was_typed_stands_in_the_log(server, place):
    log = (place.folder.parent / "log").read_text()
    assert PASSWORD not in log and "wrong horse" not in log and "Traceback" not in log
