"""Connections in words: what each reads, and what came of it last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.intake.report import IntakeReport
from cxroi.questions.connections import ConnectionFact
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.data import upload

COLUMNS = ("connection", "source", "table", "read", "outcome")


def connection_rows(kept: Sequence[ConnectionFact], text: Text) -> list[list[str]]:
    """Return a line of words for each connection, under COLUMNS."""
    return [[one.name, source_words(one, text), _tables(one, text), *_last(one, text)] for one in kept]


def source_words(one: ConnectionFact, text: Text) -> str:
    """Return what a connection reads: the kind of source, and where it is."""
    return text(f"connections.kind.{one.kind or 'unknown'}", place=shown(one.place, 80))


def last_words(one: ConnectionFact, text: Text) -> str:
    """Return what came of the last reading, and when; why, where nothing could be loaded."""
    if one.last is None:
        return text("connections.never")
    said = text(f"connections.outcome.{one.last.outcome}")
    line = text("connections.last", when=text.moment(one.last.at), outcome=said)
    why = said_words(one.last.id, one.last.facts, text) if one.last.outcome not in ("loaded", "nothing_new") else ""
    return f"{line} {why}".strip()


def said_words(id: str, facts: Mapping[str, object], text: Text) -> str:
    """Return the sentence of a refusal or an error with what others said in it made safe; "" where there is none."""
    if not id or not (text.has(id) or text.has(f"{id}.other")):
        return ""
    return text(id, **{name: shown(fact, 300) if isinstance(fact, str) else fact for name, fact in facts.items()})


def _tables(one: ConnectionFact, text: Text) -> str:
    return text.listed([upload.table_name(name, text) for name in one.last.tables]) if one.last else "–"


def _last(one: ConnectionFact, text: Text) -> tuple[str, str]:
    if one.last is None:
        return "–", text("connections.never")
    return text.moment(one.last.at), text(f"connections.outcome.{one.last.outcome}")


def account(one: ConnectionFact, text: Text) -> list[str]:
    """Return what else is to be known of a connection: what it fills and how, its credential's name, and what came of it last."""
    parts = []
    if one.last is not None and one.last.tables:
        parts.append(text("connections.page.reads", tables=_tables(one, text)))
    if one.mode == "append":
        parts.append(text("connections.page.adds"))
    if one.credential:
        parts.append(text("connections.page.credential_line", name=one.credential))
    return [*parts, last_words(one, text)]


def cut_short(one: ConnectionFact, reports: Sequence[IntakeReport], most: int, text: Text) -> str:
    """Return that a query was read up to its first `most` rows alone, where it has so many; "" where all of it was read."""
    whole = one.kind == "link" or all(report.rows_read < most for report in reports)
    return "" if whole else text("connections.first_rows", count=most)


def tried_rows(report: IntakeReport, text: Text) -> list[list[str]]:
    """Return a line for each column that was read: its heading, where it would go, and its first values."""
    return [
        [
            column.heading,
            upload.target_name(column.target, text) if column.target else text("connections.page.nowhere"),
            " · ".join(value for value in column.before if value) or "–",
        ]
        for column in report.columns
    ]
