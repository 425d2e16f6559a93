"""Forget a customer: every version is written again without them, the old bytes are removed, and a receipt says so.

The rewritten versions are finished beside the old ones first. Then a journal names which takes whose place; from that
moment on a crash can only delay the change: whoever opens the workspace next finishes it.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxroi.store.draft import Draft
from cxroi.store.durable import flush, place, remove, sha256, swap, write
from cxroi.store.parquet import copy_without, measure
from cxroi.store.version import MANIFEST, TableVersion, Version
from cxroi.store.waiting import remove_all
from cxroi.tables import TABLES

JOURNAL = "REPLACING"
HELD_ELSEWHERE = (
    "spill",
    "spare",
    "damaged",
)  # folders that may hold the customer too; what cannot be read cannot be searched


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was removed: rows by table, counted once per distinct file, and the versions that took the place of others."""

    at: datetime
    rows_removed: Mapping[str, int]
    versions_replaced: Mapping[str, str]


class Forgetting:
    """The rewriting of all versions without one customer; a file that several versions share is rewritten once."""

    def __init__(self, folder: Path, customer_id: str) -> None:
        self._folder, self._customer = folder, customer_id
        self._snapshots = folder / "snapshots"
        self._rewritten: dict[str, Path] = {}
        self._rows: dict[str, int] = {}

    def prepare(self, versions: tuple[Version, ...]) -> dict[str, tuple[str, str]]:
        """Write the affected versions again, oldest first; return {draft folder: (new id, old id)}."""
        plan: dict[str, tuple[str, str]] = {}
        renamed: dict[str, str] = {}
        for version in sorted(versions, key=lambda v: v.number):
            version.ensure_whole()
            if not any(self._holds(name, table) for name, table in version.tables.items()):
                continue
            draft = Draft(self._snapshots).__enter__()
            for name, table in version.tables.items():
                draft.take(name, self._without(name, table, draft.folder))
            facts = json.loads((version.folder / MANIFEST).read_bytes())
            facts = {key: value for key, value in facts.items() if key not in ("schema", "tables")}
            facts["parent"] = renamed.get(facts["parent"], facts["parent"])
            renamed[version.id] = draft.finish(facts)
            plan[draft.folder.name] = (renamed[version.id], version.id)
        return plan

    def receipt(self, plan: Mapping[str, tuple[str, str]]) -> Receipt:
        """Return what was done, without naming the customer."""
        replaced = {old: new for new, old in plan.values()}
        return Receipt(at=datetime.now(UTC), rows_removed=dict(self._rows), versions_replaced=replaced)

    def _holds(self, name: str, table: TableVersion) -> bool:
        if _rejects_holding(table.rejects, self._customer):
            return True
        if "customer_id" not in {column.name for column in TABLES[name].columns}:
            return False
        return any(copy_without(path, None, self._customer) for path in table.files)

    def _without(self, name: str, table: TableVersion, folder: Path) -> TableVersion:
        keyed = "customer_id" in {column.name for column in TABLES[name].columns}
        files = tuple(
            self._rewrite(name, path, digest, folder, keyed)
            for path, digest in zip(table.files, table.sha256, strict=True)
        )
        rejects = tuple(_copy_rejects(path, folder / path.name, self._customer) for path in table.rejects)
        rows, sums = measure(files, TABLES[name])
        return replace(
            table,
            rows=rows,
            sums=sums,
            files=files,
            sha256=tuple(map(sha256, files)),
            rejects=rejects,
            rejects_sha256=tuple(map(sha256, rejects)),
        )

    def _rewrite(self, name: str, path: Path, digest: str, folder: Path, keyed: bool) -> Path:
        target = folder / path.name
        if digest in self._rewritten or not keyed:
            place(self._rewritten.get(digest, path), target, link=True)
            return target
        removed = copy_without(path, target, self._customer)
        self._rows[name] = self._rows.get(name, 0) + removed
        self._rewritten[digest] = target
        return target


def write_journal(folder: Path, plan: Mapping[str, tuple[str, str]]) -> None:
    """Decide: from here on the new versions take the place of the old ones, whatever happens."""
    write(folder / JOURNAL, json.dumps(plan).encode())
    flush(folder)


def finish(folder: Path, pointer: Path) -> None:
    """Carry out what the journal says, or what is left of it."""
    journal, snapshots = folder / JOURNAL, folder / "snapshots"
    if not journal.exists():
        return
    plan: dict[str, Any] = json.loads(journal.read_bytes())
    for draft, (new, _) in plan.items():
        if (snapshots / draft).exists():
            (snapshots / draft).rename(snapshots / new)
    flush(snapshots)
    current = pointer.read_text(encoding="ascii").strip()
    for new, old in plan.values():
        if old == current:
            swap(pointer, new.encode())
    for _, old in plan.values():
        remove(snapshots / old)
    for leftover in (*(folder / "quarantine").iterdir(), *(folder / name for name in HELD_ELSEWHERE)):
        shutil.rmtree(leftover, ignore_errors=True)
    remove_all(folder)
    journal.unlink()
    flush(folder)


def _rejects_holding(rejects: tuple[Path, ...], customer: str) -> bool:
    return any(_is_about(row, customer) for path in rejects for row in _rows_of(path))


def _copy_rejects(path: Path, target: Path, customer: str) -> Path:
    with target.open("x", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(row for row in _rows_of(path) if not _is_about(row, customer))
    return target


def _rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _is_about(row: list[str], customer: str) -> bool:
    return any(field.strip() == customer for field in row)
