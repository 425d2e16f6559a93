"""Read text files too large to hold as a grid: hand them on untouched where they are regular, else in one slow pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.layout.body import read_body
from cxroi.intake.layout.figures import adds_up, decimal_mark, number_of
from cxroi.intake.layout.grid import is_blank
from cxroi.intake.layout.header import Header, check_headings, plainly
from cxroi.intake.layout.skipped import about_skipped, only_zeros
from cxroi.intake.layout.titles import month_said
from cxroi.intake.layout.totals import TOLERANCE, disagreement
from cxroi.intake.layout.unpivot import find_layout
from cxroi.intake.layout.years import with_years
from cxroi.intake.presets.known import header_of
from cxroi.intake.readers.container import Limits
from cxroi.intake.readers.delimited import Dialect, Preflight, head_and_tail, is_total_record, records, unguarded
from cxroi.intake.readers.grid_table import context_of, currency_in, titles_of
from cxroi.intake.report import Finding, IntakeRequest, Reject, Severity

BATCH = 50_000


@dataclass(frozen=True, kw_only=True)
class Large:
    """What came of a large file: its header, and a text copy where it could not be handed on as it is."""

    header: Header
    text: Path | None = None
    skipped: tuple[tuple[int, str], ...] = ()
    rejected: tuple[Reject, ...] = ()
    findings: tuple[Finding, ...] = ()
    control: dict[str, str] = field(default_factory=dict)


def read_large(
    path: Path,
    dialect: Dialect,
    flight: Preflight,
    request: IntakeRequest,
    work: Path,
    limits: Limits,
    *,
    careful: bool,
    slowly: bool = True,
) -> Large | None:
    """Return the table in the large UTF-8 file at `path`; `careful` takes the slow pass without trying the fast one.

    None where the file is not regular and is not to be read slowly either, because a grid can still hold it.
    """
    head, tail = head_and_tail(path, dialect, limits)
    header = header_of(head, request)
    regular = header is not None and not careful and _is_regular(flight, dialect, header, tail)
    if not regular and not slowly:
        return None
    if header is None:
        raise UploadError("reader.no_header")
    check_headings(header, limits.columns)
    return Large(header=header) if regular else _slow_pass(path, dialect, header, work, limits)


def needs_grid(path: Path, dialect: Dialect, request: IntakeRequest, limits: Limits) -> bool:
    """Return whether the first rows hold what only the grid can read: periods side by side, what stands above rows and belongs to each of
    them, such as the account of a ledger, a month or a currency in the titles, and months whose year is told elsewhere.
    """
    head, _ = head_and_tail(path, dialect, limits)
    header = header_of(head, request)
    if header is None:
        return False
    titles = titles_of(head, header)
    if find_layout(header.headings, "", "2000-12-31") or month_said(titles) or currency_in(titles):
        return True
    body = read_body(head, header)
    _, completed = with_years(body.headings, body.rows, context_of(head, header))
    return len(body.headings) > len(header.headings) or bool(completed)


def _is_regular(flight: Preflight, dialect: Dialect, header: Header, tail: Iterable[list[str]]) -> bool:
    """Return whether nothing in the bytes speaks against reading the file as it is.

    Without quotes the number of separators tells whether any record is short or long, unless two make up for each
    other; a strict reader finds those.
    """
    width = len(header.headings)
    if header.first or header.last or dialect.preamble or header.columns != tuple(range(width)):
        return False
    if (
        flight.quotes % 2
        or flight.zeros
        or flight.blanks
        or flight.total_words
        or any(len(record) != width or any(unguarded(cell) != cell for cell in record) for record in tail)
    ):
        return False
    return bool(flight.quotes) or flight.delimiters == flight.lines * (width - 1)


def _slow_pass(path: Path, dialect: Dialect, header: Header, work: Path, limits: Limits) -> Large:
    import pyarrow as pa  # half a second that a regular file does not need
    import pyarrow.parquet as pq

    out = work / "source.parquet"
    width = header.columns[-1] + 1
    schema = pa.schema([("row", pa.int64()), *((f"c{j}", pa.string()) for j in range(len(header.columns)))])
    head = tuple(plainly(name) for name in header.headings)
    skipped: list[tuple[int, str]] = []
    rejected: list[Reject] = []
    numbers: list[int] = []
    rows: list[list[str]] = []
    closing: tuple[int, list[str]] | None = None
    last = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:

        def flush() -> None:
            cells = [pa.array([row[j] or None for row in rows], pa.string()) for j in header.columns]
            writer.write_table(pa.table([pa.array(numbers, pa.int64()), *cells], schema=schema))
            numbers.clear()
            rows.clear()

        for number, record in records(path, dialect, limits):
            if number <= header.last + 1:
                continue
            if is_blank(record):
                skipped.append((number, "blank"))
            elif only_zeros(record):
                skipped.append((number, "zeros"))
            elif is_total_record(record):
                skipped.append((number, "total"))
                closing = number, record
            elif tuple(plainly(cell) for cell in record) == head:
                skipped.append((number, "repeated_heading"))
            elif reject := _broken(number, record, width):
                rejected.append(reject)
            else:
                last = number
                numbers.append(number)
                rows.append(record)
                closing = None
                if len(rows) >= BATCH:
                    flush()
        flush()
    words = _spare_notes(skipped, rejected, last)
    control, findings = _closing_total(out, header, closing)
    totals = sum(why == "total" for _, why in skipped)
    if totals:
        facts = {"count": str(totals)}
        findings = [Finding(id="finding.total.skipped", severity=Severity.NOTE, facts=facts), *findings]
    return Large(
        header=header,
        text=out,
        skipped=tuple(sorted(skipped)),
        rejected=tuple(rejected),
        findings=(*findings, *about_skipped(sorted(skipped), words)),
        control=control,
    )


def _spare_notes(skipped: list[tuple[int, str]], rejected: list[Reject], last: int) -> dict[int, str]:
    """Turn records of one field after the last row of data from broken ones into notes, and return what they say."""
    words = {}
    while rejected and rejected[-1].row > last and rejected[-1].facts.get("found") == "1":
        note = rejected.pop()
        words[note.row] = note.value
        skipped.append((note.row, "note"))
    return words


def _closing_total(
    text: Path, header: Header, closing: tuple[int, list[str]] | None
) -> tuple[dict[str, str], list[Finding]]:
    """Return what the total at the very end says by heading, and where the rows above it do not add up to that."""
    if closing is None:
        return {}, []
    number, record = closing
    control, findings = {}, []
    connection = duckdb.connect()  # one of its own: an unfinished answer on the shared one blocks whoever comes next
    for k, j in enumerate(header.columns):
        cells = [
            row[0] or ""
            for row in connection.execute(f"SELECT c{k} FROM read_parquet(?) LIMIT 2000", [str(text)]).fetchall()
        ]
        total = record[j] if j < len(record) else ""
        mark = decimal_mark([*cells, total])
        said = number_of(total, mark)
        if said is None or not adds_up(header.headings[k]):
            continue
        plain = f"replace(replace(c{k}, '.', ''), ',', '.')" if mark == "," else f"replace(c{k}, ',', '')"
        query = f"SELECT sum(TRY_CAST({plain} AS DECIMAL(38, 6))) FROM read_parquet(?)"
        parts = (connection.execute(query, [str(text)]).fetchone() or (None,))[0] or Decimal(0)
        control[header.headings[k]] = str(said)
        if abs(parts - said) > TOLERANCE:
            findings.append(disagreement(number, header.headings[k], said, parts.normalize()))
    return control, findings


def _broken(number: int, record: list[str], width: int) -> Reject | None:
    if len(record) < width or any(cell.strip() for cell in record[width:]):
        facts = {"found": str(len(record)), "expected": str(width)}
        return Reject(row=number, column="", value=" | ".join(record)[:40], reason="reject.ragged", facts=facts)
    for cell in record:
        if "\0" in cell or "\ufffd" in cell:
            reason = "reject.cell.nul" if "\0" in cell else "reject.cell.bad_character"
            return Reject(row=number, column="", value=cell.replace("\0", "\ufffd")[:40], reason=reason)
    return None
