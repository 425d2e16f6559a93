"""One file to canonical Parquet and an account of every row: the job of the limited child process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.columns.casting import Reading, cast
from cxroi.intake.columns.conventions import CALENDAR, NUMERIC
from cxroi.intake.columns.recognise import Match
from cxroi.intake.columns.shown import FIRST, columns_of
from cxroi.intake.layout.magnitude import factor
from cxroi.intake.presets.known import as_chosen_before, preset_for, said_of
from cxroi.intake.presets.preset import Preset
from cxroi.intake.progress import watch
from cxroi.intake.readers.sheets import NoTableError, about_sheets
from cxroi.intake.readers.source import read_source
from cxroi.intake.report import (
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Reject,
    Severity,
    SourceColumn,
)
from cxroi.intake.rows import flags, rows
from cxroi.intake.rows.arranged import arranged
from cxroi.intake.rows.cx_lines import with_cx_lines
from cxroi.intake.rows.no_money import actual_only, with_undone_said
from cxroi.intake.rows.relation import cells, connect, count, numbered, sample, stage, with_types
from cxroi.intake.rows.stack import stacked
from cxroi.intake.rows.strangers import with_strangers
from cxroi.intake.settle import ledger
from cxroi.intake.settle.choose import nearest
from cxroi.intake.settle.constants import chosen, with_constants, with_samples
from cxroi.intake.settle.control import MAIN_MONEY, held_against
from cxroi.intake.settle.currency_columns import GATHERED, beside, gathered
from cxroi.intake.settle.currency_words import counted_in
from cxroi.intake.settle.debit_credit import own_total
from cxroi.intake.settle.leaving import says_nobody
from cxroi.intake.settle.plain import plain_plan
from cxroi.intake.settle.plan import Plan
from cxroi.intake.settle.preset_amounts import put_together, scaled
from cxroi.intake.settle.preset_columns import with_preset
from cxroi.intake.settle.recall import recalled
from cxroi.intake.settle.scales import RATING
from cxroi.intake.settle.settled import settled_plan
from cxroi.intake.settle.side_by_side import side_by_side
from cxroi.intake.settle.status import of_those_loaded
from cxroi.intake.settle.written_sides import sides_beside, with_sides
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import exactly, quoted

_SAMPLE = 2_000  # cells a column that decide whether a file may take the fast way
_GLANCE = 40  # cells a column that decide which table it is


@dataclass(frozen=True, kw_only=True)
class ParseLimits:
    """What one load may use of the machine."""

    memory: str = "1536MB"
    threads: int = 2
    progress: Path | None = None  # a file that is told how far the work has come


def parse_file(
    path: Path, name: str, request: IntakeRequest, staging: Path, today: date, limits: ParseLimits
) -> list[IntakeReport]:
    """Parse every table of the file at `path` (called `name` by the person) into `staging` and return their accounts."""
    work = staging / "work"
    work.mkdir(mode=0o700, exist_ok=True)
    try:
        sources = read_source(path, name, request, work)
    except NoTableError as error:
        shut = [about_sheets("hidden", Severity.FLAG, error.hidden)] if error.hidden else []
        report = refused(name, None, error)
        return [replace(report, findings=tuple(shut), sheets=error.sheets, hidden_sheets=error.hidden)]
    except UploadError as error:
        return [refused(name, None, error)]
    # a total given for several sheets is held against all of them together
    each = request if len(sources) == 1 else replace(request, control_total=None)
    reports = [
        _parse_one(_Upload(path, name, each, today), source, staging, work / str(place), limits)
        for place, source in enumerate(sources)
    ]
    reports = reports if len(sources) == 1 else stacked(reports, request, staging)
    return with_cx_lines(with_strangers(reports, sources, request, staging), request, staging)


@dataclass(frozen=True)
class _Upload:
    """The file as it came, and what was asked of it."""

    path: Path
    name: str
    request: IntakeRequest
    today: date

    def read_carefully(self, work: Path) -> SourceTable:
        """Read a large text file once more, record by record, after a strict reader met one that breaks the rule."""
        again = work / "again"
        again.mkdir(mode=0o700)
        return read_source(self.path, self.name, self.request, again, careful=True)[0]


def refused(name: str, source: SourceTable | None, error: UploadError) -> IntakeReport:
    """Return the account of a file that was not taken at all."""
    return IntakeReport(
        file=name,
        sheet=source.sheet if source else None,
        table=None,
        outcome=LoadOutcome.REFUSED,
        message=error.id,
        facts={key: str(value)[:500] for key, value in error.facts.items()},
        findings=source.findings if source else (),
        sheets=source.sheets if source else (),
        hidden_sheets=source.hidden_sheets if source else (),
        header_row=source.header_row if source else None,
        constants=dict(source.constants) if source else {},
    )


def _parse_one(upload: _Upload, source: SourceTable, staging: Path, work: Path, limits: ParseLimits) -> IntakeReport:
    work.mkdir(mode=0o700)
    connection = connect(work, memory=limits.memory, threads=limits.threads)
    if limits.progress is not None:
        watch(connection, limits.progress)
    try:
        return _load(connection, upload, source, staging, work)
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except duckdb.IOException as error:
        raise OSError(str(error)) from error
    except duckdb.InvalidInputException:  # a record that the strict reader cannot take
        try:
            return _load(connection, upload, upload.read_carefully(work), staging, work)
        except UploadError as error:
            return refused(upload.name, source, error)
    except UploadError as error:
        return refused(upload.name, source, error)
    finally:
        connection.close()


def _load(
    connection: duckdb.DuckDBPyConnection, upload: _Upload, source: SourceTable, staging: Path, work: Path
) -> IntakeReport:
    source = with_types(connection, source)
    asked = as_chosen_before(source.headings, upload.request)
    preset = preset_for(source.headings, asked)
    source = actual_only(connection, arranged(connection, source, preset, work), work)
    request, findings = recalled(source.headings, asked)
    request = with_preset(source, replace(request, nobody_left=says_nobody(request)), preset)
    source, request = with_constants(replace(source, findings=(*source.findings, *findings)), request)
    report = _taken(connection, replace(upload, request=request), source, staging, work, preset)
    return replace(report, preset=said_of(preset, source.own_headings, asked))


def _taken(
    connection: duckdb.DuckDBPyConnection,
    upload: _Upload,
    source: SourceTable,
    staging: Path,
    work: Path,
    preset: Preset | None,
) -> IntakeReport:
    """Read the table that a source holds, or refuse it with what is there."""
    request = upload.request
    samples = sample(connection, source, _SAMPLE)
    glance, table = [column[:_GLANCE] for column in samples], None
    try:
        found, source = chosen(source, glance, request)
        source = replace(source, findings=(*source.findings, *side_by_side(found, source, glance, request)))
        samples, table = with_samples(samples, source), found.table
        source = with_undone_said(connection, source, found, samples)
        out = staging / f"{table}-{work.name}.parquet"
        load = _Load(connection, source, samples, found, upload, out, work, preset)
        return load.fast() or load.careful()
    except UploadError as error:
        there = nearest(source, glance, request)
        return replace(
            refused(upload.name, source, error),
            table=table,
            mapping=source.read_from(there.mapping),
            columns=columns_of(source.own_headings, samples, there),
        )


@dataclass(frozen=True)
class _Load:
    """One table on its way from cells to a report."""

    connection: duckdb.DuckDBPyConnection
    source: SourceTable
    samples: Sequence[Sequence[str]]
    found: Match
    upload: _Upload
    out: Path
    work: Path
    preset: Preset | None

    @property
    def request(self) -> IntakeRequest:
        """Return what the person asks."""
        return self.upload.request

    def fast(self) -> IntakeReport | None:
        """Read a clean file in one pass; None when a value anywhere needs the careful way.

        The pass casts every value as it stands. What does not cast is looked at again: only if no convention can read it
        either is it a reject; otherwise the column has another convention and the whole file goes the careful way.
        """
        if self.preset is not None and (self.preset.scales or self.preset.gather):
            return None
        plan = plain_plan(self.found, self.samples, self.source, self.request, self.upload.today)
        mixed = self.source.mixed_numbers and not self.source.types
        odd = beside(self.found, self.source) or sides_beside(self.found, self.source)
        if plan is None or self.source.faults or mixed or odd or self._reader_asks():
            return None
        loaded = rows.write_good(self.connection, cells(self.source), plan, self.out)
        total = self._records(loaded)
        csv = self.source.csv
        if (
            csv is not None and csv.tight and total < csv.lines
        ):  # line ends within cells: one may be at the edge of its cell
            return None
        if self._has_decimals(plan.unproven) or rows.duplicates(self.connection, plan, self.out):
            return None
        if loaded == total:
            return self._report(plan, cells(self.source), loaded=loaded, bad=0, ragged=self.source.rejected)
        if loaded < total / 2 or self.source.types:
            return None
        texts = ", ".join(f"c{i}" for i in range(len(self.source.headings)))
        query = f"CREATE OR REPLACE TEMP TABLE bad AS SELECT row, place, {texts} FROM {plan.over(numbered(self.source))} WHERE ({plan.sound()}) IS NOT TRUE"
        self.connection.execute(query)
        if count_of(self.connection, "bad") != total - loaded or self._readable_otherwise(plan):
            return None
        readings = {t: replace(r, style=_careful_style(plan, t)) for t, r in plan.readings.items()}
        plan = _recast(plan, readings, self.upload.today)
        bad = rows.find_problems(self.connection, "bad", plan)
        if bad != total - loaded:
            return None
        return self._report(plan, "bad", loaded=loaded, bad=bad, ragged=self.source.rejected)

    def careful(self) -> IntakeReport:
        """Stage the cells as text, settle every column from all its values, and sort the rows."""
        self.out.unlink(missing_ok=True)
        relation = stage(self.connection, self.source, self.work)
        if not count_of(self.connection, relation):
            raise UploadError("upload.header_only")
        relation, said = gathered(self.connection, relation, self.found, self.source)
        relation, sides = with_sides(self.connection, relation, self.found, self.source)
        plan = settled_plan(self.connection, relation, self.found, self.source, self.request, self.upload.today)
        plan = scaled(plan, self.source, self.preset)
        plan = replace(plan, findings=(*said, *sides, *plan.findings))
        ragged = self.source.rejected
        if plan.questions or self._reader_asks():
            report = self._report(plan, relation, loaded=0, bad=0, ragged=ragged, typed=False)
            return replace(report, outcome=LoadOutcome.REFUSED, message="upload.question", facts={})
        left_out = count_of(self.connection, f"{relation} WHERE {plan.left_out}") if plan.left_out else 0
        relation = f"(SELECT * FROM {relation} WHERE ({plan.left_out}) IS NOT TRUE)" if left_out else relation
        relation, plan = self._laid(relation, plan)
        if plan.table.name == "costs":
            plan = ledger.with_figures(self.connection, relation, plan, self.source, self.request)
        keyed = self.preset is None or not self.preset.gather
        bad = rows.find_problems(self.connection, relation, plan, self._faults(plan), keyed=keyed)
        rest = f"(SELECT s.* FROM {relation} AS s ANTI JOIN problems USING (place))" if bad else relation
        loaded = rows.write_good(self.connection, rest, plan, self.out, unless="true")
        plan = replace(plan, findings=(*plan.findings, *flags.rounded(self.connection, rest, plan)))
        plan, merged = put_together(self.connection, plan, self.preset, self.out)
        aside = left_out + merged
        return self._report(plan, relation, loaded=loaded - merged, bad=bad, ragged=ragged, left_out=aside)

    def _laid(self, relation: str, plan: Plan) -> tuple[str, Plan]:
        """Return the rows with their read values, kept: every question after this one would plan the reading and read anew."""
        unasked = ", ".join(plan.unasked())
        columns = f"* EXCLUDE ({unasked})" if unasked else "*"
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE laid AS SELECT {columns} FROM {plan.over(relation)}")
        return "laid", replace(plan, laid=True)

    def _records(self, loaded: int) -> int:
        """Return how many records the source has; where all its lines were loaded there is nothing to count."""
        csv = self.source.csv
        return loaded if csv is not None and loaded == csv.lines else count(self.connection, self.source)

    def _reader_asks(self) -> bool:
        """Tell whether the file could be read in more than one way, so that a person has to say which."""
        return any(finding.severity is Severity.QUESTION for finding in self.source.findings)

    def _faults(self, plan: Plan) -> list[tuple[int, str]]:
        """Return the cells that hold no value, as (row, problem), where they lie in columns that are loaded."""
        targets = {self.source.headings[i]: t for t, i in plan.match.mapping.items()}
        return [
            (fault.row, f"{targets[fault.column]}|{fault.reason}?{urlencode(fault.facts)}")
            for fault in self.source.faults
            if fault.column in targets
        ]

    def _has_decimals(self, names: Sequence[str]) -> bool:
        """Tell whether number columns whose first rows proved no decimal point have fractions further down."""
        if not names:
            return False
        parts = " + ".join(f'count(*) FILTER ("{name}" <> floor("{name}"))' for name in names)
        return count_of(self.connection, f"(SELECT 1 FROM {exactly(self.out)} HAVING {parts} > 0)") > 0

    def _readable_otherwise(self, plan: Plan) -> bool:
        """Tell whether any value that a plain cast declined is a number or a date in some other convention."""
        tests = []
        for cell in plan.cells:
            kind = plan.table.column(cell.target).kind
            if cell.target == RATING:  # what is no number may be an answer in words
                tests.append(f"(({' OR '.join(sql for _, sql in cell.problems)}) AND NOT is_blank({cell.text}))")
            elif kind in NUMERIC + CALENDAR:
                ways = (".", ",") if kind in NUMERIC else ("dmy", "mdy", "ymd")
                macro = "read_number" if kind in NUMERIC else "read_date"
                others = " OR ".join(f"{macro}({cell.text}, '{way}') IS NOT NULL" for way in ways)
                declined = " OR ".join(
                    f"({sql})" for reason, sql in cell.problems if reason.startswith("reject.unreadable")
                )
                tests.append(f"(({declined}) AND ({others}) AND NOT is_blank({cell.text}))")
        return bool(tests) and count_of(self.connection, f"{plan.over('bad')} WHERE {' OR '.join(tests)}") > 0

    def _report(
        self,
        plan: Plan,
        relation: str,
        *,
        loaded: int,
        bad: int,
        ragged: Sequence[Reject],
        typed: bool = True,
        left_out: int = 0,
    ) -> IntakeReport:
        skipped = len(self.source.skipped) + left_out
        rejected = bad + len(ragged)
        rejects: tuple[Reject, ...] = tuple(ragged)
        rejects_file = None
        if bad:
            rejects = (*rejects, *rows.rejects(self.connection, relation, plan, self.source))
            plan = replace(plan, findings=(*plan.findings, *flags.repeated_keys(self.connection, plan)))
        if rejected and typed:
            rejects_file = self.out.with_suffix(".rejects.csv")
            rows.write_rejects(self.connection, relation if bad else None, self.source, ragged, rejects_file)
        report = IntakeReport(
            file=self.upload.name,
            sheet=self.source.sheet,
            table=plan.table.name,
            outcome=LoadOutcome.LOADED_WITH_REJECTS if rejected else LoadOutcome.LOADED,
            message="upload.loaded_with_rejects" if rejected else "upload.loaded",
            rows_read=loaded + rejected + skipped if typed else 0,
            rows_loaded=loaded,
            rows_rejected=rejected if typed else 0,
            rows_skipped=skipped if typed else 0,
            rejects=tuple(sorted(rejects, key=lambda reject: reject.row)[: rows.SHOWN]) if typed else (),
            findings=(*self.source.findings, *plan.findings),
            mapping=self.source.read_from(plan.match.mapping),
            constants=dict(self.source.constants),
            columns=self._columns(plan, cells(self.source) if relation == "bad" else relation),
            sheets=self.source.sheets,
            hidden_sheets=self.source.hidden_sheets,
            header_row=self.source.header_row,
            currency=plan.currency or counted_in(self.source, self.request),
            rejects_file=rejects_file.name if rejects_file else None,
        )
        return self._judged(report, plan) if typed else report

    def _judged(self, report: IntakeReport, plan: Plan) -> IntakeReport:
        """Add sums and flags, and refuse what must not become current: too many rejects, or a total that is not met."""
        counts = {
            "loaded": str(report.rows_loaded),
            "rejected": str(report.rows_rejected),
            "read": str(report.rows_read),
        }
        report = replace(report, facts=counts)
        read = report.rows_loaded + report.rows_rejected
        if not report.rows_loaded:
            return replace(report, outcome=LoadOutcome.REFUSED, message="upload.nothing_left")
        sums = flags.totals(self.connection, plan, self.out)
        held = [Path(path) for table, path in self.request.beside if table == plan.table.name]
        found = flags.flags(self.connection, plan, self.out, self.source, held)
        settled = of_those_loaded(self.connection, quoted(self.out), report.findings)
        report = replace(report, totals=sums, findings=(*settled, *found), parquet=self.out.name)
        if report.rows_rejected > self.request.rejects_allowed_rate * read:
            rate = {"rate": f"{report.rows_rejected / read:.1%}", "allowed": f"{self.request.rejects_allowed_rate:.0%}"}
            return replace(
                report, outcome=LoadOutcome.REFUSED, message="upload.too_many_rejects", facts={**counts, **rate}
            )
        return self._reconciled(report, plan)

    def _reconciled(self, report: IntakeReport, plan: Plan) -> IntakeReport:
        """Hold the loaded sum against the control total that the person or the file's own total row gives."""
        main = MAIN_MONEY.get(plan.table.name)
        heading = report.mapping.get(main or "")
        one = not any(finding.id == GATHERED for finding in plan.findings)  # a total row has a sum for each currency
        own = own_total(plan.match, self.source) if one else None
        asked = self.request.control_total
        if main is None or main not in report.totals or (asked is None and own is None):
            return report
        loaded, binding = (
            Decimal(report.totals[main]),
            asked is not None or (plan.table.name == "costs" and not report.rows_rejected),
        )
        total = asked if asked is not None else f"{Decimal(own or 0) * factor(self.request):f}"
        explained = self.request.difference_explained
        try:
            note = held_against(total, loaded, heading or main, explained=explained, binding=binding)
        except UploadError as error:
            facts = {name: str(fact) for name, fact in error.facts.items()}
            return replace(report, outcome=LoadOutcome.REFUSED, message=error.id, facts=facts)
        return replace(report, findings=(*report.findings, note))

    def _columns(self, plan: Plan, relation: str) -> tuple[SourceColumn, ...]:
        """Return the columns with the very cells of the samples converted: what was loaded may begin with other rows."""
        after: dict[str, tuple[str, ...]] = {}
        if self.out.exists():
            texts = ", ".join(f"{cell.value}::VARCHAR" for cell in plan.cells)
            first = plan.over(f"(SELECT * FROM {relation} LIMIT {FIRST})")
            head = self.connection.execute(f"SELECT {texts} FROM {first}").fetchall()
            after = {cell.target: tuple(row[k] or "" for row in head) for k, cell in enumerate(plan.cells)}
        return columns_of(self.source.own_headings, self.samples, plan.match, readings=plan.readings, after=after)


def count_of(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return how many rows a relation has."""
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    assert row is not None
    return int(row[0])


def _careful_style(plan: Plan, target: str) -> str:
    kind = plan.table.column(target).kind
    return "." if kind in NUMERIC else "dmy" if kind in CALENDAR else "text"


def _recast(plan: Plan, readings: Mapping[str, Reading], today: date) -> Plan:
    mapping = plan.match.mapping
    again = tuple(cast(plan.table.column(t), i, readings[t], today=today) for t, i in mapping.items())
    return replace(plan, cells=again, readings=readings)
