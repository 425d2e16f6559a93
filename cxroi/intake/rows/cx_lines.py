"""Which lines of a ledger count as customer experience: told by name, or asked about before the ledger counts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from cxroi.at_hand import sql_at_hand
from cxroi.intake.report import Finding, IntakeReport, IntakeRequest, LedgerName, LoadOutcome, Severity, of_column
from cxroi.intake.rows.relation import PARQUET
from cxroi.intake.settle.currency import DAY
from cxroi.intake.settle.ledger import headings_key, recounted
from cxroi.sql_text import exactly, quoted
from cxroi.tables import EVERY_LINE, EXACTLY, LEDGER_NAMES, LedgerRule

_MOST_NAMES = (
    200  # that one can be asked about one by one; where there are more, the lines are told apart by something else
)


def with_cx_lines(reports: Sequence[IntakeReport], request: IntakeRequest, staging: Path) -> list[IntakeReport]:
    """Return the reports with what counts as customer experience in each ledger; one of which nothing tells is refused and asked about.

    What `request.other_lines` says of the open lines is written into them, and told as rules that say it of the next ledger too.
    """
    found = [_counted(_dated(report, staging), request, staging) for report in reports]
    return [replace(one, parquet=None) if any(map(_asks, found)) and one.table == "costs" else one for one in found]


def ledger_facts(names: Sequence[LedgerName]) -> dict[str, str]:
    """Return how many lines, names and how much money count as customer experience, and of how many, by the surest column."""
    of = of_column(names, names[0].column) if names else ()
    cx = [one for one in of if one.cx_lines]
    return {
        "column": names[0].column if names else "",
        "lines": str(sum(one.lines for one in of)),
        "amount": str(sum((Decimal(one.amount) for one in of), Decimal(0))),
        "cx_lines": str(sum(one.cx_lines for one in of)),
        "cx_amount": str(sum((Decimal(one.cx_amount) for one in of), Decimal(0))),
        "open_lines": str(sum(one.open_lines for one in of)),
        "names": str(len(of)),
        "cx_names": str(len(cx)),
        "open_names": str(sum(one.open_lines > 0 for one in of)),
    }


def names_in(parquet: Sequence[Path]) -> tuple[LedgerName, ...]:
    """Return the names of the lines of a ledger, by each column that tells them apart; where none does all have the name "" in `period`."""
    listed = ", ".join(exactly(path) for path in parquet)
    with sql_at_hand() as connection:
        relation, held = _with_is_cx(connection, f"read_parquet([{listed}], union_by_name = true)")
        found = [_by(connection, relation, f'"{column}"', column) for column in LEDGER_NAMES if column in held]
        usable = [names for names in found if len(names) <= _MOST_NAMES and any(one.name for one in names)]
        usable = [names for names in usable if names[0].column != "category" or len(names) > 1]  # "other" tells nothing
        return tuple(one for names in usable for one in names) or tuple(_by(connection, relation, "NULL", "period"))


def _by(connection: duckdb.DuckDBPyConnection, relation: str, value: str, column: str) -> list[LedgerName]:
    rows = connection.execute(
        f"""SELECT coalesce(trim({value}::VARCHAR), '') AS name, count(*), coalesce(sum(amount), 0)::DECIMAL(38,3)::VARCHAR,
            count(*) FILTER (is_cx), coalesce(sum(amount) FILTER (is_cx), 0)::DECIMAL(38,3)::VARCHAR, count(*) FILTER (is_cx IS NULL)
        FROM {relation} GROUP BY 1 ORDER BY sum(amount) DESC NULLS LAST, 1 LIMIT {_MOST_NAMES + 1}"""
    ).fetchall()
    return [
        LedgerName(
            column=column,
            name=name,
            lines=lines,
            amount=amount,
            cx_lines=cx_lines,
            cx_amount=cx_amount,
            open_lines=open_lines,
            word=looks_like_cx(name),
        )
        for name, lines, amount, cx_lines, cx_amount, open_lines in rows
    ]


def looks_like_cx(name: str) -> str:
    """Return the part of a name that looks like customer experience, "" where none does.

    >>> looks_like_cx("6410 Customer Support Expense"), looks_like_cx("CX tools"), looks_like_cx("Rent"), looks_like_cx("مركز الاتصال")
    ('customer support', 'cx', '', 'مركز الاتصال')
    """
    words = name.casefold()
    part, whole = _words()
    found = next((one for one in part if one in words), "")
    return found or next((one for one in whole if re.search(rf"\b{one}\b", words)), "")


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    listed = tomllib.loads(files("cxroi.intake.rows").joinpath("cx_words.toml").read_text(encoding="utf-8"))
    return tuple(sorted(listed["part"], key=len, reverse=True)), tuple(listed["whole"])


def _dated(report: IntakeReport, staging: Path) -> IntakeReport:
    """Return the report with the first and the last day of its rows."""
    column = DAY.get(report.table or "")
    if column is None or report.outcome is LoadOutcome.REFUSED or not report.parquet:
        return report
    with sql_at_hand() as connection:
        rows = exactly(staging / report.parquet)
        query = f"SELECT min({column})::DATE::VARCHAR, max({column})::DATE::VARCHAR FROM {rows}"
        first, last = connection.execute(query).fetchone() or (None, None)
    return replace(report, first_day=first or "", last_day=last or "")


def _asks(report: IntakeReport) -> bool:
    return report.message == "upload.cx_lines"


def _counted(report: IntakeReport, request: IntakeRequest, staging: Path) -> IntakeReport:
    if report.table != "costs" or report.outcome is LoadOutcome.REFUSED or not report.parquet:
        return report
    parquet = staging / report.parquet
    names = names_in([parquet])
    report = replace(report, ledger_names=names)
    if any(one.open_lines for one in names):
        if request.other_lines is None:
            return _asked(report)
        _say(parquet, request.other_lines == "cx")
        report = replace(report, rules_said=_as_rules(report, request.other_lines), ledger_names=names_in([parquet]))
    elif request.ledger_rules and all(says != "cx" for _, _, says in request.ledger_rules):
        report = replace(
            report, rules_said=(_every(report, "cx"),)
        )  # what those rules leave is, in the next such file too
    found = counted_finding(report.ledger_names, report.currency or "")
    return replace(report, findings=(*report.findings, found))


def counted_finding(names: Sequence[LedgerName], currency: str) -> Finding:
    """Return how much of a ledger counts as customer experience."""
    facts = {**ledger_facts(names), "currency": currency}
    none = facts["cx_lines"] == "0"
    return Finding(
        id="finding.no_cx_lines" if none else "finding.cx_counted",
        severity=Severity.FLAG if none else Severity.NOTE,
        facts=facts,
    )


def _asked(report: IntakeReport) -> IntakeReport:
    facts = {**ledger_facts(report.ledger_names), "currency": report.currency or ""}
    opened = [one for one in of_column(report.ledger_names, facts["column"]) if one.open_lines]
    facts["first"] = opened[0].name if opened else ""
    asked = Finding(id="finding.cx_lines", severity=Severity.QUESTION, facts=facts)
    return replace(
        report,
        outcome=LoadOutcome.REFUSED,
        message="upload.cx_lines",
        facts=facts,
        findings=(*report.findings, asked),
        parquet=None,
    )


def count_anew(path: Path, out: Path, rules: Sequence[LedgerRule], headings: str, *, own: bool) -> int:
    """Write a file of a loaded ledger with its lines counted by other rules and return how many count otherwise than before.

    A line of an early ledger that nothing was said of counts as customer experience.
    """
    with sql_at_hand() as connection:
        relation, columns = _with_is_cx(connection, exactly(path))
        query = recounted(relation, columns, rules, headings, own=own)
        connection.execute(f"COPY ({query}) TO {quoted(out)} ({PARQUET})")
        before, after = (
            f"(SELECT coalesce(is_cx, true) AS {name}, row_number() OVER () AS n FROM {rows})"
            for name, rows in (("before", relation), ("after", exactly(out)))
        )
        row = connection.execute(
            f"SELECT count(*) FROM {before} JOIN {after} USING (n) WHERE before <> after"
        ).fetchone()
    return int(row[0]) if row else 0


def _with_is_cx(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, list[str]]:
    """Return a ledger with its column of what counts, which an early one may lack, and its columns."""
    columns = [row[0] for row in connection.execute(f"DESCRIBE FROM {relation}").fetchall()]
    if "is_cx" in columns:
        return relation, columns
    return f"(SELECT *, NULL::BOOLEAN AS is_cx FROM {relation})", [*columns, "is_cx"]


def _say(parquet: Path, is_cx: bool) -> None:
    """Write into the open lines what a person says of them."""
    whole = parquet.with_suffix(".said")
    said = f"SELECT * REPLACE (coalesce(is_cx, {str(is_cx).lower()}) AS is_cx) FROM {exactly(parquet)}"
    with sql_at_hand() as connection:
        connection.execute(f"COPY ({said}) TO {quoted(whole)} ({PARQUET})")
    whole.replace(parquet)


def _as_rules(report: IntakeReport, says: str) -> tuple[LedgerRule, ...]:
    """Return what was said of the open lines, by their names; where these do not tell them apart, of every line under these headings."""
    column = report.ledger_names[0].column
    opened = [one for one in of_column(report.ledger_names, column) if one.open_lines]
    if column not in LEDGER_NAMES:
        return (_every(report, says),)
    return tuple((column, f"{EXACTLY}{one.name}", says) for one in opened)


def _every(report: IntakeReport, says: str) -> LedgerRule:
    return EVERY_LINE, headings_key([column.heading for column in report.columns]), says
