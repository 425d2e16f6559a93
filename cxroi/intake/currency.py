"""One currency a table: what the cells, a heading, a column and the person say, and rates where they disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from cxroi.intake.casting import Cell, derived, layered
from cxroi.intake.conventions import Evidence
from cxroi.intake.exchange import Rates, rates_of
from cxroi.intake.recognise import Match, currency_in
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.source import SourceTable
from cxroi.tables import TABLES, Kind

if TYPE_CHECKING:
    from cxroi.intake.plan import Plan

_DAY = {"orders": "ordered_on", "contacts": "opened_on", "costs": "period", "monthly": "month"}


def with_one_currency(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    weighed: Mapping[int, Evidence],
    source: SourceTable,
    request: IntakeRequest,
) -> Plan:
    """Return the plan with its currency, with amounts converted where rates are known, or with the question of rates."""
    plan = replace(plan, findings=(*plan.findings, *_percents(plan, weighed, source)))
    money = {t: i for t, i in plan.match.mapping.items() if plan.table.column(t).kind is Kind.MONEY}
    by_heading = headed(plan.match, source)
    named = {mark for i in money.values() for mark in weighed[i].marks} | set(by_heading.values())
    named |= _in_column(connection, relation, plan)
    base = base_currency(plan.table.name, by_heading, source, request, frozenset(named))
    others = named - {base}
    if not others:
        return in_currency(plan, base)
    facts = {"currencies": ", ".join(sorted(named | {base} if base else named)), "base": base or "?"}
    known = rates_of(request, base)
    converting = {t: _row_currency(plan, f"c{i}", by_heading.get(t)) for t, i in money.items()}
    lacking = sorted(others) if base is None else _lacking(connection, relation, plan, converting, others, known)
    if lacking:
        facts["lacking"] = ", ".join(lacking)
        question = Finding(id="finding.currencies_mixed", severity=Severity.QUESTION, facts=facts)
        return replace(plan, findings=(*plan.findings, question))
    facts["rates"] = "; ".join(known.said(currency, str(base)) for currency in sorted(others))
    note = Finding(id="finding.converted", severity=Severity.NOTE, facts=facts)
    plan = replace(plan, findings=(*plan.findings, note))
    return in_currency(_converted(plan, converting, others, known), base)


def headed(found: Match, source: SourceTable) -> dict[str, str]:
    """Return the currency of each money column whose heading names one."""
    money = [(t, i) for t, i in found.mapping.items() if TABLES[found.table].column(t).kind is Kind.MONEY]
    return {target: code for target, i in money if (code := currency_in(source.headings[i]))}


def only_currency(found: Match, source: SourceTable, request: IntakeRequest) -> bool:
    """Return whether no heading names another currency than the one to count in."""
    by_heading = headed(found, source)
    return set(by_heading.values()) <= {base_currency(found.table, by_heading, source, request)}


def _percents(plan: Plan, weighed: Mapping[int, Evidence], source: SourceTable) -> list[Finding]:
    return [
        Finding(
            id="finding.percent",
            severity=Severity.FLAG,
            facts={"column": source.headings[i], "count": str(weighed[i].percents), "target": target},
        )
        for target, i in plan.match.mapping.items()
        if i in weighed and weighed[i].percents
    ]


def base_currency(
    table: str,
    by_heading: Mapping[str, str],
    source: SourceTable,
    request: IntakeRequest,
    named: frozenset[str] = frozenset(),
) -> str | None:
    """Return the currency to count in: the person's, else that of the company's other tables, else the file's only one.

    A ledger in one other currency keeps it, since the panel converts ledgers when it reads them.
    """
    named = named or frozenset(by_heading.values())
    if request.currency:
        return request.currency.upper()
    held = {currency for name, currency in request.held_currencies if name != table}
    if len(held) == 1 and named and (table != "costs" or len(named) > 1):
        return held.pop()
    if source.currency_hint and (not named or source.currency_hint in named):
        return source.currency_hint
    return next(iter(named)) if len(named) == 1 else None


def _in_column(connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan) -> set[str]:
    column = plan.match.mapping.get("currency")
    if column is None:
        return set()
    query = f"SELECT DISTINCT {_code(f'c{column}')} FROM {relation} WHERE NOT is_blank(c{column})"
    return {row[0] for row in connection.execute(query).fetchall() if row[0]}


def _code(text: str) -> str:
    return f"coalesce(currency_of({text}), upper(plain_text({text})))"


def _row_currency(plan: Plan, text: str, headed: str | None) -> str:
    """Return SQL for the currency of one amount: of its row's own column, else of the cell, else of the heading."""
    own = f"coalesce(currency_of({text}), '{headed}')" if headed else f"currency_of({text})"
    column = plan.match.mapping.get("currency")
    return own if column is None else f"CASE WHEN is_blank(c{column}) THEN {own} ELSE {_code(f'c{column}')} END"


def _lacking(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    converting: Mapping[str, str],
    others: set[str],
    known: Rates,
) -> list[str]:
    """Return the currencies without a rate, with the first month that lacks one where later months have it."""
    lacking = {currency for currency in others if currency not in known.currencies}
    early = [currency for currency in others - lacking if known.since(currency)]
    day = _day(plan)
    found = [*lacking]
    for currency in early if day else ():
        uses = " OR ".join(f"{sql} = '{currency}'" for sql in converting.values())
        row = connection.execute(f"SELECT min({day}) FROM {layered(plan.cells, relation)} WHERE {uses}").fetchone()
        if row and row[0] and f"{row[0]:%Y-%m}" < known.since(currency):
            found.append(f"{currency} ({row[0]:%Y-%m})")
    return sorted(found)


def _day(plan: Plan) -> str | None:
    name = _DAY.get(plan.table.name)
    return next((cell.value for cell in plan.cells if cell.target == name), None)


def _converted(plan: Plan, converting: Mapping[str, str], others: set[str], known: Rates) -> Plan:
    def convert(cell: Cell) -> Cell:
        if cell.target not in converting:
            return cell
        branches = " ".join(f"WHEN '{c}' THEN {known.sql(c, _day(plan))}" for c in sorted(others))
        rate = f"CASE {converting[cell.target]} {branches} ELSE 1 END"
        exact = f"TRY_CAST(CAST({cell.value} AS DECIMAL(20,3)) * CAST({rate} AS DECIMAL(18,8)) AS DECIMAL(18,3))"
        return cell.then(exact)

    return replace(plan, cells=tuple(convert(cell) for cell in plan.cells))


def in_currency(plan: Plan, base: str | None) -> Plan:
    """Return the plan with its currency, written into the table's own column where it has one."""
    plan = replace(plan, currency=base)
    if base is None or not any(column.name == "currency" for column in plan.table.columns):
        return plan
    cells = tuple(cell for cell in plan.cells if cell.target != "currency")
    literal = "'" + base.replace("'", "''") + "'"
    return replace(plan, cells=(*cells, derived("currency", literal)))
