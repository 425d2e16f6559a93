"""What a reader hands over: the headings of one table and its cells, as text that nobody has interpreted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cxroi.intake.report import Finding, Reject


@dataclass(frozen=True, kw_only=True)
class DelimitedDialect:
    """A regular UTF-8 file that DuckDB can read by itself: every record has `columns` fields, no blank line, no NUL."""

    path: Path
    delimiter: str
    header_row: int  # 1-based; data start on the next row
    columns: int
    lines: int  # after the header: as many records, but fewer where a quoted cell holds line ends
    quote: str = '"'
    quoted: bool = True
    tight: bool = False  # no cell needs trimming, unless a quoted one holds line ends


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
    types: tuple[str, ...] = ()  # of these columns, as DuckDB calls them
    mixed_numbers: tuple[int, ...] = ()  # columns that have an `n<i>`
    skipped: tuple[tuple[int, str], ...] = ()  # (row, why): totals, blanks, notes, repeated headings
    rejected: tuple[Reject, ...] = ()  # rows that are no rows: ragged ones; they are not in the table
    faults: tuple[Reject, ...] = ()  # cells of rows in the table that hold no value: #REF!, formula never computed, NUL
    findings: tuple[Finding, ...] = ()  # a QUESTION among them is answered by a new request before anything is loaded
    sheets: tuple[str, ...] = ()  # all sheets that can be chosen
    hidden_sheets: tuple[str, ...] = ()  # those that are read only where they are named
    currency_hint: str | None = None  # what titles or number formats say: a code, or an unclear word such as "$"
    control_totals: dict[str, str] = field(default_factory=dict)  # heading -> exact total of the file's own total row
    month_said: tuple[str, str] | None = None  # a title that names one month: the month (2025-03), the title
    constants: tuple[tuple[str, str], ...] = ()  # (column of ours, its value in every row): the last of the headings

    @property
    def own_headings(self) -> tuple[str, ...]:
        """Return the headings that stand in the file."""
        return self.headings[: len(self.headings) - len(self.constants)]

    def read_from(self, mapping: Mapping[str, int]) -> dict[str, str]:
        """Return the heading of the file from which each column of ours is read; a constant has none."""
        own = self.own_headings
        return {target: own[i] for target, i in mapping.items() if i < len(own)}
