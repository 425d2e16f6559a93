"""Where a connection reads from, as a person writes it: the address of a database, a file of one, or a published link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit, urlunsplit

from cxroi.errors import ConnectError

KINDS = ("postgresql", "mysql", "sqlite", "link")
CREDENTIAL = "{credential}"  # stands in a link for the credential, where that is a part of the link
_KIND_OF = {
    **{"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"},
    **{"sqlite": "sqlite", "file": "sqlite", "https": "link", "http": "link"},
}
PORTS = {"postgresql": 5432, "mysql": 3306, "https": 443, "http": 80}
_NAME = re.compile(r"\w[\w \-]{0,59}")
_CREDENTIAL_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
# Names under which links carry what nobody else may see.
_SECRETS = re.compile(
    r"(?i)pass(word|wd)?|pwd|token|secret|sig(nature)?|.*[_-](token|key|secret|signature)|(api)?key|auth.*", re.ASCII
)
_SHEET = re.compile(r"/spreadsheets/d/(?P<published>e/)?(?P<id>[\w-]+)(?P<rest>/.*)?", re.ASCII)
_STATEMENT = re.compile(r"(?is)(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(select|with|values|table)\b")
_QUOTED = re.compile(r"(?s)'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is read: `query` of a database, which is empty for a link; `user` signs in with the credential."""

    kind: str  # one of KINDS
    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""  # the file of SQLite, the name of a database, or path and query of a link
    user: str = ""
    query: str = ""

    @property
    def usual_port(self) -> bool:
        """Return whether the port is the one that such a server has where nothing else is said."""
        return self.port == PORTS.get(self.scheme if self.kind == "link" else self.kind, 0)

    @property
    def place(self) -> str:
        """Return host and port, or the name of a file, as they are shown in sentences."""
        if self.kind == "sqlite":
            return PurePath(self.path).name
        return self.host if self.usual_port else f"{self.host}:{self.port}"


def checked_name(name: str) -> str:
    """Return the name of a connection; raises ConnectError for one that could not be typed or be the name of a file."""
    plain = " ".join(name.split())
    if not _NAME.fullmatch(plain):
        raise ConnectError("connections.name", name=plain[:80])
    return plain


def checked_credential(name: str) -> str:
    """Return the name of a credential; raises ConnectError for what is none. What was typed is not repeated: it may be the credential itself.

    >>> checked_credential(" crm_password ")
    'CRM_PASSWORD'
    """
    plain = name.strip().upper()
    if plain and (not _CREDENTIAL_NAME.fullmatch(plain) or name.strip() not in (plain, plain.lower())):
        raise ConnectError("connections.credential_name")
    return plain


def read_source(address: str, query: str = "") -> Source:
    """Return what an address means; raises ConnectError for one that means nothing, or that holds a password.

    >>> read_source("postgres://report@db.example/crm", "SELECT 1").place
    'db.example'
    """
    plain = address.strip()
    if PurePath(plain).is_absolute():
        plain = f"sqlite://{quote(plain)}"
    try:
        parts = urlsplit(plain)
        kind, port = _KIND_OF.get(parts.scheme.lower(), ""), parts.port
    except ValueError:
        kind, port, parts = "", None, SplitResult("", "", "", "", "")
    if not kind or any(ord(sign) < 33 for sign in plain):
        raise ConnectError("connections.address")
    if parts.password is not None or (kind == "link" and _holds_secret(parts)):
        raise ConnectError("connections.password_in_address", placeholder=CREDENTIAL)
    scheme = parts.scheme.lower()
    asked = _asked(kind, query)
    if kind == "sqlite":
        if parts.netloc or not parts.path.strip("/"):
            raise ConnectError("connections.address")
        return Source(kind=kind, scheme=scheme, path=unquote(parts.path), query=asked)
    if not parts.hostname or (kind != "link" and (parts.query or parts.fragment or not parts.path.strip("/"))):
        raise ConnectError("connections.address")
    return Source(
        kind=kind,
        scheme=scheme,
        host=parts.hostname.rstrip("."),
        port=port or PORTS[scheme if kind == "link" else kind],
        path=_of_link(parts) if kind == "link" else unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        query=asked,
    )


def _asked(kind: str, query: str) -> str:
    """Return the query of a database. This only tells a person early: what keeps it from changing anything is a read-only transaction."""
    plain = query.strip().rstrip(";").rstrip()
    if kind == "link":
        if plain:
            raise ConnectError("connections.query_of_link")
        return ""
    if not _STATEMENT.match(plain + "\n") or ";" in _QUOTED.sub("", plain):
        raise ConnectError("connections.query")
    return plain


def _holds_secret(parts: SplitResult) -> bool:
    said = parse_qs(parts.query, keep_blank_values=True)
    return any(_SECRETS.fullmatch(name) and value != [CREDENTIAL] for name, value in said.items())


def _of_link(parts: SplitResult) -> str:
    """Return path and query of a link; that of a Google Sheet becomes the one under which the sheet is had as CSV."""
    if parts.hostname == "docs.google.com" and (found := _SHEET.fullmatch(parts.path)):
        return _of_sheet(found, parts)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def _of_sheet(found: re.Match[str], parts: SplitResult) -> str:
    gid = parse_qs(parts.fragment).get("gid") or parse_qs(parts.query).get("gid")
    of_one = {"gid": gid[0]} if gid and gid[0].isascii() and gid[0].isdecimal() else {}
    if found["published"]:
        single = {"single": "true"} if of_one else {}
        return f"/spreadsheets/d/e/{found['id']}/pub?{urlencode({**of_one, **single, 'output': 'csv'})}"
    return f"/spreadsheets/d/{found['id']}/export?{urlencode({'format': 'csv', **of_one})}"
