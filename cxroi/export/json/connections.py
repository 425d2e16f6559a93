"""Connections, and what came of reading them, as JSON objects. A credential is told by its name: nothing here knows more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.export.json.loads import report_json
from cxroi.export.json.values import Json
from cxroi.intake.report import IntakeReport
from cxroi.questions.connections import ConnectionFact
from cxroi.text import Text
from cxroi.view.data.connections import said_words


def connection_json(one: ConnectionFact, text: Text) -> Json:
    """Return one connection as the documented JSON object."""
    last = one.last
    return {
        "name": one.name,
        "kind": one.kind,
        "place": one.place,
        "address": one.address,
        "query": one.query or None,
        "credential": one.credential or None,
        "mode": one.mode,
        "request": dict(one.request),
        "last": None
        if last is None
        else {
            "at": last.at.isoformat(),
            "outcome": last.outcome,
            "message": said_words(last.id, last.facts, text) or None,
            "message_id": last.id or None,
            "tables": list(last.tables),
            "version": last.version or None,
        },
    }


def refreshed_json(
    name: str,
    outcome: str,
    said: tuple[str, Mapping[str, object]],
    version: str | None,
    reports: Sequence[IntakeReport],
    text: Text,
) -> Json:
    """Return what came of reading one connection as the documented JSON object; `said` is the id and the facts of why."""
    id, facts = said
    return {
        "name": name,
        "outcome": outcome,
        "message": said_words(id, facts, text) or None,
        "message_id": id or None,
        "version": version,
        "files": [report_json(report, version, text) for report in reports],
    }
