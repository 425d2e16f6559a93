"""Rows that are no money of the kind: budgets among what was spent, and orders that were called off or given back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from cxroi.intake.columns.recognise import Match
from cxroi.intake.presets.plain_sql import plain
from cxroi.intake.presets.preset import Rows, told
from cxroi.intake.report import Finding, Severity
from cxroi.intake.rows.arranged import left_out
from cxroi.intake.rows.relation import cells, sample, stage
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import quoted

_ACTUAL = frozenset(map(told, ("Actual", "Actuals", "Ist", "فعلي", "الفعلي", "فعلية")))
_PLANNED = (
    *("Budget", "Budgeted", "Forecast", "Plan", "Planned", "Target", "Estimate", "Prior Year", "Last Year", "Variance"),
    *(
        "Prognose",
        "Soll",
        "موازنة",
        "الموازنة",
        "ميزانية",
        "الميزانية",
        "مخطط",
        "المخطط",
        "تقديري",
        "متوقع",
        "المتوقع",
        "توقعات",
    ),
)
_SCENARIOS = _ACTUAL | frozenset(map(told, _PLANNED))
_SAMPLE = 2_000

_ABOUT_STATE = re.compile(r"\b(?:status|state|stage|type|kind|outcome)\b|(?:ال)?حاله|(?:ال)?نوع")
_UNDONE = frozenset(
    map(
        told,
        (
            *("Cancelled", "Canceled", "Cancellation", "Void", "Voided", "Failed", "Declined", "Rejected", "Reversed"),
            *("Refund", "Refunded", "Return", "Returned", "Credit Note", "Credit Memo", "Chargeback", "Draft"),
            *(
                "ملغى",
                "ملغي",
                "ملغاة",
                "ملغية",
                "تم الإلغاء",
                "إلغاء",
                "باطل",
                "فاشل",
                "فاشلة",
                "مرفوض",
                "مرفوضة",
                "مسودة",
            ),
            *("مسترد", "مستردة", "استرداد", "مسترجع", "مسترجعة", "مرتجع", "مرتجعة", "إرجاع", "إشعار دائن"),
        ),
    )
)
_ABOVE_ZERO = r"^[^-−(]*[1-9١-٩۱-۹][^-−)]*$"


def actual_only(connection: duckdb.DuckDBPyConnection, source: SourceTable, work: Path) -> SourceTable:
    """Return the source without its budgets and forecasts where a column tells them from what was spent.

    Such a column holds nothing but words of this kind, "Actual" among them: added up, each month would count twice.
    """
    for place, column in enumerate(sample(connection, source, _SAMPLE)):
        here = {told(cell) for cell in set(column) if cell.strip()}
        if not here or not here <= _SCENARIOS or (source.types and source.types[place] != "VARCHAR"):
            continue
        rows = connection.execute(f"SELECT DISTINCT {plain(place)} FROM {cells(source)} LIMIT 50").fetchall()
        words = {row[0] for row in rows}
        if words & _ACTUAL and words & _SCENARIOS - _ACTUAL:
            relation = stage(connection, source, work)
            rule = Rows(column=(source.headings[place],), but=_PLANNED)
            return left_out(connection, source, relation, rule, place, work / "actual.parquet")[0]
    return source


def with_undone_said(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, found: Match, samples: Sequence[Sequence[str]]
) -> SourceTable:
    """Return the source with word of the orders whose status or kind says that they brought no money, and whose amount and refund do not."""
    amount, refund = found.mapping.get("amount"), found.mapping.get("refund")
    if found.table != "orders" or amount is None:
        return source
    words = ", ".join(map(quoted, sorted(_UNDONE)))
    kept = (
        "" if refund is None else f" AND NOT coalesce(regexp_matches(trim(c{refund}::VARCHAR), '{_ABOVE_ZERO}'), false)"
    )
    for place, heading in enumerate(source.own_headings):
        if not _ABOUT_STATE.search(told(heading)) or not any(told(cell) in _UNDONE for cell in set(samples[place])):
            continue
        rows = connection.execute(
            f"SELECT trim(c{place}), count(*) FROM {cells(source)} WHERE {plain(place)} IN ({words})"
            f" AND regexp_matches(trim(c{amount}::VARCHAR), '{_ABOVE_ZERO}'){kept} GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        if rows:
            values = ", ".join(f"{value[:30]} ({count})" for value, count in rows[:6])
            facts = {"column": heading[:60], "count": str(sum(count for _, count in rows)), "values": values}
            flag = Finding(id="finding.orders_undone", severity=Severity.FLAG, facts=facts)
            source = replace(source, findings=(*source.findings, flag))
    return source
