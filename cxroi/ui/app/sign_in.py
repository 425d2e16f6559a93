"""The page where people sign in: a form that works without a script, its answer, the way over a company's provider, and out again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import partial
from html import escape
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from cxroi.actions import sign_in as actions
from cxroi.actions.person import Person, from_the_network
from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.store.state.people import People
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app import company
from cxroi.ui.app.gate import is_loopback, is_own_page, name_of_host
from cxroi.ui.app.language import COOKIE, PARAMETER, cookie_of, remembered, request_language
from cxroi.ui.app.replies import HEADERS, base_path, turn_away
from cxroi.ui.app.theme import sign_in_sheet
from cxroi.ui.app.way_in import way_in

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
SESSION_COOKIE, _FORM_COOKIE = "cxroi_session", "cxroi_form"
_NEXT, _LONGEST = "next", 8_192  # bytes of a filled-in form
_POLICY = (
    "default-src 'none'; style-src 'sha256-{digest}'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def to_sign_in(scope: Scope) -> Response:
    """Return the way to the sign-in, from where it comes back to the page that was asked for.

    A browser that was led here by another site keeps the session to itself once; the page asked for again by itself is ours.
    """
    if Headers(scope=scope).get("sec-fetch-site") == "cross-site":
        return company.goes_on()
    asked = quote(scope["path"]) + (f"?{query}" if (query := scope["query_string"].decode("latin-1")) else "")
    keep = [(PARAMETER, language)] if (language := _asked(scope).get(PARAMETER)) in LANGUAGES else []
    return _see(f"{base_path()}{SIGN_IN}?{urlencode([*keep, (_NEXT, asked)])}")


async def sign_in(scope: Scope, receive: Receive, send: Send, *, who: Person | None, came_from: str) -> None:
    """Show the form, or judge what was filled in; who is signed in already goes on."""
    form: dict[str, str] = {}
    if scope["method"] == "POST":
        form = await _filled_in(scope, receive)
    elif scope["method"] not in ("GET", "HEAD"):
        await turn_away(scope, receive, send, 405)
        return
    to = _inside({**_asked(scope), **form}.get(_NEXT, ""))
    if form and _is_ours(scope, form):
        answer = await _judged(scope, form, to, came_from)
    elif who is not None:
        answer = _see(to)
    else:
        is_old, is_begun = scope["method"] == "POST", cookie_of(scope, company.BEGUN) is not None
        trouble = "access.form_old" if is_old else "access.provider_left" if is_begun else ""
        answer = await _page(scope, to, trouble=trouble)
    await answer(scope, receive, send)


async def come_back(scope: Scope, receive: Receive, send: Send) -> None:
    """Let in whom a provider has named, in a browser that began at our form, and go on to the page that was asked for."""
    to = _inside(unquote(cookie_of(scope, company.BEGUN) or ""))

    def judge() -> str:
        workspace = Workspace.open(workspace_folder())
        return actions.enter_vouched_for(workspace, company.name_proved(scope), who=from_the_network())

    try:
        token = await to_thread.run_sync(judge)
    except CxroiError as error:
        answer: Response = await _page(scope, to, trouble=error)
    else:
        answer = company.goes_on(to)
        answer.headers.append("Set-Cookie", _cookie(scope, SESSION_COOKIE, token))
    for name in company.spent(scope):
        answer.headers.append("Set-Cookie", _cookie(scope, name, "") + "; Max-Age=0")
    await answer(scope, receive, send)


async def leave(scope: Scope, receive: Receive, send: Send, who: Person) -> None:
    """End the session of the browser that asks for it from a page of ours."""
    if scope["method"] != "POST" or not is_own_page(scope):
        await turn_away(scope, receive, send, 405)
        return
    token = cookie_of(scope, SESSION_COOKIE) or ""
    await to_thread.run_sync(lambda: actions.sign_out(Workspace.open(workspace_folder()), token, who=who))
    answer = _see(f"{base_path()}{SIGN_IN}")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.headers.append("Set-Cookie", _cookie(scope, SESSION_COOKIE, "") + "; Max-Age=0")
    await answer(scope, receive, send)


async def _judged(scope: Scope, form: dict[str, str], to: str, came_from: str) -> Response:
    """Return the way on for a right name and password, else the form with what is wrong."""
    if "company" in form and way_in().by_company:
        way = company.to_provider()
        begun = _cookie(scope, company.BEGUN, quote(to, safe=""), site="Lax")  # it is brought back from another site
        way.headers.append("Set-Cookie", f"{begun}; Max-Age={company.SECONDS}")
        return way
    name, password = form.get("name", ""), form.get("password", "")

    def judge() -> str:
        workspace = Workspace.open(workspace_folder())
        return actions.sign_in(workspace, name, password, came_from=came_from, who=from_the_network())

    try:
        token = await to_thread.run_sync(judge)
    except CxroiError as error:
        return await _page(scope, to, name=name, trouble=error)
    answer = _see(to)
    answer.headers.append("Set-Cookie", _cookie(scope, SESSION_COOKIE, token))
    answer.headers.append("Set-Cookie", _cookie(scope, _FORM_COOKIE, "") + "; Max-Age=0")
    return answer


async def _filled_in(scope: Scope, receive: Receive) -> dict[str, str]:
    """Return what a form brings; nothing where it is larger than this one can be, or is no form."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or len(body) > _LONGEST:
            return {}
        if not message.get("more_body", False):
            break
    if not Headers(scope=scope).get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        given = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except (UnicodeError, ValueError):
        return {}
    return {name: values[0] for name, values in given.items()}


def _is_ours(scope: Scope, form: dict[str, str]) -> bool:
    """Return whether a form comes from the page that this browser was given."""
    given = cookie_of(scope, _FORM_COOKIE) or ""
    return bool(given) and is_own_page(scope) and hmac.compare_digest(given.encode(), form.get("form", "").encode())


async def _page(scope: Scope, to: str, *, name: str = "", trouble: str | CxroiError = "") -> Response:
    return await to_thread.run_sync(partial(_made, scope, to, name=name, trouble=trouble))


def _made(scope: Scope, to: str, *, name: str, trouble: str | CxroiError) -> Response:
    text = Text(request_language(scope), on_page=True)
    mark = cookie_of(scope, _FORM_COOKIE) or secrets.token_urlsafe(24)
    sheet = sign_in_sheet()
    policy = _POLICY.format(digest=base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode())
    said = text.error(trouble) if isinstance(trouble, CxroiError) else (text(trouble) if trouble else "")
    markup = _markup(text, sheet, mark, to, name, said, in_clear=not _is_secret(scope))
    answer = HTMLResponse(markup, status_code=401 if isinstance(trouble, CxroiError) else 400 if trouble else 200)
    answer.headers.update(
        {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store", "Content-Language": text.language}
    )
    answer.headers.append("Set-Cookie", _cookie(scope, _FORM_COOKIE, mark))
    if _asked(scope).get(PARAMETER) == text.language:
        answer.headers.append("Set-Cookie", remembered(COOKIE, text.language))  # for the pages behind the door
    if way_in().by_company:
        answer.headers.append("Set-Cookie", _cookie(scope, company.BEGUN, "") + "; Max-Age=0")
    return answer


def _has_passwords() -> bool:
    """Return whether anybody comes in by a password: else a company's own accounts are the only way."""
    try:
        return any(one.has_password for one in People.of(workspace_folder()).everybody())
    except CxroiError:
        return True


def _markup(text: Text, sheet: str, mark: str, to: str, name: str, said: str, *, in_clear: bool) -> str:
    """Return the page; `said` is what is wrong, and `in_clear` warns where the password can be read on its way."""
    base = base_path()
    others = "".join(
        f'<a href="{base}{SIGN_IN}?{escape(urlencode({PARAMETER: other, _NEXT: to}))}" lang="{other}" dir="auto">'
        f"{escape(text(f'ui.language.{other}'))}</a>"
        for other in LANGUAGES
        if other != text.language
    )
    trouble = f'<p class="trouble" role="alert" id="said">{escape(said)}</p>' if said else ""
    clear = f'<p class="clear">{escape(text("access.in_clear"))}</p>' if in_clear else ""
    by_company = way_in().by_company
    is_of_password = bool(name) or not by_company
    described = ' aria-describedby="said" aria-invalid="true"' if said and is_of_password else ""
    first, second = ("", " autofocus") if name else ("" if by_company else " autofocus", "")
    action = f"{base}{SIGN_IN}?{escape(urlencode({PARAMETER: text.language}))}"
    hidden = f'<input type="hidden" name="form" value="{escape(mark)}"><input type="hidden" name="{_NEXT}" value="{escape(to)}">'
    company_form = (
        f'<form method="post" action="{action}">{"" if is_of_password else trouble}{hidden}'
        f'<button type="submit" name="company" value="1" autofocus>{escape(text("access.by_company"))}</button></form>'
    )
    password_form = (
        f'<form method="post" action="{action}">{trouble if is_of_password else ""}{hidden}'
        f'<label for="name">{escape(text("access.name_label"))}</label><input id="name" name="name" value="{escape(name[:100])}" '
        f'autocomplete="username" autocapitalize="none" spellcheck="false" dir="auto" maxlength="100" required{first}{described}>'
        f'<label for="password">{escape(text("access.password_label"))}</label><input id="password" name="password" '
        f'type="password" autocomplete="current-password" dir="ltr" maxlength="256" required{second}{described}>'
        f'<button type="submit">{escape(text("access.enter"))}</button>{clear}'
        f'<p class="forgotten">{escape(text("access.forgotten"))}</p></form>'
    )
    ways = (company_form if by_company else "") + (password_form if not by_company or _has_passwords() else "")
    return (
        f'<!doctype html><html lang="{text.language}" dir="{text.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<title>{escape(text("access.title"))} · CX ROI</title><link rel="icon" href="{base}/app/static/icon.png">'
        f"<style>{sheet}</style></head><body>"
        f'<header><span class="brand"><img src="{base}/app/static/icon.png" alt="" width="28" height="28">CX ROI</span>'
        f"<nav>{others}</nav></header><main><div><h1>{escape(text('access.title'))}</h1>"
        f'<p class="lead">{escape(text("access.lead"))}</p></div>'
        f'<div class="ways">{ways}</div></main></body></html>'
    )


def _see(address: str) -> RedirectResponse:
    answer = RedirectResponse(address, status_code=303)
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})
    return answer


def _inside(asked: str) -> str:
    """Return an address of ours to go on to, the first page where another was asked for.

    >>> _inside("/what-if?lang=ar"), _inside("//evil.example"), _inside("https://evil.example"), _inside("/\\\\evil.example")
    ('/what-if?lang=ar', '/', '/', '/')
    """
    is_ours = asked.startswith("/") and asked[1:2] not in ("/", "\\") and asked.isascii() and asked.isprintable()
    is_page = is_ours and not asked.startswith((f"{base_path()}{SIGN_IN}", f"{base_path()}{SIGN_OUT}"))
    return asked if is_page and "\\" not in asked else f"{base_path()}/"


def _asked(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1")))


def _is_tls(scope: Scope) -> bool:
    return scope.get("scheme") == "https" or Headers(scope=scope).get("x-forwarded-proto") == "https"


def _is_secret(scope: Scope) -> bool:
    """Return whether nobody on the way can read what is sent."""
    return _is_tls(scope) or is_loopback(name_of_host(Headers(scope=scope).get("host")))


def _cookie(scope: Scope, name: str, value: str, *, site: str = "Strict") -> str:
    """Return a cookie that no script reads, no other site sends, and that goes when the browser is closed."""
    return f"{name}={value}; Path={base_path()}/; SameSite={site}; HttpOnly" + ("; Secure" if _is_tls(scope) else "")
