"""Who may talk to the server is judged before Streamlit is asked."""

import asyncio

import pytest

from cxroi.ui.app.gate import Hosts, choose_hosts, is_loopback
from cxroi.ui.app.server import Page


@pytest.fixture(autouse=True)
def on_loopback():
    choose_hosts(Hosts(names=()))
    yield
    choose_hosts(None)


def ask(kind="websocket", scheme="ws", **headers):
    """Return what the app behind the gate sent and what was sent instead of it."""
    reached, sent = [], []

    async def inner(scope, receive, send):
        reached.append(scope["type"])

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.connect"}

    scope = {
        "type": kind,
        "scheme": scheme,
        "method": "GET",
        "path": "/_stcore/stream",
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    asyncio.run(Page(inner)(scope, receive, send))
    return bool(reached), sent


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://evil.example",
        "null",
        "file://",
        "",
        "http://localhost:9999",
        "http://127.0.0.1:8501",  # this machine under its other name
        "https://localhost:8501",
        "http://localhost:8501.evil.example",
        "http://localhost:8501@evil.example",
        "http://user@localhost:8501",
    ],
)
def test_a_foreign_pages_handshake_never_reaches_streamlit(origin):
    reached, sent = ask(host="localhost:8501", origin=origin)
    assert not reached and sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST:8501"])
def test_our_own_page_gets_its_connection(host):
    assert ask(host=host, origin=f"http://{host.lower()}")[0]


def test_a_client_that_is_no_browser_gets_a_connection():
    assert ask(host="localhost:8501")[0]


def test_a_page_served_over_tls_by_a_proxy_gets_its_connection():
    assert ask(host="localhost", origin="https://localhost", x_forwarded_proto="https")[0]
    assert ask(scheme="wss", host="localhost", origin="https://localhost")[0]


@pytest.mark.parametrize("kind", ["websocket", "http"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "localhost.evil.example", "localhost:x", "a@localhost", "localhost/x", ""],
)
def test_a_name_that_is_not_this_machines_gets_nothing(kind, host):
    reached, sent = ask(kind, host=host, origin=f"http://{host}")
    assert not reached and (sent[0].get("status") == 403 or sent[0].get("code") == 1008)


def test_no_name_at_all_gets_nothing():
    assert not ask("http")[0]


def test_open_to_a_network_an_address_is_let_in_and_a_foreign_name_is_not():
    choose_hosts(Hosts(names=("cx.company.example",), addresses=True))
    assert ask(host="10.0.0.7:8501", origin="http://10.0.0.7:8501")[0]
    assert ask(host="cx.company.example", origin="http://cx.company.example")[0]
    assert not ask(host="rebound.evil.example:8501", origin="http://rebound.evil.example:8501")[0]
    assert not ask(host="10.0.0.7:8501", origin="http://evil.example")[0]


@pytest.mark.parametrize(
    ("address", "alone"),
    [("127.0.0.1", True), ("127.0.0.2", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), (None, False)],
)
def test_an_address_that_this_machine_alone_reaches_is_served_and_answers_by_its_own_name(address, alone):
    assert is_loopback(address) is alone
    if alone:
        host = f"[{address}]:8501" if ":" in address else f"{address}:8501"
        assert ask(host=host, origin=f"http://{host}")[0]
