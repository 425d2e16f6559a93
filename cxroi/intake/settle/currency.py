"""One currency a table: what the cells, a heading, a column and the person say, and rates where they disagree.

What an unclear word ($, ريال, دينار) means is settled by the rule in `cxroi.money.currencies`, or asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from cxroi.intake.columns.casting import Cell, derived, layered
from cxroi.intake.columns.conventions import Readings
from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.settle.currency_words import Said, base_currency, cleared, headed, money_columns, said_by, stated
from cxroi.intake.settle.exchange import rates_of
from cxroi.intake.source_table import SourceTable
from cxroi.money.currencies import Word
from cxroi.money.exchange import RateTable
from cxroi.sql_text import quoted
from cxroi.tables import Kind

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

DAY = {"orders": "ordered_on", "contacts": "opened_on", "costs": "period", "monthly": "month"}


def with_one_currency(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    weighed: Mapping[int, Readings],
    source: SourceTable,
    request: IntakeRequest,
) -> Plan:
    """Return the plan with its currency, with amounts converted where rates are known, or with the question that is open."""
    odd = (*_percents(plan, weighed, source), *_no_money(plan, weighed, source))
    plan = replace(plan, findings=(*plan.findings, *odd))
    said, findings = cleared(said_by(connection, relation, plan, weighed, source), plan, source, request)
    plan = replace(plan, findings=(*plan.findings, *findings))
    if any(finding.severity is Severity.QUESTION for finding in findings):
        return plan
    named = frozenset(str(word.code) for _, word in said.words())
    base = base_currency(plan.table.name, named, source, request)
    plan = _told_apart(plan, said)
    others = named - {base}
    if not others:
        return in_currency(replace(plan, findings=(*plan.findings, *_unnamed(said, source, request, plan))), base)
    facts = {"currencies": ", ".join(sorted(named | {base} if base else named)), "base": base or ""}
    known = rates_of(request, base)
    converting = {target: _row_currency(plan, target, said) for target in money_columns(plan.match)}
    lacking = sorted(others) if base is None else _lacking(connection, relation, plan, converting, others, known)
    if lacking:
        facts["lacking"] = ", ".join(lacking)
        question = Finding(id="finding.currencies_mixed", severity=Severity.QUESTION, facts=facts)
        return replace(plan, findings=(*plan.findings, question))
    facts["rates"] = "; ".join(known.said(currency, str(base)) for currency in sorted(others))
    note = Finding(id="finding.converted", severity=Severity.NOTE, facts=facts)
    plan = replace(plan, findings=(*plan.findings, note))
    return in_currency(_converted(plan, converting, others, known), base)


def plainly_counted(found: Match, source: SourceTable, request: IntakeRequest) -> tuple[bool, str | None]:
    """Return whether a file of bare numbers leaves nothing to ask about currencies, and the one that it is counted in."""
    words = headed(found, source).values()
    named = frozenset(str(word.code) for word in words)
    base = base_currency(found.table, named, source, request)
    return "currency" not in found.mapping and all(word.code for word in words) and named <= {base}, base


def _percents(plan: Plan, weighed: Mapping[int, Readings], source: SourceTable) -> list[Finding]:
    return [
        Finding(
            id="finding.percent",
            severity=Severity.FLAG,
            facts={"column": source.headings[i], "count": str(weighed[i].percents), "target": target},
        )
        for target, i in plan.match.mapping.items()
        if i in weighed and weighed[i].percents
    ]


def _no_money(plan: Plan, weighed: Mapping[int, Readings], source: SourceTable) -> list[Finding]:
    """Return a flag for each column of numbers that are no money here but name a currency: it may be mapped wrongly."""
    found = []
    for target, i in plan.match.mapping.items():
        words = [word for word in weighed[i].marks if word] if i in weighed else []
        if words and plan.table.column(target).kind is not Kind.MONEY:
            facts = {"column": source.headings[i][:60], "words": ", ".join(words[:3])[:60], "target": target}
            found.append(Finding(id="finding.currency_beside_count", severity=Severity.FLAG, facts=facts))
    return found


def _unnamed(said: Said, source: SourceTable, request: IntakeRequest, plan: Plan) -> list[Finding]:
    """Return a note where some amounts name a currency and others none, and nothing but the former tells what it is."""
    if request.currency or said.column:
        return []
    return [
        Finding(
            id="finding.currency_of_some",
            severity=Severity.NOTE,
            facts={
                "column": source.headings[plan.match.mapping[target]][:60],
                "currency": str(next(iter(said.cells[target].values())).code),
            },
        )
        for target in said.bare
        if said.cells[target] and target not in said.headings
    ]


def _cases(text: str, words: Mapping[str, Word], otherwise: str) -> str:
    branches = " ".join(f"WHEN {quoted(mark)} THEN '{word.code}'" for mark, word in words.items())
    return f"CASE {text} {branches} ELSE {otherwise} END" if branches else otherwise


def _own(plan: Plan, target: str, said: Said, otherwise: str = "NULL") -> str:
    """Return SQL for the currency that the cell of an amount names."""
    word = f"currency_words(plain_text(c{plan.match.mapping[target]}))"
    if target == "amount" and plan.match.credit is not None:
        word = f"coalesce(nullif({word}, ''), currency_words(plain_text(c{plan.match.credit})))"
    return _cases(word, said.cells[target], otherwise)


def _row_currency(plan: Plan, target: str, said: Said) -> str:
    """Return SQL for the currency of one amount: of its row's own column, else of the cell, else of the heading."""
    heading = said.headings.get(target)
    own = _own(plan, target, said, f"'{heading.code}'" if heading else "NULL")
    column = plan.match.mapping.get("currency")
    return own if column is None else _cases(stated(column), said.column, own)


def _told_apart(plan: Plan, said: Said) -> Plan:
    """Return the plan with a reason to put a row aside whose amount names another currency than its column of currencies."""
    column = plan.match.mapping.get("currency")
    if column is None:
        return plan
    own = _cases(stated(column), said.column, "NULL")

    def doubted(cell: Cell) -> Cell:
        if not said.cells.get(cell.target):
            return cell
        differ = f"coalesce({_own(plan, cell.target, said)} <> {own}, false)"
        return replace(cell, problems=(*cell.problems, ("reject.two_currencies", differ)))

    return replace(plan, cells=tuple(map(doubted, plan.cells)))


def _lacking(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    converting: Mapping[str, str],
    others: frozenset[str],
    known: RateTable,
) -> list[str]:
    """Return the currencies without a rate, with the first month that lacks one where later months have it."""
    found = [currency for currency in others if currency not in known]
    early = [currency for currency in others if currency in known and known.since(currency)]
    day = _day(plan)
    for currency in early if day else ():
        uses = " OR ".join(f"{sql} = '{currency}'" for sql in converting.values())
        row = connection.execute(f"SELECT min({day}) FROM {layered(plan.cells, relation)} WHERE {uses}").fetchone()
        if row and row[0] and f"{row[0]:%Y-%m}" < known.since(currency):
            found.append(f"{currency} ({row[0]:%Y-%m})")
    return sorted(found)


def _day(plan: Plan) -> str | None:
    name = DAY.get(plan.table.name)
    return next((cell.value for cell in plan.cells if cell.target == name), None)


def _converted(plan: Plan, converting: Mapping[str, str], others: frozenset[str], known: RateTable) -> Plan:
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
    return replace(plan, cells=(*cells, derived("currency", quoted(base))))
