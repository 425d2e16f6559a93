"""The scenarios of the small state: every save a revision that stays as it is, and marks beside them (locked, approved, deleted, said)."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cxroi.errors import StoreError
from cxroi.model.kept_scenario import (
    BROUGHT_BACK,
    DELETED,
    KeptScenario,
    Mark,
    Revision,
    SavedScenario,
    figures_facts,
    read_figures,
    read_slides,
    same_name,
    slides_facts,
)
from cxroi.model.scenario_link import read_link, write_link
from cxroi.store.state.state_file import StateFile, now

_LAST = (
    "SELECT r.* FROM scenario_revision r JOIN (SELECT scenario, max(number) AS number FROM scenario_revision GROUP BY scenario) l"
    " ON r.scenario = l.scenario AND r.number = l.number ORDER BY r.rowid DESC"
)


@dataclass(frozen=True, kw_only=True)
class ScenarioState(StateFile):
    """The scenarios of one workspace."""

    def scenarios(self) -> tuple[SavedScenario, ...]:
        """Return every scenario, those that were deleted too, the one last saved first."""
        with self.reading() as connection:
            return _all(connection)

    def revisions(self, id: str) -> tuple[Revision, ...]:
        """Return every revision of a scenario, the newest first."""
        with self.reading() as connection:
            rows = connection.execute("SELECT * FROM scenario_revision WHERE scenario = ? ORDER BY number DESC", (id,))
            return tuple(_revision(row) for row in rows)

    def add_revision(self, id: str | None, kept: KeptScenario, *, seen: int, why: str, who: str) -> SavedScenario:
        """Keep a scenario: as a new one (`id` None), or as the revision after `seen`, the last that the person saw.

        Raises StoreError where somebody saved it meanwhile, where it is locked, deleted or not there, and where another one has its name.
        """
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = _all(connection)
            if id is not None:
                saved = _as_seen(known, id, seen)
                if saved.lock is not None:
                    raise StoreError("store.scenario_locked", scenario=saved.kept.name)
            _ensure_free(known, kept.name, besides=id)
            connection.execute(
                "INSERT INTO scenario_revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (id := id or _new_id(known), seen + 1, now(), who, why, *_columns(kept)),
            )
            return _found(_all(connection), id)

    def mark_scenario(self, id: str, what: str, *, seen: int, who: str, words: str = "") -> SavedScenario:
        """Add a mark to a scenario as it stands at revision `seen`.

        Raises StoreError as `add_revision` does; a locked one can be commented on, approved and unlocked.
        """
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = _all(connection)
            saved = _found(known, id) if what == BROUGHT_BACK else _as_seen(known, id, seen)
            if what == BROUGHT_BACK:
                _ensure_free(known, saved.kept.name, besides=id)
            if what == DELETED and saved.lock is not None:
                raise StoreError("store.scenario_locked", scenario=saved.kept.name)
            connection.execute(
                "INSERT INTO scenario_mark (scenario, revision, at, who, what, words) VALUES (?, ?, ?, ?, ?, ?)",
                (id, saved.last.number, now(), who, what, words),
            )
            return _found(_all(connection), id)


def _all(connection: sqlite3.Connection) -> tuple[SavedScenario, ...]:
    marks: dict[str, list[Mark]] = {}
    for id, revision, at, who, what, words in connection.execute(
        "SELECT scenario, revision, at, who, what, words FROM scenario_mark ORDER BY id"
    ):
        mark = Mark(at=datetime.fromisoformat(at), who=who, what=what, revision=revision, words=words)
        marks.setdefault(id, []).append(mark)
    rows = connection.execute(_LAST).fetchall()
    return tuple(SavedScenario(id=row[0], last=_revision(row), marks=tuple(marks.get(row[0], ()))) for row in rows)


def _found(known: Iterable[SavedScenario], id: str) -> SavedScenario:
    found = next((one for one in known if one.id == id), None)
    if found is None:
        raise StoreError("store.no_such_scenario", scenario=id)
    return found


def _as_seen(known: Iterable[SavedScenario], id: str, seen: int) -> SavedScenario:
    """Return a scenario that is there and stands as somebody saw it."""
    saved = _found(known, id)
    if (gone := saved.deletion) is not None:
        raise StoreError("scenarios.deleted", scenario=saved.kept.name, who=gone.who, when=_day(gone.at))
    if saved.last.number != seen:
        last = saved.last
        raise StoreError("scenarios.changed_meanwhile", scenario=last.kept.name, who=last.who, when=_day(last.at))
    return saved


def _ensure_free(known: Iterable[SavedScenario], name: str, *, besides: str | None) -> None:
    for one in known:
        if one.id != besides and one.deletion is None and same_name(one.kept.name, name):
            raise StoreError("scenarios.name_taken", name=name)


def _new_id(known: Iterable[SavedScenario]) -> str:
    taken = {one.id for one in known}
    return next(id for id in iter(lambda: secrets.token_hex(4), "") if id not in taken)


def _columns(kept: KeptScenario) -> tuple[str, ...]:
    facts = (dict(kept.rests_on), figures_facts(kept.figures), slides_facts(kept.slides))
    written = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in facts)
    return kept.name, kept.note, write_link(kept.scenario), kept.data_version, *written


def _revision(row: tuple[Any, ...]) -> Revision:
    _, number, at, who, why, name, note, codec, data_version, rests_on, figures, slides = row
    kept = KeptScenario(
        name=name,
        note=note,
        scenario=read_link(codec).scenario,
        data_version=data_version,
        rests_on=json.loads(rests_on),
        figures=read_figures(json.loads(figures)),
        slides=read_slides(json.loads(slides)),
    )
    return Revision(number=number, at=datetime.fromisoformat(at), who=who, why=why, kept=kept)


def _day(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"
