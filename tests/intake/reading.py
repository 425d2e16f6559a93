"""What a test sees of a table that was handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from cxroi.intake.layout.figures import decimal_mark, number_of
from cxroi.intake.source_table import SourceTable


@dataclass(frozen=True)
class Read:
    """A table as it was handed over, with its cells."""

    source: SourceTable
    numbers: list[int]
    rows: list[list[str]]

    def column(self, heading: str) -> list[str]:
        j = self.source.headings.index(heading)
        return [row[j] for row in self.rows]

    def sum(self, heading: str) -> Decimal:
        cells = self.column(heading)
        mark = decimal_mark(cells)
        return sum((number_of(cell, mark) or Decimal(0) for cell in cells), Decimal(0))

    def why(self, reason: str) -> list[int]:
        return [row for row, why in self.source.skipped if why == reason]

    def finding(self, id: str) -> dict[str, str]:
        return next(finding.facts for finding in self.source.findings if finding.id == id)

    def finding_ids(self) -> set[str]:
        return {finding.id for finding in self.source.findings}


def cells_of(source: SourceTable) -> Read:
    assert source.text_parquet is not None
    table = pq.read_table(source.text_parquet)
    columns = [table.column(f"c{j}").to_pylist() for j in range(len(source.headings))]
    rows = [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    return Read(source, table.column("row").to_pylist(), rows)


Reading = Callable[..., Read]
Finding = Callable[[str], Path]
