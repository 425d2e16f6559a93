"""Around the app: who may enter, then language, direction and security headers before the first paint.

Streamlit serves one page for every address. On its way out that page gets `<html lang dir>`, the locale that react-aria
reads, our style sheet, and a Content-Security-Policy that names the hash of each script in it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.door import STILL, enter
from cxroi.ui.app.gate import may_enter
from cxroi.ui.app.language import (
    BROWSER_LOCALE,
    COOKIE,
    DIGITS,
    DIGITS_COOKIE,
    DIGITS_PARAMETER,
    DIGITS_SWITCH,
    PARAMETER,
    SWITCH,
    UNKNOWN,
    remembered,
    request_language,
)
from cxroi.ui.app.limits import only_of_a_page, room_for, room_for_tab, upload_session
from cxroi.ui.app.operations import Operations, is_operators
from cxroi.ui.app.replies import HEADERS, base_path, turn_away
from cxroi.ui.app.theme import parts_sheet, style_sheet
from cxroi.ui.app.way_in import way_in

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# What can be switched on any page, by the last folder of its address: the parameter, its values, the cookie that remembers.
_SWITCHES = {
    SWITCH: (PARAMETER, LANGUAGES, COOKIE),
    DIGITS_SWITCH: (DIGITS_PARAMETER, DIGITS, DIGITS_COOKIE),
}
_SERVED = re.compile(
    r"/(?:app/static|static|_stcore|media|component|_streamlit|auth|oauth2callback)(?:/|$)|\.\w+$"
)  # what is no page at all
# A language is another page; it opens at the height at which the last one was left, until the reader scrolls.
_KEEP_HEIGHT = (
    "(()=>{try{const k='cxroi-height',main=()=>document.querySelector('[data-testid=stMain]');"
    "document.addEventListener('click',e=>{if(e.target.closest?.('.cx-languages a')&&main())"
    "sessionStorage.setItem(k,main().scrollTop)},true);"
    "const height=+sessionStorage.getItem(k);sessionStorage.removeItem(k);if(!(height>0))return;"
    "const end=Date.now()+15000;let left=20;for(const n of['wheel','touchstart','keydown'])"
    "addEventListener(n,()=>{left=0},{once:true,passive:true});"
    "(function go(){const e=main();if(left<1||Date.now()>end)return;"
    "if(e&&e.scrollHeight-e.clientHeight>=height){e.scrollTop=height;left--}setTimeout(go,100)})()}catch{}})()"
)
# Fetched with the page: a heading that is first set in another type may take a line more, and everything below it moves.
_FONT = '<link rel="preload" href="./app/static/fonts/{face}.woff2" as="font" type="font/woff2" crossorigin>'
# Where people sign in, the page leaves what it shows when the session is over: it asks whether it still stands, which is no use of it.
_LEAVE_WITH_SESSION = (
    "(()=>{const look=()=>fetch('.%s',{cache:'no-store'}).then(a=>{if(a.status==401)location.reload()}).catch(()=>{});"
    "setInterval(look,30000);addEventListener('pageshow',look);"
    "document.addEventListener('visibilitychange',()=>{if(!document.hidden)look()})})()"
)
_HIDDEN = ("/_stcore/metrics", "/_stcore/agent")


class Page:
    """ASGI middleware: turns strangers away, rewrites the served page, switches the language, adds headers, hides operators' routes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not may_enter(scope):
            await turn_away(scope, receive, send)
            return
        if scope["type"] == "http" and is_operators(scope):
            await Operations()(scope, receive, send)
            return
        if scope["type"] in ("http", "websocket"):
            entered = await enter(scope, receive, send)
            if entered is None:
                return
            scope, receive, send = entered
        if scope["type"] == "websocket":
            with room_for_tab(scope) as fits:
                await (self.app(scope, only_of_a_page(receive), send) if fits else turn_away(scope, receive, send))
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if session := upload_session(scope):
            with room_for(scope, session) as fits:
                await (self.app(scope, receive, _Rewriter(scope, send)) if fits else _refuse(scope, receive, send))
            return
        if any(part in scope["path"] for part in _HIDDEN):
            scope = {**scope, "path": "/_stcore/none", "raw_path": b"/_stcore/none"}
        wanted = re.fullmatch(r".*/(\w+)/(\w+)", scope["path"])
        if wanted and wanted[2] in _SWITCHES.get(wanted[1], ("", (), ""))[1]:
            await _switch(scope, wanted[1], wanted[2])(scope, receive, send)
            return
        if stranger := _unknown_page(scope):
            await _to_first_page(scope, stranger)(scope, receive, send)
            return
        if "text/html" in Headers(scope=scope).get("accept", ""):
            scope = _without_conditions(scope)
        # length and policy come from the body, so HEAD is answered as GET is and the rewriter drops what follows
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await self.app(asked, receive, _Rewriter(scope, send))


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a file for which there is no room, before its bytes are taken."""
    words = Text(request_language(scope))("ui.no_room")
    await PlainTextResponse(words, status_code=413, headers={**HEADERS, "Connection": "close"})(scope, receive, send)


def middleware() -> list[Middleware]:
    """Return what to put around the app.

    Pages are registered by st.navigation; left to discover the folder pages/, Streamlit greets the first reader of any
    page but the first with "Page not found".
    """
    PagesManager.uses_pages_directory = False
    return [Middleware(Page)]


class _Rewriter:
    """Holds a page back until it is whole, rewrites it, and lets everything else through with the headers added."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if "/media/" in self._scope["path"]:  # a person's own file, drawn or downloaded
                headers["Cache-Control"] = "no-store"
            if headers.get("content-type", "").startswith("text/html") and message["status"] == 200:
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page()
            return
        await self._send(self._fitting(message))

    def _fitting(self, message: Message) -> Message:
        """Return a message as the request may have it: the answer to HEAD has no body."""
        has_body = message["type"] == "http.response.body"
        return {**message, "body": b""} if has_body and self._scope["method"] == "HEAD" else message

    async def _send_page(self) -> None:
        assert self._start is not None
        query = dict(parse_qsl(self._scope["query_string"].decode("latin-1")))
        language = request_language(self._scope)
        page, policy = rewrite(self._body.decode("utf-8"), language, by_password=way_in().by_password)
        body = page.encode("utf-8")
        headers = MutableHeaders(scope=self._start)
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        headers.update({"Content-Language": language, "Content-Security-Policy": policy, "Cache-Control": "no-store"})
        for parameter, values, cookie in _SWITCHES.values():
            if query.get(parameter) in values:
                headers.append("Set-Cookie", remembered(cookie, query[parameter]))
        headers["Content-Length"] = str(len(body))
        await self._send(self._start)
        await self._send(self._fitting({"type": "http.response.body", "body": body}))


@cache
def rewrite(page: str, language: str, *, by_password: bool = False) -> tuple[str, str]:
    """Return Streamlit's page in `language`, and the Content-Security-Policy that fits it."""
    text = Text(language)
    families = ("IBMPlexSans", "IBMPlexSansArabic") if text.direction == "rtl" else ("IBMPlexSans",)
    head = (
        "".join(_FONT.format(face=f"{family}-{weight}") for family in families for weight in ("Regular", "SemiBold"))
        + f"<style>{style_sheet(text.direction)}{_own_words(text)}</style>"
        f"<script>{_KEEP_HEIGHT}</script>{f'<script>{_LEAVE_WITH_SESSION % STILL}</script>' if by_password else ''}"
        f"<script>window[Symbol.for('react-aria.i18n.locale')]='{BROWSER_LOCALE[language]}'</script>"
        f'<meta name="description" content="{text("ui.description")}">'
    )
    page = re.sub(r"<html[^>]*>", f'<html lang="{language}" dir="{text.direction}">', page, count=1)
    page = re.sub(r'<link\s+rel="(?:preload|service-desc)"[^>]*>', "", page)
    page = re.sub(r'href="[^"]*favicon\.png"', 'href="./app/static/icon.png"', page)
    page = re.sub(r"<title>.*?</title>", f"<title>{text('app.name')}</title>{head}", page, count=1, flags=re.DOTALL)
    page = re.sub(r"<noscript>.*?</noscript>", f"<noscript>{text('ui.no_script')}</noscript>", page, flags=re.DOTALL)
    # here and not drawn by the pages: a part must never be painted before its style has come
    page = page.replace("</body>", f"<style>{parts_sheet()}</style></body>", 1)
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in _SCRIPT.findall(page))
    scripts = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return page, "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {scripts}",
            "style-src 'self' 'unsafe-inline'",  # the front end writes its styles into the page
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _own_words(text: Text) -> str:
    """Return the style rules that put our words over the few that Streamlit writes in English only."""
    upload = '[data-testid="stFileUploaderDropzone"] button[data-testid="stBaseButton-secondary"] p'
    stop = '[data-testid="stStatusWidget"] button'
    return "".join(
        f'{button} {{ font-size: 0; }} {button}::after {{ content: "{words}"; font-size: {size}; }}'
        for button, words, size in ((upload, text("page.upload.browse"), "1rem"), (stop, text("ui.stop"), "0.875rem"))
    )


def _without_conditions(scope: Scope) -> Scope:
    """Return the request without what asks for "not modified", a part or packed bytes: none can be rewritten."""
    unwanted = {b"if-none-match", b"if-modified-since", b"range", b"accept-encoding"}
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() not in unwanted]}


def _unknown_page(scope: Scope) -> str:
    """Return the name of the page that somebody asks for and that there is not; "" where there is one, or no page is meant."""
    from cxroi.ui.app.frame import page_addresses

    name: str = scope["path"].strip("/").removeprefix(base_path().strip("/")).strip("/")
    asks = scope["method"] in ("GET", "HEAD") and "text/html" in Headers(scope=scope).get("accept", "")
    return name if asks and name and name not in page_addresses() and not _SERVED.search(scope["path"]) else ""


def _to_first_page(scope: Scope, stranger: str) -> RedirectResponse:
    """Return the way to the first page, which says that the one asked for is not there."""
    query = [(name, value) for name, value in parse_qsl(scope["query_string"].decode("latin-1")) if name != UNKNOWN]
    answer = RedirectResponse(f"{base_path()}/?{urlencode([(UNKNOWN, stranger), *query])}", status_code=303)
    answer.headers.update({"Cache-Control": "no-store", **HEADERS})
    return answer


def _switch(scope: Scope, what: str, value: str) -> RedirectResponse:
    """Return the way back to the page one came from, with `what` switched. Only path and query are taken from the Referer."""
    parameter, _, cookie = _SWITCHES[what]
    try:
        came_from = urlsplit(Headers(scope=scope).get("referer", ""))
    except ValueError:  # no address at all
        came_from = urlsplit("")
    path, query = "/", []
    if came_from.netloc == Headers(scope=scope).get("host"):
        path += came_from.path.lstrip("/\\")
        query = [(name, value) for name, value in parse_qsl(came_from.query) if name != parameter]
    answer = RedirectResponse(f"{path}?{urlencode([(parameter, value), *query])}", status_code=303)
    answer.headers.update({"Cache-Control": "no-store", **HEADERS})
    answer.headers.append("Set-Cookie", remembered(cookie, value))
    return answer
