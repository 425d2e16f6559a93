"""The plan for one file: which table, which column from which heading, and how each column's cells are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from cxroi.errors import UploadError
from cxroi.intake import ledger
from cxroi.intake.casting import Cell, Reading, cast, derived, layered
from cxroi.intake.conventions import CALENDAR, NUMERIC, Evidence, evidence_says, settle, weigh
from cxroi.intake.currency import in_currency, plainly_counted, with_one_currency
from cxroi.intake.debit_credit import netted, together
from cxroi.intake.hijri import hijri_days
from cxroi.intake.magnitude import factor, multiplied, question
from cxroi.intake.native import native_cell
from cxroi.intake.recognise import Match, index_of, match, recognise
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.scales import with_scales
from cxroi.intake.source import SourceTable
from cxroi.intake.status import with_joining, with_leavers
from cxroi.tables import TABLES, Column, Kind, Table

_DECIMALS = (".", ",")
_ORDERS = ("dmy", "mdy")
_PLAIN_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SURE = 0.6  # a table that fits less is asked about
_PART_OF_A_WORD = 0.58
_DIGIT = re.compile(r"\d")  # a cell without any is no number or date in any convention, or a month without a year
_PROVES_POINT = re.compile(r"-?(\d{4,}\.\d+|0\d*\.\d+|\d+\.(\d{1,2}|\d{4,}))")
_FAST = ("customers", "orders", "contacts", "initiatives")  # tables whose values need no second look


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A table with a cell for each column that the file has, the way each is read, and what a person should know."""

    table: Table
    match: Match
    cells: tuple[Cell, ...]
    readings: Mapping[str, Reading]
    findings: tuple[Finding, ...] = ()
    unproven: tuple[str, ...] = ()  # plain number columns that have shown no decimals yet
    currency: str | None = None

    @property
    def questions(self) -> tuple[Finding, ...]:
        """Return what must be answered before anything is loaded."""
        return tuple(f for f in self.findings if f.severity is Severity.QUESTION)

    def select(self) -> str:
        """Return the select list of the canonical table: every declared column that the file has, typed."""
        values = {cell.target: cell.value for cell in self.cells}
        return ", ".join(f'{values[c.name]} AS "{c.name}"' for c in self.table.columns if c.name in values)

    def sound(self) -> str:
        """Return SQL that is true for a row without any reason to reject it."""
        tests = [test for cell in self.cells for test in ([cell.sound] if cell.sound else _refuted(cell))]
        return " AND ".join(f"({test})" for test in dict.fromkeys(tests)) or "true"

    def over(self, relation: str) -> str:
        """Return `relation` with the columns that `select`, `sound` and the problems of the cells speak of."""
        return layered(self.cells, relation)


def _refuted(cell: Cell) -> list[str]:
    return [f"NOT ({sql})" for _, sql in cell.problems]


def choose(source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest) -> Match:
    """Return the table that the file holds, as the person says or as its headings tell.

    Raises UploadError when no table fits, when two fit alike, or when a required column is missing.
    """
    given = dict(request.mapping)
    listed = ", ".join(heading for heading in source.headings if heading)
    if request.table is not None:
        if request.table not in TABLES:
            raise UploadError("upload.unknown_table", table=request.table, tables=", ".join(TABLES))
        _ensure_headings_exist(given, source, TABLES[request.table])
        best = match(TABLES[request.table], source.headings, samples, given=given)
        if best.missing:
            raise UploadError("upload.missing_column", table=best.table, missing=", ".join(best.missing), found=listed)
        return best
    best, second = recognise(source.headings, samples, given=given)[:2]
    if best.missing or best.score < _SURE or _vague(best):
        if not best.missing:
            raise UploadError("upload.not_sure", found=listed, nearest=best.table)
        missing = ", ".join(best.missing)
        raise UploadError("upload.not_recognised", found=listed, nearest=best.table, missing=missing)
    if not second.missing and second.score >= 0.93 * best.score and second.score >= _SURE:
        raise UploadError("upload.which_table", first=best.table, second=second.table, found=listed)
    _ensure_headings_exist(given, source, TABLES[best.table])
    return best


def nearest(source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest) -> Match:
    """Return how the table asked for fits a file, or the one that fits best: what a refusal has to show."""
    given = {target: heading for target, heading in request.mapping if index_of(source.headings, heading) is not None}
    if request.table is not None and request.table in TABLES:
        return match(TABLES[request.table], source.headings, samples, given=given)
    return recognise(source.headings, samples, given=given)[0]


def _vague(found: Match) -> bool:
    """Tell whether a column that the table cannot do without was matched by part of a word only."""
    table = TABLES[found.table]
    groups = [[c.name] for c in table.columns if c.required and c.name in found.mapping] + [
        list(group) for group in table.one_of
    ]
    return any(max(found.confidence.get(name, 0.0) for name in group) < _PART_OF_A_WORD for group in groups)


def _ensure_headings_exist(given: Mapping[str, str], source: SourceTable, table: Table) -> None:
    for target, heading in given.items():
        if target not in {c.name for c in table.columns}:
            names = ", ".join(c.name for c in table.columns)
            raise UploadError("upload.no_such_column", table=table.name, column=target, columns=names)
        if heading and index_of(source.headings, heading) is None:
            raise UploadError("upload.no_such_heading", heading=heading, found=", ".join(source.headings))


def plain_plan(
    found: Match, samples: Sequence[Sequence[str]], source: SourceTable, request: IntakeRequest, today: date
) -> Plan | None:
    """Return the plan for a file that needs no cleaning as far as its first rows show, None when one of them does.

    What the first rows cannot show is checked over all values afterwards: a cell that does not cast as it is stops the
    plan, and `unproven` names the columns in which no cell has told a decimal point from a thousands mark.
    """
    table = TABLES[found.table]
    if found.table not in _FAST or (
        found.table == "customers" and ("joined_on" not in found.mapping or "status" in found.mapping)
    ):
        return None
    if (
        request.decimal == ","
        or factor(request) != 1
        or question(source.headings, request)
        or request.calendar == "hijri"
        or (found.table == "orders" and "amount" not in found.mapping)
    ):
        return None
    plainly, base = plainly_counted(found, source, request)
    if not plainly:
        return None
    if source.types:
        native = _native_plan(found, source, today)
        return native and in_currency(native, base)
    unproven = []
    for target, i in found.mapping.items():
        kind, filled = table.column(target).kind, [cell.strip() for cell in samples[i] if cell.strip()]
        shape = _PLAIN_DATE if kind in CALENDAR else _PLAIN_NUMBER if kind in NUMERIC else None
        if shape is not None and any(_DIGIT.search(cell) and not shape.fullmatch(cell) for cell in filled):
            return None
        if kind in NUMERIC and not any(_PROVES_POINT.fullmatch(cell) for cell in filled):
            unproven.append(target)
            if any("." in cell for cell in filled):
                return None
    text = "tight" if source.csv is not None and source.csv.tight else "text"
    readings = {t: Reading(style="plain" if _typed(table.column(t)) else text) for t in found.mapping}
    cells = tuple(cast(table.column(t), i, readings[t], today=today) for t, i in found.mapping.items())
    plan = Plan(table=table, match=found, cells=cells, readings=readings, unproven=tuple(unproven))
    return in_currency(plan, base)


def _native_plan(found: Match, source: SourceTable, today: date) -> Plan | None:
    """Return the plan for a typed file, None when a column is not typed as it has to be."""
    table = TABLES[found.table]
    cells = [native_cell(table.column(t), i, source.types[i], today=today) for t, i in found.mapping.items()]
    readings = {t: Reading(style="plain" if _typed(table.column(t)) else "text") for t in found.mapping}
    whole = tuple(cell for cell in cells if cell is not None)
    return Plan(table=table, match=found, cells=whole, readings=readings) if len(whole) == len(cells) else None


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
    if table.name == "costs":
        return ledger.with_figures(connection, relation, ledger.completed(plan, request, today), request)
    if table.name == "customers":
        if "status" in found.mapping:
            heading = source.headings[found.mapping["status"]]
            plan = with_leavers(connection, relation, plan, heading, request)
        return plan if "joined_on" in found.mapping else with_joining(plan, request)
    return plan


def _typed(column: Column) -> bool:
    return column.kind in NUMERIC + CALENDAR


def _readings(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    found: Match,
    source: SourceTable,
    request: IntakeRequest,
    weighed: Mapping[int, Evidence],
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
                    facts={"column": heading, "example": evidence.either_example or evidence.first_example},
                )
            )
        settled = settle(
            heading, evidence, ways=ways, asked=asked, neighbours=neighbours[ways], allowed=request.rejects_allowed_rate
        )
        decisive = bool(evidence.first_only or evidence.second_only or evidence.either or evidence.year_first)
        readings[target] = Reading(style=settled.reading, stored_numbers=i in source.mixed_numbers, decisive=decisive)
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
