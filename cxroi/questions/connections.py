"""Which connections a workspace has, what each reads, and what came of it last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxroi.connect.source import read_source
from cxroi.errors import CxroiError
from cxroi.store.state.records import ConnectionMark, KeptConnection
from cxroi.store.state.state import State


@dataclass(frozen=True, kw_only=True)
class ConnectionFact:
    """One connection; `place` is the host, or the name of the file. `last` is what came of the last reading, None before the first."""

    name: str
    kind: str
    place: str
    address: str
    query: str
    credential: str
    mode: str
    request: Mapping[str, Any] = field(default_factory=dict)
    last: ConnectionMark | None = None


def kept_connections(folder: Path) -> tuple[ConnectionFact, ...]:
    """Return every connection of the workspace in a folder, by name."""
    return tuple(_fact(one) for one in State.open(folder).connections())


def _fact(kept: KeptConnection) -> ConnectionFact:
    try:
        source = read_source(kept.address, kept.query)
        kind, place = source.kind, source.place
    except CxroiError:  # kept by another release
        kind, place = "", ""
    return ConnectionFact(
        name=kept.name,
        kind=kind,
        place=place,
        address=kept.address,
        query=kept.query,
        credential=kept.credential,
        mode=kept.mode,
        request=kept.request,
        last=kept.last,
    )
