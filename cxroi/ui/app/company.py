"""Sign-in with a company's own accounts: its provider proves who somebody is (OpenID Connect, by Streamlit's `st.login`), a session of ours follows.

Streamlit keeps what a provider said in a cookie for thirty days, under any page. Here that cookie is good once, for minutes, in the browser
that began at our sign-in page; after it only our session counts, so that roles, ends and the trail are the same for every way in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from html import escape
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse
from starlette.types import Scope
from streamlit import auth_util
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from cxroi.environment import SettingError
from cxroi.errors import AccessError
from cxroi.ui.app.gate import is_loopback
from cxroi.ui.app.replies import HEADERS, base_path

CLAIM = "CXROI_SIGN_IN_CLAIM"
_WAY, _BACK = "/auth/login", "/oauth2callback"  # Streamlit's own: to the provider, and from there
AT_PROVIDER = frozenset({_WAY, _BACK})
BEGUN = "cxroi_company"  # where to go on to; only a form of our sign-in page sets it
SECONDS = 600  # that somebody may take at their provider
_FRESH = 120 / 86_400  # days for which what came back is good
_ASKED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32


def is_offered() -> bool:
    """Return whether the secrets of this server name a provider (`[auth]`, as `st.login` reads it)."""
    return bool(auth_util.get_secrets_auth_section())


def ensure_settings(may_be_asked_as: Callable[[str | None], bool]) -> None:
    """Raise SettingError where a provider is named by which nobody could come in, or not safely."""
    section = auth_util.get_secrets_auth_section()
    missing = [name for name in _ASKED if not str(section.get(name, "")).strip()]
    if missing:
        raise SettingError("setting.provider_missing", names=", ".join(missing))
    if not auth_util.is_authlib_installed():
        raise SettingError("setting.provider_library", package="cxroi[sign-in]")
    if len(section["cookie_secret"]) < _SHORTEST_SECRET:  # whoever guesses it is whoever they like
        raise SettingError("setting.provider_secret", least=_SHORTEST_SECRET)
    metadata = urlsplit(section["server_metadata_url"])
    if metadata.scheme != "https" and not (metadata.hostname and is_loopback(metadata.hostname)):
        raise SettingError("setting.provider_in_clear", value=section["server_metadata_url"])
    back, path = auth_util.get_redirect_uri(section) or "", f"{base_path()}{_BACK}"
    if urlsplit(back).path != path or not may_be_asked_as(urlsplit(back).netloc):
        raise SettingError("setting.provider_back", value=back, path=path)


def to_provider() -> HTMLResponse:
    """Return the way to the provider: no redirect, as a browser lets a form of ours lead to no other site."""
    return goes_on(f"{base_path()}{_WAY}?provider={auth_util.encode_provider_token('default')}")


def goes_on(way: str = "") -> HTMLResponse:
    """Return a page that goes on to another of ours by itself, or asks for the same once more."""
    to = f"; url={escape(way)}" if way else ""
    page = f'<!doctype html><meta http-equiv="refresh" content="0{to}"><title>CX ROI</title>'
    return HTMLResponse(page, headers={**HEADERS, "Cache-Control": "no-store"})


def has_come_back(scope: Scope) -> bool:
    """Return whether a browser that began here brings what its provider said."""
    return {BEGUN, USER_COOKIE_NAME} <= _cookies(scope).keys()


def name_proved(scope: Scope) -> str:
    """Return the name that the provider proved a moment ago; raises AccessError where it proved none."""
    cookies, claim = _cookies(scope), os.environ.get(CLAIM, "").strip() or "email"

    def signed(name: str) -> bytes | None:
        value = cookies.get(name, "").encode("latin-1", "replace")
        return decode_signed_value(get_cookie_secret(), name, value, max_age_days=_FRESH) if value else None

    told = json.loads(auth_util.get_cookie_with_chunks(signed, USER_COOKIE_NAME) or b"{}")
    name = told.get(claim)
    if not isinstance(name, str) or not name.strip():
        raise AccessError("access.provider_silent", claim=claim)
    if claim == "email" and str(told.get("email_verified", True)).lower() != "true":
        raise AccessError("access.provider_unsure", name=name)
    return name


def spent(scope: Scope) -> tuple[str, ...]:
    """Return the cookies that are good no longer once somebody has come back."""
    return tuple(name for name in _cookies(scope) if name == BEGUN or name.startswith(USER_COOKIE_NAME))


def _cookies(scope: Scope) -> dict[str, str]:
    return cookie_parser(Headers(scope=scope).get("cookie", ""))
