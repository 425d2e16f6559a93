"""Throw random cells at the number and date readers for a bounded time; `make fuzz` runs it.

    python tests/fuzz_conventions.py [seconds] [seed]

What must hold for every cell: no error; a number that is read is one that Python reads too, and writing it again gives the
same value; both readings of a cell differ only where a comma or point can be either; a date lies in the calendar and its
parts are in the cell.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxroi.intake.columns.conventions import macros

ALPHABET = (
    "0123456789" * 4
    + "٠١٢٣٤٥٦٧٨٩۰۱"
    + ".,'  -−()/%٪٫٬،\u00a0\u200f\u200e\u202f+eE" * 2
    + "SARر.س$€janفبرايرDec٠مT:Zq\\\"';--\x00\n"
)
SEEDS = ["1.234,56", "1,234.56", "(12)", "31/12/2025", "Dec-25", "ديسمبر 2025", "2025-01-02 10:00", "45992", "1٬234٫5", "SAR 12", "2025-Q3"]  # fmt: skip
BATCH = 2_000


def cells(rng: random.Random) -> list[str]:
    """Return a batch of random and of slightly broken cells."""
    found = []
    for _ in range(BATCH):
        text = (
            list(rng.choice(SEEDS)) if rng.random() < 0.6 else [rng.choice(ALPHABET) for _ in range(rng.randrange(14))]
        )
        for _ in range(rng.randrange(4)):
            place = rng.randrange(len(text) + 1)
            text[place : place + rng.randrange(2)] = rng.choice(ALPHABET)
        found.append("".join(text))
    return found


def check(engine: duckdb.DuckDBPyConnection, batch: list[str]) -> None:
    """Raise AssertionError with the cell that breaks a rule."""
    engine.execute("CREATE OR REPLACE TABLE cells AS SELECT unnest(?) AS v", [batch])
    read = engine.execute(
        """SELECT v, plain_text(v), number_of(s, '.'), number_of(s, ','), date_of(d, p, 'dmy'), date_of(d, p, 'mdy'), currency_words(plain_text(v))
        FROM (SELECT *, date_parts(d) AS p FROM (SELECT v, number_text(v) AS s, date_text(v) AS d FROM cells))"""
    ).fetchall()
    assert len(read) == len(batch)
    for cell, plain, point, comma, day_first, month_first, _ in read:
        for number in (point, comma):
            if number is not None:
                assert Decimal(number).is_finite(), (cell, number)
                assert any(sign.isdigit() for sign in plain), (cell, number)
        if point is not None and comma is not None and point != comma:
            assert "." in plain or "," in plain, (cell, point, comma)
        for day in (day_first, month_first):
            if day is not None:
                assert isinstance(day, date) or "BC" in str(day), (cell, day)
        if day_first and month_first and day_first != month_first:
            assert (day_first.day, day_first.month) == (month_first.month, month_first.day), (
                cell,
                day_first,
                month_first,
            )


def main(seconds: float, seed: int) -> None:
    """Fuzz for `seconds`."""
    engine = duckdb.connect(config={"threads": 1})
    engine.execute(macros())
    rng, until, count = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        check(engine, cells(rng))
        count += BATCH
    print(f"{count} cells, no rule broken (seed {seed})")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
