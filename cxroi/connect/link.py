"""A published file over HTTP: each hop of a redirect is looked at like the first, and what comes is counted while it comes."""

from __future__ import annotations

import base64
import http.client
import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from cxroi.connect.allowed import UNENCRYPTED
from cxroi.connect.source import CREDENTIAL, Source, read_source
from cxroi.errors import ConnectError

if TYPE_CHECKING:
    from cxroi.connect.reading import Reading

_HOPS = 5
_CHUNK = 1 << 16
_PACKED = {"gzip": ".gz", "x-gzip": ".gz", "zstd": ".zst"}
_ENDINGS = (".gz", ".zst")
_SIGN_IN = ("accounts.google.com", "login.microsoftonline.com")


def fetch_link(reading: Reading) -> tuple[Path, str]:
    """Fetch the file and return it with the ending that says how it is packed ("" where it is not)."""
    source, first = reading.source, reading.source
    for _ in range(_HOPS + 1):
        connection = _connected(reading, source)
        reading.close_later(connection)
        connection.request("GET", _target(source, reading), headers=_headers(reading, source, first))
        answer = connection.getresponse()
        if answer.status not in (301, 302, 303, 307, 308):
            return _kept(answer, source, reading)
        source = _next(source, answer.getheader("Location") or "")
        connection.close()
    raise ConnectError("connections.redirects", host=first.place)


def _connected(reading: Reading, source: Source) -> http.client.HTTPConnection:
    address = reading.allowed.address(source)
    plain = socket.create_connection((address, source.port), timeout=reading.patience)
    connection = http.client.HTTPConnection(source.host, source.port, timeout=reading.patience)
    connection.sock = plain
    if source.scheme == "https":
        connection.sock = reading.encryption().wrap_socket(plain, server_hostname=source.host)
    return connection


def _headers(reading: Reading, source: Source, first: Source) -> dict[str, str]:
    host = f"[{source.host}]" if ":" in source.host else source.host
    headers = {
        "Host": host if source.usual_port else f"{host}:{source.port}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "User-Agent": "cxroi",
    }
    same = (source.scheme, source.host, source.port) == (first.scheme, first.host, first.port)
    if reading.secret and same and not _in_link(first):  # never to where a redirect leads
        headers["Authorization"] = authorization(first.user, reading.secret)
    return headers


def authorization(user: str, secret: str) -> str:
    """Return how a credential is sent: as the password of a user, or as a token where no user is named."""
    if not user:
        return f"Bearer {secret}"
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


def _in_link(source: Source) -> bool:
    return CREDENTIAL in source.path or quote(CREDENTIAL) in source.path


def _target(source: Source, reading: Reading) -> str:
    path = source.path
    for written in (CREDENTIAL, quote(CREDENTIAL)):
        path = path.replace(written, quote(reading.secret, safe=""))
    return quote(path, safe="/%:?#[]@!$&'()*+,;=~-._")


def _next(source: Source, location: str) -> Source:
    here = (
        f"{source.scheme}://{source.host if ':' not in source.host else f'[{source.host}]'}:{source.port}{source.path}"
    )
    parts = urlsplit(urljoin(here, location))
    if parts.hostname in _SIGN_IN:
        raise ConnectError("connections.sign_in", host=source.place)
    if parts.scheme not in ("http", "https") or (source.scheme == "https" and parts.scheme == "http"):
        raise ConnectError("connections.not_encrypted", host=parts.hostname or source.place, setting=UNENCRYPTED)
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    return replace(read_source(bare), path=f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")


def _kept(answer: http.client.HTTPResponse, source: Source, reading: Reading) -> tuple[Path, str]:
    if answer.status in (401, 403, 407):
        raise ConnectError("connections.denied", host=source.place, status=answer.status)
    if answer.status != 200:
        raise ConnectError("connections.status", host=source.place, status=answer.status)
    target, size, whole = reading.folder / "fetched", 0, answer.length
    if (whole or 0) > reading.most_bytes:
        raise ConnectError("connections.too_large", most=reading.most_bytes >> 20)
    with target.open("wb") as file:
        while chunk := answer.read(_CHUNK):
            size += len(chunk)
            if size > reading.most_bytes:
                raise ConnectError("connections.too_large", most=reading.most_bytes >> 20)
            file.write(chunk)
            if whole_size := size + (answer.length or 0):
                reading.told(size / whole_size if answer.length is not None else 0.0)
    if answer.length:  # the connection ended before the file did
        raise ConnectError("connections.cut_off", host=source.place)
    ending = next((ending for ending in _ENDINGS if urlsplit(source.path).path.lower().endswith(ending)), "")
    return target, _PACKED.get((answer.getheader("Content-Encoding") or "").lower(), ending)
