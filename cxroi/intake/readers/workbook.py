"""Read the sheets of a workbook: cached values only, no formula run, no link followed, errors kept as errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from cxroi.errors import UploadError
from cxroi.intake.layout.grid import Grid, Stored
from cxroi.intake.readers.container import FileKind, Limits
from cxroi.intake.readers.sheet_facts import SheetFacts
from cxroi.intake.readers.workbook_guard import examine_workbook


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """The visible sheets of a workbook by name, and the names of those that are hidden."""

    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    _book: calamine.CalamineWorkbook
    _facts: dict[str, SheetFacts]

    def grid(self, name: str) -> Grid:
        """Return the cells of a sheet."""
        with _damage_named():
            sheet = self._book.get_sheet_by_name(name)
            margin = [""] * (sheet.start or (0, 0))[1]  # rows come from the first row, but from the first filled column
            rows = [margin + [cell_text(value) for value in row] for row in sheet.iter_rows()]
            merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
        _check_merged(merged, len(rows), max(map(len, rows), default=0))
        facts = self._facts.get(name, SheetFacts())
        for (i, j), (text, _) in facts.faults.items():
            rows.extend([] for _ in range(i + 1 - len(rows)))
            rows[i].extend([""] * (j + 1 - len(rows[i])))
            rows[i][j] = text
        for (i, j), text in facts.exact.items():
            rows[i][j] = Stored(text)
        for j in facts.percents:  # what a person sees is read: 12 %, not the 0.12 behind it
            for row in rows:
                if j < len(row) and isinstance(row[j], Stored):
                    row[j] = Stored(_number_text(float(row[j]) * 100) + "%")
        return Grid(
            rows=rows,
            sheet=name,
            merged=merged,
            faults={place: reason for place, (_, reason) in facts.faults.items()},
            hidden_rows=frozenset(facts.hidden_rows),
            hidden_columns=frozenset(facts.hidden_columns),
            currency=facts.currency,
        )


@contextmanager
def _damage_named() -> Iterator[None]:
    """Word what the reader stumbles over, also where it panics: that passes by `except Exception`."""
    try:
        yield
    except calamine.PasswordError:
        raise UploadError("reader.password") from None
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise UploadError("reader.damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UploadError("reader.damaged") from error


def open_workbook(path: Path, kind: FileKind, limits: Limits) -> Workbook:
    """Return the workbook at `path` after a look through its parts for what would break a reader."""
    facts = examine_workbook(path, kind, limits)
    with _damage_named():
        book = calamine.CalamineWorkbook.from_path(str(path))
    sheets = [s for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = tuple(s.name for s in sheets if s.visible == calamine.SheetVisibleEnum.Visible)
    hidden = tuple(s.name for s in sheets if s.visible != calamine.SheetVisibleEnum.Visible)
    return Workbook(visible=visible, hidden=hidden, _book=book, _facts=facts)


def _check_merged(merged: tuple[tuple[int, int, int, int], ...], height: int, width: int) -> None:
    """Refuse ranges that cover the sheet many times over: none does in a sheet that a program wrote."""
    covered = sum(
        max(0, min(bottom, height - 1) - top + 1) * max(0, min(right, width - 1) - left + 1)
        for top, left, bottom, right in merged
    )
    if covered > 2 * height * width + 1000:
        raise UploadError("reader.unsafe")


def cell_text(value: object) -> str:
    """Return a stored value as text: 15 digits of a number as spreadsheets show them, dates as ISO.

    >>> cell_text(1234.5600000000001), cell_text(3.0), cell_text(1e15), cell_text(True)
    ('1234.56', '3', '1000000000000000', 'TRUE')
    >>> cell_text(dt.datetime(2025, 12, 31)), cell_text(dt.datetime(2025, 12, 31, 14, 5))
    ('2025-12-31', '2025-12-31 14:05:00')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return Stored(_number_text(float(value)))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return "" if value is None else str(value)


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    short = format(value, ".15g")
    return format(Decimal(short), "f") if "e" in short else short
