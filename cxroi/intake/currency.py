"""One currency a table: what the cells, the heading, a column and the person say, and rates where they disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.casting import Cell, derived
from cxroi.intake.conventions import Evidence
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.source import SourceTable
from cxroi.tables import Kind

if TYPE_CHECKING:
    from cxroi.intake.plan import Plan


def with_one_currency(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    weighed: Mapping[int, Evidence],
    source: SourceTable,
    request: IntakeRequest,
) -> Plan:
    """Return the plan with its currency, with amounts converted where rates are given, or with the question of rates."""
    findings = list(plan.findings)
    money = [(t, i) for t, i in plan.match.mapping.items() if plan.table.column(t).kind is Kind.MONEY]
    for target, i in plan.match.mapping.items():
        if i in weighed and weighed[i].percents:
            facts = {"column": source.headings[i], "count": str(weighed[i].percents), "target": target}
            findings.append(Finding(id="finding.percent", severity=Severity.FLAG, facts=facts))
    named = _named(connection, relation, plan, request, {m for _, i in money for m in weighed[i].marks})
    said = request.currency or (source.currency_hint if not named or source.currency_hint in named else None)
    base = said.upper() if said else next(iter(named)) if len(named) == 1 else None
    others = named - {base}
    if not others:
        return _with_column(replace(plan, findings=tuple(findings), currency=base), base)
    given = rates(request)
    facts = {"currencies": ", ".join(sorted(named)), "base": base or "?"}
    if base is None or others - given.keys():
        findings.append(Finding(id="finding.currencies_mixed", severity=Severity.QUESTION, facts=facts))
        return replace(plan, findings=tuple(findings))
    applied = ", ".join(f"1 {c} = {given[c]} {base}" for c in sorted(others))
    findings.append(Finding(id="finding.converted", severity=Severity.NOTE, facts={**facts, "rates": applied}))
    plan = replace(plan, findings=tuple(findings), currency=base)
    return _with_column(_converted(plan, {t for t, _ in money}, {c: given[c] for c in others}), base)


def rates(request: IntakeRequest) -> dict[str, Decimal]:
    """Return the exchange rates of a request: what one unit of a currency is worth in the request's own."""
    found = {}
    for currency, rate in request.rates:
        try:
            value = Decimal(rate)
        except InvalidOperation as error:
            raise UploadError("upload.rate", currency=currency, rate=rate) from error
        if not value.is_finite() or value <= 0:
            raise UploadError("upload.rate", currency=currency, rate=rate)
        found[currency.upper()] = value
    return found


def _named(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, request: IntakeRequest, marks: set[str]
) -> set[str]:
    """Return the currencies that the cells name: in a column of their own, or beside the amounts."""
    column = plan.match.mapping.get("currency")
    if column is None:
        return marks
    query = f"SELECT DISTINCT {_code(f'c{column}')} FROM {relation} WHERE NOT is_blank(c{column})"
    return marks | {row[0] for row in connection.execute(query).fetchall() if row[0]}


def _code(text: str) -> str:
    return f"coalesce(currency_of({text}), upper(plain_text({text})))"


def _row_currency(plan: Plan, text: str) -> str:
    own = f"currency_of({text})"
    column = plan.match.mapping.get("currency")
    return own if column is None else f"CASE WHEN is_blank(c{column}) THEN {own} ELSE {_code(f'c{column}')} END"


def _converted(plan: Plan, money: set[str], given: Mapping[str, Decimal]) -> Plan:
    def convert(cell: Cell) -> Cell:
        if cell.target not in money:
            return cell
        branches = " ".join(f"WHEN '{c}' THEN {rate:f}::DECIMAL(18,8)" for c, rate in given.items())
        rate = f"CASE {_row_currency(plan, cell.text)} {branches} ELSE 1 END"
        exact = f"TRY_CAST(CAST({cell.value} AS DECIMAL(20,3)) * CAST({rate} AS DECIMAL(18,8)) AS DECIMAL(18,3))"
        return cell.then(exact)

    return replace(plan, cells=tuple(convert(cell) for cell in plan.cells))


def _with_column(plan: Plan, base: str | None) -> Plan:
    """Write the one currency into the table's own column, where it has one."""
    if base is None or not any(column.name == "currency" for column in plan.table.columns):
        return plan
    cells = tuple(cell for cell in plan.cells if cell.target != "currency")
    literal = "'" + base.replace("'", "''") + "'"
    return replace(plan, cells=(*cells, derived("currency", literal)))
