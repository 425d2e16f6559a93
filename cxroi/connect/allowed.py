"""What an administrator allows: hosts, those of them without encryption, folders of SQLite files; and the address that a name may have.

Nothing is allowed unless it is named. A name that resolves to an address of this machine or of a private network is refused unless that
very host is named: `*.example.com` does not do.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cxroi.connect.source import Source
from cxroi.environment import names
from cxroi.errors import ConnectError

HOSTS, UNENCRYPTED = "CXROI_CONNECT_HOSTS", "CXROI_CONNECT_UNENCRYPTED"
FOLDERS, AUTHORITIES = "CXROI_CONNECT_FOLDERS", "CXROI_CONNECT_CA"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What may be read. `authorities` is a file of certificates that are trusted beside those of the system."""

    hosts: tuple[str, ...] = ()
    unencrypted: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    authorities: str = ""

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> Allowed:
        """Return what the environment allows, which is nothing unless it says so."""
        asked = os.environ if environment is None else environment
        return cls(
            hosts=names(asked, HOSTS),
            unencrypted=names(asked, UNENCRYPTED),
            folders=tuple(str(Path(folder).expanduser()) for folder in names(asked, FOLDERS)),
            authorities=asked.get(AUTHORITIES, ""),
        )

    @property
    def anything(self) -> bool:
        """Return whether anything at all is allowed."""
        return bool(self.hosts or self.folders)

    def ensure(self, source: Source) -> None:
        """Raise ConnectError for a host or a file that nobody allowed; no name is looked up for it."""
        if source.kind == "sqlite":
            self.file(source)
        elif not self._names(source, self.hosts):
            raise ConnectError("connections.host_not_allowed", host=source.place, setting=HOSTS)
        elif source.scheme == "http" and not self.may_be_read(source):
            raise ConnectError("connections.not_encrypted", host=source.place, setting=UNENCRYPTED)

    def may_be_read(self, source: Source) -> bool:
        """Return whether what goes to and from a host may be readable on the way."""
        return self._names(source, self.unencrypted)

    def file(self, source: Source) -> Path:
        """Return the file of SQLite with every link in its path followed; raises ConnectError where it is in no allowed folder."""
        path = Path(source.path).resolve()
        if not any(path.is_relative_to(Path(folder).resolve()) for folder in self.folders):
            raise ConnectError("connections.folder_not_allowed", file=source.place, setting=FOLDERS)
        if not path.is_file():
            raise ConnectError("connections.no_such_file", file=source.place)
        return path

    def address(self, source: Source) -> str:
        """Return the one address to connect to: a second look-up could have another answer, so there is none.

        Raises ConnectError for a host that is not allowed, that has no address, or one of whose addresses is not public although it is not named itself.
        """
        self.ensure(source)
        try:
            found = socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise ConnectError("connections.no_such_host", host=source.place) from None
        addresses = [str(one[4][0]).partition("%")[0] for one in found]
        named = self._names(source, tuple(entry for entry in self.hosts if not entry.startswith("*.")))
        if not named and any(not is_public(ipaddress.ip_address(one)) for one in addresses):
            raise ConnectError("connections.inside", host=source.place, setting=HOSTS)
        return addresses[0]

    def _names(self, source: Source, entries: tuple[str, ...]) -> bool:
        return any(_is_named(source, entry) for entry in entries)


def is_public(address: Address) -> bool:
    """Return whether an address is reached over the internet, and so is an IPv4 address written inside one of IPv6.

    >>> is_public(ipaddress.ip_address("::ffff:127.0.0.1")), is_public(ipaddress.ip_address("9.9.9.9"))
    (False, True)
    """
    if isinstance(address, ipaddress.IPv6Address):
        inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(one is not None and not is_public(one) for one in inside):
            return False
        if address in _NAT64:
            return True
    return address.is_global and not address.is_multicast


def _is_named(source: Source, entry: str) -> bool:
    """Return whether an entry names a host: with a port that one alone, without one the usual port."""
    bare = entry.lower()
    bracketed = bare.startswith("[")
    host, _, port = (
        bare[1:].partition("]") if bracketed else bare.partition(":") if bare.count(":") == 1 else (bare, "", "")
    )
    port = port.removeprefix(":")
    if (int(port) != source.port if port.isdecimal() else not source.usual_port) or (port and not port.isdecimal()):
        return False
    asked = source.host.lower()
    if host.startswith("*."):
        return len(host) > 2 and asked.endswith(host[1:])
    return asked == host.rstrip(".")
