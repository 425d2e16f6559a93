"""Who may talk to the server: a request must name this machine, and a page that opens a connection must be our own.

Judged here, before Streamlit sees the request: for a foreign page Streamlit looks up this machine's public address, in
DNS and over HTTP, while every other reader waits.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope
from streamlit import config

THIS_MACHINE = "127.0.0.1"  # where a server listens unless told otherwise
_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}


@dataclass(frozen=True, kw_only=True)
class Hosts:
    """The names under which this server may be asked; `addresses` lets any bare IP address through.

    A foreign page can make its own name resolve to this machine (DNS rebinding), but a browser then still says that name.
    """

    names: tuple[str, ...]
    addresses: bool = False


_chosen: Hosts | None = None


def is_loopback(address: str | None) -> bool:
    """Return whether nobody but this machine reaches an address; a server that was given none listens on all.

    >>> is_loopback("127.0.0.2"), is_loopback("localhost"), is_loopback(None), is_loopback("example.org")
    (True, True, False, False)
    """
    try:
        return address == "localhost" or ipaddress.ip_address(address or "0.0.0.0").is_loopback
    except ValueError:
        return False


def choose_hosts(hosts: Hosts | None) -> None:
    """Settle the names beside loopback at start; None goes back to the setting `server.allowedHosts`."""
    global _chosen
    _chosen = hosts


def may_enter(scope: Scope) -> bool:
    """Return whether a request or a handshake may go on: its Host is ours, and so is the page a connection comes from."""
    headers = Headers(scope=scope)
    host = headers.get("host")
    if not is_our_name(host):
        return False
    return scope["type"] != "websocket" or is_own_page(scope)


def is_own_page(scope: Scope) -> bool:
    """Return whether a handshake or a form comes from a page of ours; a client that is no browser sends no Origin."""
    headers = Headers(scope=scope)
    origin, host = headers.get("origin"), headers.get("host", "").lower()
    if origin is None:
        return True
    own = {_SCHEMES.get(scope.get("scheme", "ws"), ""), headers.get("x-forwarded-proto", "")} & {"http", "https"}
    return origin.lower() in {f"{scheme}://{host}" for scheme in own}


def is_our_name(host: str | None) -> bool:
    """Return whether this server may be asked under a name, with or without its port."""
    name = name_of_host(host)
    if name is None:
        return False
    if is_loopback(name):
        return True
    hosts = _chosen or Hosts(names=tuple(config.get_option("server.allowedHosts")))
    if hosts.addresses:
        with suppress(ValueError):
            ipaddress.ip_address(name)
            return True
    return name in {each.lower().rstrip(".") for each in hosts.names}


def name_of_host(host: str | None) -> str | None:
    """Return the host name of a Host header in lower case; None where it is anything but a name and a port."""
    try:
        parsed = urlsplit(f"//{host or ''}")
        _ = parsed.port  # raises where it is no number
    except ValueError:
        return None
    more = parsed.username is not None or parsed.path or parsed.query or parsed.fragment
    return None if more or not parsed.hostname else parsed.hostname.rstrip(".")
