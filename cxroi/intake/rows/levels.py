"""Months whose money, or number of rows, leaves the level of the months around it: one wrong cell, or another unit.

Each column of money is looked at by month, in every month, the last one included: it sets what "today" is. Of a monthly file
each segment is a series of its own, of a ledger each initiative as well, as one wrong line may hide in the month's total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

from cxroi.intake.report import Finding, Severity
from cxroi.intake.settle.plan import Plan
from cxroi.sql_text import exactly, quoted
from cxroi.tables import Kind

_JUMP = 4.0  # a month this many times the usual level, or this small a part of it, is worth a look
_NEAR = 3  # months on either side tell what is usual
_MONTHS_NEEDED = 6
_FEW_ROWS = 30  # in a month; a handful may well become another handful
_SHOWN = 5  # findings of a file; the others are counted
_WHOLE_MONTHS = "monthly"  # the table whose first and last month are never part of a month only
_PLACES = {"monthly": ("segment",), "costs": ("initiative", "category", "segment", "touchpoint")}
_NO_SUM = ("unit_price", "monthly_revenue", "acquisition_cost", "promised_value")  # what one thing costs or brings
_RECURS = {
    "one_off": "one_off IS NOT TRUE",
    "kind": "kind IS DISTINCT FROM 'capex'",
}  # the rest comes in lumps by nature
_MATERIAL = 0.5  # of a usual month's total: what a single initiative must be off by


@dataclass(frozen=True, kw_only=True)
class Change:
    """A month (number since year 0) whose level is not the usual one; `lasts` where the months after it share the level."""

    month: int
    level: float
    usual: float
    lasts: bool = False

    @property
    def size(self) -> float:
        """Return how many times the usual level the change is."""
        return abs(self.level - self.usual) / abs(self.usual)


def level_findings(
    connection: duckdb.DuckDBPyConnection, plan: Plan, parquet: Path, when: str, held: Sequence[Path] = ()
) -> list[Finding]:
    """Return what is to be looked at in the months of a canonical file.

    Earlier months of the same table in `held`, the files of the current version, tell what is usual as well: a file of one
    month has nothing else to be held against.
    """
    relation = _with_earlier(connection, parquet, when, held)
    series, own_months = rows_by_month(connection, relation, when), rows_by_month(connection, quoted(parquet), when)
    here = {cell.target for cell in plan.cells}
    columns = [c for c in _sums(plan) if c in here]
    kept = [test for column, test in _RECURS.items() if column in here]
    relation = f"(SELECT * FROM {relation} WHERE {' AND '.join(kept)})" if kept else relation
    whole = plan.table.name == _WHOLE_MONTHS
    found: list[tuple[Change, str, str]] = []
    if plan.table.name != _WHOLE_MONTHS and "amount" not in columns:
        counted = {month: float(rows) for month, rows in series.items()}
        found += [(c, "", "") for c in changes(counted, whole=False) if max(c.level, c.usual) >= _FEW_ROWS]
    totals = _by_month(connection, relation, when, columns, "''").get("", {})
    place = next((p for p in _PLACES.get(plan.table.name, ()) if p in here), None)
    by_place = {} if place is None else _by_month(connection, relation, when, columns, f"coalesce(\"{place}\", '')")
    by_place = by_place if len(by_place) > 1 else {}
    for column in columns:
        total = totals.get(column, {})
        own = [
            (change, column, name)
            for name, of_place in by_place.items()
            for change in changes(of_place.get(column, {}), whole=whole)
            if whole or change.level - change.usual > _MATERIAL * median(total.values())
        ]
        named = {change.month for change, _, _ in own}
        if not (whole and by_place):
            found += [(c, column, "") for c in changes(total, whole=whole) if c.month not in named]
        found += own
    return _said([one for one in found if one[0].month in own_months])


def rows_by_month(connection: duckdb.DuckDBPyConnection, relation: str, when: str) -> dict[int, int]:
    """Return the number of rows of a relation by month, numbered since year 0."""
    query = f'SELECT year("{when}") * 12 + month("{when}") - 1, count(*) FROM {relation} GROUP BY 1'
    return dict(connection.execute(query).fetchall())


def _with_earlier(connection: duckdb.DuckDBPyConnection, parquet: Path, when: str, held: Sequence[Path]) -> str:
    """Return the rows of a file with those of `held` from the months before its first one, where these can be read."""
    if not held:
        return quoted(parquet)
    files = ", ".join(exactly(path) for path in held)
    first = f"(SELECT date_trunc('month', min(\"{when}\")) FROM {quoted(parquet)})"
    earlier = f'SELECT * FROM read_parquet([{files}], union_by_name = true) WHERE "{when}" < {first}'
    both = f"(SELECT * FROM {quoted(parquet)} UNION ALL BY NAME {earlier})"
    try:
        connection.execute(f"SELECT 1 FROM {both} LIMIT 1")
    except duckdb.Error:  # a file of the current version is damaged or gone; that is told elsewhere and stops no load
        return quoted(parquet)
    return both


def changes(levels: Mapping[int, float], *, whole: bool) -> list[Change]:
    """Return the months of a series that are far from the months before and after, and those in which a new level begins.

    Where the first and the last month may be part of a month only (not `whole`), these count when they are too high.
    """
    months = sorted(levels)
    if len(months) < _MONTHS_NEEDED:
        return []
    values, found, since = [levels[m] for m in months], [], 0
    for at, level in enumerate(values):
        before, after = values[max(since, at - _NEAR) : at], values[at + 1 : at + 1 + _NEAR]
        usual = median(before + after) if before and after else median(before or after or [level])
        if since == at and at:  # the first month of a level that stays was said already
            continue
        sides = [median(side) for side in (before, after) if side]
        edge = not whole and at in (0, len(values) - 1)
        if all(_far(level, side) for side in sides) and _far(level, usual) and not (edge and abs(level) < abs(usual)):
            found.append(Change(month=months[at], level=level, usual=usual))
        elif len(before) > 1 and after and all(_far(level, one) and _far(median(after), one) for one in before):
            found.append(Change(month=months[at], level=level, usual=median(before), lasts=True))
            since = at
    return found


def _far(level: float, usual: float) -> bool:
    if usual == 0:
        return False
    return not 1 / _JUMP <= level / usual <= _JUMP


def _sums(plan: Plan) -> list[str]:
    """Return the money columns whose sum over a month says something."""
    names = [c.name for c in plan.table.columns if c.kind is Kind.MONEY and c.name not in _NO_SUM]
    return [] if plan.table.name == "customers" else names


def _by_month(
    connection: duckdb.DuckDBPyConnection, relation: str, when: str, columns: Sequence[str], place: str
) -> dict[str, dict[str, dict[int, float]]]:
    """Return the sums by place, column and month; places with too few months to know what is usual are left out."""
    if not columns:
        return {}
    sums = ", ".join(f'sum("{column}")::DOUBLE' for column in columns)
    month = f'(year("{when}") * 12 + month("{when}") - 1)'
    rows = connection.execute(
        f"SELECT {place} AS place, {month} AS month, {sums} FROM {relation} GROUP BY 1, 2"
        f" QUALIFY count(*) OVER (PARTITION BY place) >= {_MONTHS_NEEDED}"
    ).fetchall()
    found: dict[str, dict[str, dict[int, float]]] = {}
    for name, at, *amounts in rows:
        for column, amount in zip(columns, amounts, strict=True):
            if amount is not None:
                found.setdefault(name, {}).setdefault(column, {})[at] = amount
    return found


def _said(found: Sequence[tuple[Change, str, str]]) -> list[Finding]:
    """Return the findings, the largest change first, and one that counts what is not shown."""
    ordered = sorted(found, key=lambda one: -one[0].size)
    said = []
    for change, column, place in ordered[:_SHOWN]:
        facts = {"month": _month(change.month), "level": f"{change.level:.0f}", "usual": f"{change.usual:.0f}"}
        facts |= {"target": column} if column else {}
        facts |= {"place": place} if place else {}
        kind = "shift" if change.lasts else "change"
        where = "_in" if place else "" if column else "_rows"
        said.append(Finding(id=f"finding.level_{kind}{where}", severity=Severity.FLAG, facts=facts))
    rest = sorted({change.month for change, _, _ in ordered[_SHOWN:]})
    if rest:
        facts = {"count": str(len(ordered) - _SHOWN), "months": ", ".join(map(_month, rest[:12]))}
        said.append(Finding(id="finding.level_changes_more", severity=Severity.FLAG, facts=facts))
    return said


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"
