"""Which language and which digits a reader gets: what the address says, else the last choice, else the browser's, else English."""

from __future__ import annotations

from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Scope

from cxroi.text import LANGUAGES

COOKIE = "cxroi_language"
PARAMETER = "lang"
SWITCH = "language"  # language/ar turns the page one came from into Arabic, its scenario kept
UNKNOWN = "unknown"  # the page that was asked for and is not there, for the first page to say so
DIGITS = ("latn", "arab")  # 123 or ١٢٣, as Unicode names the two kinds
DIGITS_COOKIE, DIGITS_PARAMETER, DIGITS_SWITCH = "cxroi_digits", "digits", "digits"
_YEAR = 365 * 24 * 3600
# What react-aria and every Intl formatter of the front end should assume; ar-AE writes Latin digits.
BROWSER_LOCALE = {"en": "en-US", "ar": "ar-AE"}


def choose_language(address: str | None, cookie: str | None, accept_language: str | None) -> str:
    """Return the language for these three wishes, the first that names one of ours.

    >>> choose_language(None, None, "fr;q=0.9, ar-SA, en;q=0.5")
    'ar'
    >>> choose_language("en", "ar", "ar")
    'en'
    """
    for wish in (address, cookie, *_accepted(accept_language or "")):
        if wish in LANGUAGES:
            return wish
    return LANGUAGES[0]


def request_language(scope: Scope) -> str:
    """Return the language that a request asks for."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    accepted = Headers(scope=scope).get("accept-language")
    return choose_language(query.get(PARAMETER), cookie_of(scope, COOKIE), accepted)


def cookie_of(scope: Scope, name: str) -> str | None:
    """Return a cookie of a request; None where it has none of this name."""
    cookies: SimpleCookie = SimpleCookie()
    with suppress(CookieError):
        cookies.load(Headers(scope=scope).get("cookie", ""))
    return cookies[name].value if name in cookies else None


def remembered(cookie: str, choice: str) -> str:
    """Return the header that has a browser remember a choice for a year."""
    return f"{cookie}={choice}; Path=/; Max-Age={_YEAR}; SameSite=Lax; HttpOnly"


def choose_digits(address: str | None, cookie: str | None) -> str:
    """Return the kind of digits for these two wishes, the first that names one.

    >>> choose_digits(None, "arab"), choose_digits("latn", "arab"), choose_digits("x", None)
    ('arab', 'latn', 'latn')
    """
    return next((wish for wish in (address, cookie) if wish in DIGITS), DIGITS[0])


def _accepted(header: str) -> list[str]:
    """Return the primary languages of an Accept-Language header, best first."""
    ranked = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        ranked.append((-weight, place, tag.strip().lower().split("-")[0]))
    return [tag for weight, _, tag in sorted(ranked) if weight < 0]
