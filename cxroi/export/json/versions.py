"""Versions and their tables as JSON objects."""

from __future__ import annotations

from dataclasses import asdict

from cxroi.errors import CxroiError
from cxroi.export.json.values import Json
from cxroi.questions.versions import VersionFigures
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import TableDifference


def version_json(version: Version, is_current: bool) -> Json:
    """Return a version with its tables."""
    return {
        "id": version.id,
        "number": version.number,
        "created_at": version.created_at.isoformat(),
        "who": version.who or None,
        "current": is_current,
        "illustrative": version.illustrative,
        "tables": table_facts(version),
    }


def table_facts(version: Version) -> list[Json]:
    """Return the tables of a version as the documented JSON objects."""
    return [
        {
            "table": name,
            "rows": table.rows,
            "totals": dict(table.sums),
            "sources": [str(source.get("file", "")) for source in table.sources],
        }
        for name, table in sorted(version.tables.items())
    ]


def difference_json(one: TableDifference) -> Json:
    """Return how a table differs between two versions."""
    return {
        "table": one.table,
        "rows_before": one.rows_before,
        "rows_after": one.rows_after,
        "totals_before": dict(one.sums_before),
        "totals_after": dict(one.sums_after),
        "same": one.same_bytes,
    }


def figures_json(one: VersionFigures | CxroiError) -> Json | None:
    """Return the figures of a version, money as decimal text; null where it has none."""
    if isinstance(one, CxroiError):
        return None
    facts = asdict(one)
    money = ("revenue_per_customer_month", "margin_per_customer_month", "cx_spend_per_month", "cx_spend")
    return {name: f"{value:.2f}" if name in money else value for name, value in facts.items()}
