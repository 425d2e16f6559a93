"""One reading, in its own process: what it may, how long and how much, and what is closed when it ends."""

from __future__ import annotations

import contextlib
import ssl
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cxroi.connect.allowed import Allowed
from cxroi.connect.source import Source

_USUAL = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


@dataclass(kw_only=True)
class Reading:
    """What is read and within which limits; the credential is in no `repr`."""

    source: Source
    allowed: Allowed
    folder: Path
    most_bytes: int
    seconds: float
    patience: float  # seconds for a connection, and for the next bytes of a file
    memory: str
    most_rows: int | None = None
    progress: Path | None = None
    secret: str = field(default="", repr=False)
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, repr=False)

    @cached_property
    def address(self) -> str:
        """Return the address to connect to, looked up and checked once."""
        return self.allowed.address(self.source)

    @property
    def limit(self) -> str:
        """Return the end of a query of which not all rows are wanted."""
        return "" if self.most_rows is None else f" LIMIT {self.most_rows}"

    def encryption(self) -> ssl.SSLContext:
        """Return what checks a server's certificate: the authorities of the system, and those that the administrator names."""
        context = ssl.create_default_context()
        if self.allowed.authorities:
            context.load_verify_locations(self.allowed.authorities)
        return context

    def authorities(self) -> str:
        """Return the file of certificates for a driver that takes one only."""
        system = (ssl.get_default_verify_paths().cafile or "", *_USUAL)
        return self.allowed.authorities or next((path for path in system if path and Path(path).is_file()), "")

    def close_later(self, connection: Any) -> None:
        """Close a connection when the reading ends, whatever it says to that."""
        self._open.callback(_closed, connection)

    def close(self) -> None:
        """Close every connection."""
        self._open.close()

    def told(self, share: float) -> None:
        """Tell the parent which share is done."""
        if self.progress is not None:
            with contextlib.suppress(OSError):
                self.progress.write_text(f"{share:.3f}", encoding="ascii")


def _closed(connection: Any) -> None:
    with contextlib.suppress(Exception):
        connection.close()
