"""The plan after weighing every value of the columns that hold numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from cxroi.intake.columns.casting import Reading, cast, derived
from cxroi.intake.columns.conventions import (
    CALENDAR,
    NUMERIC,
    Readings,
    evidence_says,
    settle,
    weigh,
)
from cxroi.intake.columns.hijri import hijri_days
from cxroi.intake.columns.recognise import Match
from cxroi.intake.layout.magnitude import question
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.settle import events, ledger
from cxroi.intake.settle.currency import with_one_currency
from cxroi.intake.settle.debit_credit import netted, together
from cxroi.intake.settle.leaving import with_leaving_known
from cxroi.intake.settle.plan import Plan
from cxroi.intake.settle.scales import RATING, with_estimates, with_ratings, with_scales
from cxroi.intake.settle.status import with_joining, with_leavers
from cxroi.intake.source_table import SourceTable
from cxroi.tables import TABLES, Kind

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan
from cxroi.intake.layout.magnitude import factor

_DECIMALS = (".", ",")


_ORDERS = ("dmy", "mdy")


def settled_plan(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    found: Match,
    source: SourceTable,
    request: IntakeRequest,
    today: date,
) -> Plan:
    """Return the plan after weighing all values of every number and date column in `relation`."""
    table = TABLES[found.table]
    kinds = {i: table.column(target).kind for target, i in found.mapping.items()}
    kinds |= {} if found.credit is None else {found.credit: Kind.MONEY}
    weighed = weigh(connection, relation, kinds, source.mixed_numbers)
    if found.credit is not None:
        debit = found.mapping["amount"]
        weighed[debit] = together(weighed[debit], weighed[found.credit])
    readings, findings = _readings(connection, relation, found, source, request, weighed)
    if not any(finding.id == "finding.header.magnitude" for finding in source.findings):
        findings += question(source.headings, request)
    cells = {t: cast(table.column(t), i, readings[t], today=today) for t, i in found.mapping.items()}
    if found.credit is not None:
        sides, style = (found.mapping["amount"], found.credit), readings["amount"].style
        cells["amount"], note = netted(connection, relation, cells["amount"], sides, style, source)
        findings.append(note)
    plan = Plan(table=table, match=found, cells=tuple(cells.values()), readings=readings, findings=tuple(findings))
    plan = multiplied(plan, request)
    plan = with_one_currency(connection, relation, plan, weighed, source, request)
    if plan.questions:
        return plan
    if table.name == "orders" and "amount" not in found.mapping:
        return _with_amounts(plan)
    if table.name == "surveys":
        heading = source.headings[found.mapping["score"]]
        return with_scales(connection, relation, plan, heading, request)
    if table.name == "contacts" and RATING in found.mapping:
        return with_ratings(connection, relation, plan, source.headings[found.mapping[RATING]], request)
    if table.name == "estimates":
        heading = source.headings[found.mapping["estimate"]]
        return with_estimates(connection, relation, plan, heading, request)
    if table.name == "costs":
        return ledger.completed(plan, source, request, today)
    if table.name == "events":
        return events.with_days(plan)
    if table.name == "customers":
        if "status" in found.mapping:
            heading = source.headings[found.mapping["status"]]
            plan = with_leavers(connection, relation, plan, heading, request)
        elif "left_on" not in found.mapping:
            plan = with_leaving_known(connection, relation, plan, source, request)
        return plan if "joined_on" in found.mapping else with_joining(plan, request)
    return plan


def _readings(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    found: Match,
    source: SourceTable,
    request: IntakeRequest,
    weighed: Mapping[int, Readings],
) -> tuple[dict[str, Reading], list[Finding]]:
    table = TABLES[found.table]
    numbers = [weighed[i] for t, i in found.mapping.items() if table.column(t).kind in NUMERIC]
    dates = [weighed[i] for t, i in found.mapping.items() if table.column(t).kind in CALENDAR]
    neighbours = {
        _DECIMALS: frozenset(filter(None, (evidence_says(e, _DECIMALS) for e in numbers))),
        _ORDERS: frozenset(filter(None, (evidence_says(e, _ORDERS) for e in dates))),
    }
    readings, findings = {}, []
    for target, i in found.mapping.items():
        kind = table.column(target).kind
        if kind not in NUMERIC + CALENDAR:
            readings[target] = Reading(style="text")
            continue
        ways, asked = (_DECIMALS, request.decimal) if kind in NUMERIC else (_ORDERS, request.date_order)
        evidence, heading = weighed[i], source.headings[i]
        if kind in CALENDAR and (request.calendar == "hijri" or evidence.hijri_named > evidence.filled / 2):
            hijri_days(connection, relation, f"c{i}", asked or "dmy")
            readings[target] = Reading(style="hijri")
            findings.append(Finding(id="finding.hijri", severity=Severity.NOTE, facts={"column": heading}))
            continue
        if kind in CALENDAR and evidence.hijri > evidence.filled / 2:
            findings.append(
                Finding(
                    id="finding.hijri_unclear",
                    severity=Severity.QUESTION,
                    facts={"column": heading, "example": evidence.hijri_example},
                )
            )
        settled = settle(
            heading, evidence, ways=ways, asked=asked, neighbours=neighbours[ways], allowed=request.rejects_allowed_rate
        )
        decisive = bool(evidence.first_only or evidence.second_only or evidence.either or evidence.year_first)
        readings[target] = Reading(
            style=settled.reading,
            stored_numbers=i in source.mixed_numbers,
            worded=evidence.worded,
            decisive=decisive,
        )
        findings += [settled.question] if settled.question else []
    return readings, findings


def _with_amounts(plan: Plan) -> Plan:
    """Compute the amount of each order line as quantity times unit price, where a file has these and no amount."""
    quantity, price = (next(c for c in plan.cells if c.target == name) for name in ("quantity", "unit_price"))
    product = f"TRY_CAST(round({quantity.value} * {price.value}::DOUBLE, 3) AS DECIMAL(18,3))"
    amount = derived("amount", product, text=price.text)
    amount = replace(amount, problems=(("reject.missing", f"{amount.value} IS NULL"),))
    note = Finding(id="finding.amount_computed", severity=Severity.FLAG, facts={})
    return replace(plan, cells=(*plan.cells, amount), findings=(*plan.findings, note))


def multiplied(plan: Plan, request: IntakeRequest) -> Plan:
    """Return the plan with every amount of money in whole units."""
    times = factor(request)
    money = {c.target for c in plan.cells if plan.table.column(c.target).kind is Kind.MONEY}
    if times == 1 or not money:
        return plan
    cells = tuple(
        cell.then(f"TRY_CAST(r_{cell.target}::DECIMAL(38,12) * {times} AS DECIMAL(18,3))")
        if cell.target in money
        else cell
        for cell in plan.cells
    )
    note = Finding(id="finding.header.multiplied", severity=Severity.FLAG, facts={"factor": f"{times:,f}"})
    return replace(plan, cells=cells, findings=(*plan.findings, note))
