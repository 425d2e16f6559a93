"""The door before every route: whoever must say who they are and has not is let through to nothing.

What a route is for does not matter here, so that no new one can be forgotten: the few that are open to strangers are named.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from contextlib import suppress
from urllib.parse import quote, unquote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from cxroi.actions.person import Person
from cxroi.actions.place import workspace_folder
from cxroi.actions.sign_in import person_named, person_of_session
from cxroi.errors import CxroiError
from cxroi.store.versions.workspace import Workspace
from cxroi.ui.app.company import AT_PROVIDER, has_come_back
from cxroi.ui.app.gate import is_loopback
from cxroi.ui.app.language import cookie_of
from cxroi.ui.app.replies import HEADERS, POLICY_VIOLATION, base_path, turn_away
from cxroi.ui.app.sign_in import SESSION_COOKIE, SIGN_IN, SIGN_OUT, come_back, leave, sign_in, to_sign_in
from cxroi.ui.app.way_in import PERSON_HEADER, way_in

# For strangers too: whether the server is alive, and the type and the sign that the sign-in page is set in. None of it is anybody's data.
_FACES = ("IBMPlexSans", "IBMPlexSansArabic")
OPEN = frozenset(
    {
        "/_stcore/health",
        "/app/static/icon.png",
        *(f"/app/static/fonts/{f}-{w}.woff2" for f in _FACES for w in ("Regular", "SemiBold")),
    }
)
STILL = "/still-signed-in"  # asked by the page, so that it does not stay when its session is over
LOOK_AGAIN = 15.0  # seconds after which an open connection asks whether its session still stands
_BELIEVED = 1.0  # seconds for which the files of one page are not asked about one by one

Entered = tuple[Scope, Receive, Send]
_asked: dict[str, tuple[float, Person]] = {}


async def enter(scope: Scope, receive: Receive, send: Send) -> Entered | None:
    """Return the request as it may go on, in the name of who sent it; None where it has been answered here."""
    way = way_in()
    if not way.asks:
        if way.is_open or _came_to_loopback(scope):
            return scope, receive, send
        await turn_away(scope, receive, send)
        return None
    path = scope["path"].removeprefix(base_path()) or "/"
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and path in OPEN:
        return scope, receive, send
    if way.by_company and scope["type"] == "http" and scope["method"] == "GET":
        if path in AT_PROVIDER:
            return scope, receive, send
        if has_come_back(scope):
            await come_back(scope, receive, send)
            return None
    if way.by_password and scope["type"] == "http" and path == SIGN_IN:
        await sign_in(scope, receive, send, who=await _person(scope, used=False), came_from=_came_from(scope))
        return None
    person = await _person(scope, used=path != STILL)
    if person is None:
        await _refuse(scope, receive, send, path)
        return None
    if scope["type"] == "http" and path in (SIGN_OUT, STILL):
        await (leave(scope, receive, send, person) if path == SIGN_OUT else _still(scope, receive, send))
        return None
    named = _in_the_name_of(scope, person)
    return (
        (named, *_while_signed_in(named, receive, send, person))
        if scope["type"] == "websocket"
        else (named, receive, send)
    )


def named_in(header: str | None) -> str:
    """Return the name that the door has put into a request."""
    return unquote(header or "")


async def _still(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=204, headers={**HEADERS, "Cache-Control": "no-store"})(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send, path: str) -> None:
    """Lead a person who opens a page to the sign-in; tell any other request that it is refused."""
    opens = (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
    )
    if opens and way_in().by_password and path != SIGN_OUT:
        await to_sign_in(scope)(scope, receive, send)
    else:
        await turn_away(scope, receive, send, 401 if way_in().by_password else 403)


async def _person(scope: Scope, *, used: bool) -> Person | None:
    """Return who sent a request; None where that is not proved, or cannot be looked up."""
    with suppress(CxroiError):
        if way_in().user_header:
            return await to_thread.run_sync(_vouched_for, scope)
        if token := cookie_of(scope, SESSION_COOKIE):
            known = _asked.get(token)
            if known and 0 <= time.monotonic() - known[0] < _BELIEVED:
                return known[1]
            return await to_thread.run_sync(_looked_up, token, used)
    return None


def _looked_up(token: str, used: bool) -> Person | None:
    person = person_of_session(Workspace.open(workspace_folder()), token, used=used)
    if len(_asked) > 1_000:
        _asked.clear()
    if person is None:
        _asked.pop(token, None)
    else:
        _asked[token] = (time.monotonic(), person)
    return person


def _vouched_for(scope: Scope) -> Person | None:
    """Return the person that a proxy names: one of ours, by the only header of that name, from an address that is believed."""
    given = Headers(scope=scope).getlist(way_in().user_header)
    if _peer(scope) not in way_in().proxies or len(given) != 1:
        return None
    try:
        name = given[0].encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return person_named(Workspace.open(workspace_folder()), name)


def _peer(scope: Scope) -> str:
    """Return the address that a request comes from, an IPv4 one as such."""
    host = (scope.get("client") or ("",))[0]
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(host)


def _came_from(scope: Scope) -> str:
    """Return the address that a person asks from: what a proxy of ours says last, else the one that is connected."""
    peer = _peer(scope)
    if peer in way_in().proxies and (told := Headers(scope=scope).get("x-forwarded-for")):
        return told.rpartition(",")[2].strip()[:60]
    return peer


def _came_to_loopback(scope: Scope) -> bool:
    """Return whether a request reached an address of this machine alone; a server that was bound wider than it says serves nobody."""
    host = (scope.get("server") or (None,))[0]
    try:
        ipaddress.ip_address(host or "")
    except ValueError:  # a socket in a folder, or a server that does not tell
        return True
    return is_loopback(host)


def _in_the_name_of(scope: Scope, person: Person) -> Scope:
    """Return a request that says who sent it, whatever it said before."""
    name = PERSON_HEADER.lower().encode()
    others = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    return {**scope, "headers": [*others, (name, quote(person.name).encode())]}


def _while_signed_in(scope: Scope, receive: Receive, send: Send, person: Person) -> tuple[Receive, Send]:
    """Return `receive` and `send` of a connection that ends with the session it was opened in."""
    waiting: asyncio.Task[Message] | None = None
    is_over = False

    async def received() -> Message:
        nonlocal waiting, is_over
        while True:
            waiting = waiting or asyncio.ensure_future(receive())
            done, _ = await asyncio.wait({waiting}, timeout=LOOK_AGAIN)
            message = waiting.result() if done else None
            if message is None or message["type"] == "websocket.receive":
                now = await _person(scope, used=message is not None and _is_by_hand(message))
                if now is None or now.name != person.name:
                    is_over = True
                    waiting.cancel()
                    await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                    return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
            if message is not None:
                waiting = None
                return message

    async def sent(message: Message) -> None:
        if is_over:
            raise OSError("the session is over")  # what a lost connection is to the server
        await send(message)

    return received, sent


def _is_by_hand(message: Message) -> bool:
    """Return whether a person did something, and not a part of the page that draws itself anew."""
    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except Exception:  # no message at all: the server closes the connection
        return False
    return asked.WhichOneof("type") == "rerun_script" and not asked.rerun_script.is_auto_rerun
