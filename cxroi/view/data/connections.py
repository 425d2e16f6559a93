"""Connections in words: what each reads, and what came of it last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.questions.connections import ConnectionFact
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.data.upload import table_name

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
    return text.listed([table_name(name, text) for name in one.last.tables]) if one.last else "–"


def _last(one: ConnectionFact, text: Text) -> tuple[str, str]:
    if one.last is None:
        return "–", text("connections.never")
    return text.moment(one.last.at), text(f"connections.outcome.{one.last.outcome}")
