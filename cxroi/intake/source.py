"""What a reader hands over: the headings of one table and its cells, as text that nobody has interpreted yet."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.report import Finding, IntakeRequest, Reject


@dataclass(frozen=True, kw_only=True)
class DelimitedDialect:
    """A regular UTF-8 file that DuckDB can read by itself: every record has `columns` fields, no blank line, no NUL."""

    path: Path
    delimiter: str
    header_row: int  # 1-based; data start on the next row
    columns: int
    quote: str = '"'
    records: int | None = None  # how many, where the check of the whole file has counted them


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """One table of one file. Exactly one of `csv`, `text_parquet` and `parquet` says where the cells are.

    `text_parquet` has `row` BIGINT (as the spreadsheet shows it) and VARCHAR columns `c0`..`cN` in the order of
    `headings`. Where typed and typed-in numbers are mixed in one column it may add BOOLEAN `n<i>`: true for a cell that
    was stored as a number, so that its decimal point is no evidence for how people wrote the others.
    """

    sheet: str | None
    headings: tuple[str, ...]
    header_row: int | None = None
    csv: DelimitedDialect | None = None
    text_parquet: Path | None = None
    parquet: tuple[Path, ...] = ()  # typed already, columns called as in `headings`
    mixed_numbers: tuple[int, ...] = ()  # columns that have an `n<i>`
    skipped: tuple[tuple[int, str], ...] = ()  # (row, why): totals, blanks, notes, repeated headings
    rejected: tuple[Reject, ...] = ()  # rows that are no rows: ragged, error cells
    findings: tuple[Finding, ...] = ()
    sheets: tuple[str, ...] = ()  # all sheets that can be chosen
    currency_hint: str | None = None
    control_totals: dict[str, str] = field(default_factory=dict)  # heading -> exact total of the file's own total row


def read_source(path: Path, name: str, request: IntakeRequest, work: Path) -> tuple[SourceTable, ...]:
    """Return the tables in the file at `path`, called `name` by the person. Temporary files go below `work`."""
    if name.lower().endswith(".parquet"):
        return (_parquet(path),)
    return (_delimited(path, request, work),)


def _parquet(path: Path) -> SourceTable:
    relation = duckdb.execute("SELECT name FROM parquet_schema(?) WHERE num_children IS NULL", [str(path)])
    return SourceTable(sheet=None, headings=tuple(row[0] for row in relation.fetchall()), parquet=(path,))


def _delimited(path: Path, request: IntakeRequest, work: Path) -> SourceTable:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            if not first.strip():
                raise UploadError("upload.empty")
            delimiter = request.delimiter or max(",;\t|", key=first.count)
            file.seek(0)
            records = enumerate(csv.reader(file, delimiter=delimiter), 1)
            headings = tuple(cell.strip() for cell in next(records)[1])
            rows, skipped, rejected = [], [], []
            for number, record in records:
                if not any(cell.strip() for cell in record):
                    skipped.append((number, "blank"))
                elif len(record) != len(headings):
                    facts = {"found": str(len(record)), "expected": str(len(headings))}
                    rejected.append(Reject(row=number, column="", value="", reason="reject.ragged", facts=facts))
                else:
                    rows.append((number, record))
    except UnicodeDecodeError as error:
        raise UploadError("upload.unreadable") from error
    if not rows:
        raise UploadError("upload.header_only")
    found = {"headings": headings, "header_row": 1, "sheet": None}
    if not skipped and not rejected and path.read_bytes()[:3] != b"\xef\xbb\xbf":
        dialect = DelimitedDialect(path=path, delimiter=delimiter, header_row=1, columns=len(headings))
        return SourceTable(csv=dialect, **found)  # type: ignore[arg-type]
    import pyarrow as pa
    import pyarrow.parquet as pq

    cells = {f"c{i}": pa.array([record[i] for _, record in rows], pa.string()) for i in range(len(headings))}
    out = work / "source.parquet"
    pq.write_table(pa.table({"row": pa.array([n for n, _ in rows], pa.int64()), **cells}), out)
    return SourceTable(text_parquet=out, skipped=tuple(skipped), rejected=tuple(rejected), **found)  # type: ignore[arg-type]
