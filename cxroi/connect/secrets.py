"""Credentials: from the environment, else from a file that its owner alone may read; kept nowhere, shown nowhere.

A connection knows a credential by name. `NAME` is the variable CXROI_SECRET_NAME, or a line of the file that CXROI_SECRETS_FILE names:

    CRM_PASSWORD = "..."
    SHOP_TOKEN = { value = "...", hosts = ["shop.example.com"] }   # goes to these hosts only
"""

from __future__ import annotations

import base64
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from cxroi.errors import ConnectError

PREFIX, FILE = "CXROI_SECRET_", "CXROI_SECRETS_FILE"
_HIDDEN = "•••"


def secret_of(name: str, host: str, environment: Mapping[str, str] | None = None) -> str:
    """Return the credential of this name for a host; "" where none is asked for.

    Raises ConnectError where there is none, where it is meant for other hosts, or where others may read the file.
    """
    asked = os.environ if environment is None else environment
    if not name:
        return ""
    if value := asked.get(f"{PREFIX}{name}"):
        return value
    found = _in_file(Path(asked[FILE]).expanduser()).get(name) if asked.get(FILE) else None
    if isinstance(found, dict):
        if "hosts" in found and host not in found["hosts"]:
            raise ConnectError("connections.credential_elsewhere", credential=name, host=host)
        found = found.get("value")
    if not isinstance(found, str) or not found:
        raise ConnectError("connections.no_credential", credential=name, variable=f"{PREFIX}{name}", setting=FILE)
    return found


def scrubbed(words: str, secret: str) -> str:
    """Return words of a driver or a server without the credential, however it may be written in them.

    >>> scrubbed("postgresql://u:p%40ss@h", "p@ss")
    'postgresql://u:•••@h'
    """
    if not secret:
        return words
    encoded = base64.b64encode(secret.encode()).decode()
    quoted = secret.replace("\\", "\\\\").replace("'", "\\'")
    for written in {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        quoted,
        encoded,
        encoded.rstrip("="),
        repr(secret)[1:-1],
    }:
        words = words.replace(written, _HIDDEN)
    return words


def _in_file(path: Path) -> Mapping[str, object]:
    """Return what stands in the secrets file; nothing of it is in any error, since a part of it may be a credential."""
    try:
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            if os.name == "posix" and (
                not stat.S_ISREG(facts.st_mode) or facts.st_mode & 0o077 or facts.st_uid not in (os.geteuid(), 0)
            ):
                raise ConnectError("connections.secrets_rights", file=path.name, setting=FILE)
            return tomllib.load(file)
    except (OSError, ValueError):
        raise ConnectError("connections.secrets_unreadable", file=path.name, setting=FILE) from None
