"""The tables a person can upload, each declared once: for reading, validation, mapping, help, templates and tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds; it fixes the Parquet type, how text is read, and what is rejected."""

    TEXT = "text"  # VARCHAR, ids included: 000123, NA and NULL stay as they are
    DATE = "date"  # DATE
    MONTH = "month"  # DATE, the first day
    MONEY = "money"  # DECIMAL(18,3): three decimals, because dinars have them
    COUNT = "count"  # BIGINT, >= 0
    NUMBER = "number"  # DOUBLE
    SCORE = "score"  # DOUBLE, on the scale of its metric
    FLAG = "flag"  # BOOLEAN
    CHOICE = "choice"  # VARCHAR, one of `choices`


SQL_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.MONTH: "DATE",
    Kind.MONEY: "DECIMAL(18,3)",
    Kind.COUNT: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.SCORE: "DOUBLE",
    Kind.FLAG: "BOOLEAN",
    Kind.CHOICE: "VARCHAR",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; its meaning in both languages stands in the text catalogues under `table.<table>.<name>`."""

    name: str
    kind: Kind
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    personal: bool = False
    english: tuple[str, ...] = ()  # headings that people use for it
    arabic: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its grain, its columns, and which alternative columns satisfy what is required."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # unique where given
    one_of: tuple[tuple[str, ...], ...] = ()  # at least one column of each group

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)
