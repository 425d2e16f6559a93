"""The connections of the small state: where data are read from again, under which name, and what came of it last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cxroi.errors import StoreError
from cxroi.store.state.records import ConnectionMark, KeptConnection
from cxroi.store.state.state_file import StateFile, now

_ALL = (
    "SELECT c.name, c.address, c.query, c.credential, c.mode, c.request, m.at, m.outcome, m.said, m.tables, m.version"
    " FROM connection c LEFT JOIN connection_mark m ON m.name = c.name ORDER BY c.name"
)


@dataclass(frozen=True, kw_only=True)
class ConnectionState(StateFile):
    """The connections of one workspace."""

    def connections(self) -> tuple[KeptConnection, ...]:
        """Return every connection, by name."""
        with self.reading() as connection:
            return tuple(_connection(row) for row in connection.execute(_ALL))

    def kept_connection(self, name: str) -> KeptConnection:
        """Return the connection of this name, however its letters are written; raises StoreError where there is none."""
        for one in self.connections():
            if one.name.casefold() == name.strip().casefold():
                return one
        raise StoreError("connections.unknown", name=name)

    def keep_connection(self, kept: KeptConnection) -> None:
        """Keep a connection, in place of the one that has its name; what came of it last stays."""
        values = (
            kept.name,
            kept.address,
            kept.query,
            kept.credential,
            kept.mode,
            json.dumps(dict(kept.request)),
            now(),
        )
        with self.connection() as connection:
            connection.execute(
                "INSERT INTO connection VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET address = excluded.address,"
                " query = excluded.query, credential = excluded.credential, mode = excluded.mode, request = excluded.request,"
                " saved_at = excluded.saved_at",
                values,
            )

    def forget_connection(self, name: str) -> None:
        """Forget a connection."""
        with self.connection() as connection:
            connection.execute("DELETE FROM connection WHERE name = ?", (name,))

    def mark_connection(self, name: str, mark: ConnectionMark) -> None:
        """Keep what came of the last reading; one of a connection that was forgotten meanwhile is passed over."""
        said = json.dumps({"id": mark.id, "facts": dict(mark.facts)}, ensure_ascii=False)
        values = (mark.at.isoformat(timespec="seconds"), mark.outcome, said, json.dumps(mark.tables), mark.version)
        with self.connection() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO connection_mark SELECT name, ?, ?, ?, ?, ? FROM connection WHERE name = ?",
                (*values, name),
            )


def _connection(row: tuple[Any, ...]) -> KeptConnection:
    name, address, query, credential, mode, request, at, outcome, said, tables, version = row
    last = None
    if at is not None:
        words = json.loads(said)
        last = ConnectionMark(
            at=datetime.fromisoformat(at),
            outcome=outcome,
            id=words["id"],
            facts=words["facts"],
            tables=tuple(json.loads(tables)),
            version=version,
        )
    return KeptConnection(
        name=name,
        address=address,
        query=query,
        credential=credential,
        mode=mode,
        request=json.loads(request),
        last=last,
    )
