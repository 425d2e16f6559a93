"""The plan for one file: which table, which column from which heading, and how each column's cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cxroi.intake.columns.casting import Cell, Reading, layered
from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import Finding, Severity
from cxroi.tables import Table


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
    laid: bool = False  # the rows that it is asked about hold their read values already
    left_out: str = ""  # SQL over the cells: rows that hold nothing to load, such as "not applicable" for a score

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
        return relation if self.laid else layered(self.cells, relation)

    def unasked(self) -> list[str]:
        """Return the steps of the cells that nothing after their values speaks of."""
        asked = [self.select(), *(sql for cell in self.cells for _, sql in cell.problems)]
        return [
            name for cell in self.cells for name, _ in cell.steps + cell.late if not any(name in sql for sql in asked)
        ]


def _refuted(cell: Cell) -> list[str]:
    return [f"NOT ({sql})" for _, sql in cell.problems]
