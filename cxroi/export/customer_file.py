"""What is kept of one customer, as one zip file: a CSV a table with the headings that the table is uploaded with, nothing live in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from cxroi.export.report import packed
from cxroi.live_text import inert
from cxroi.store.versions.one_customer import HeldOfCustomer
from cxroi.tables import TABLES

NAME = "customer-data.zip"  # whoever finds it is not told whose


def customer_file(found: HeldOfCustomer) -> bytes:
    """Return the file; rows put aside stand as they came, and `mentions.csv` says where other rows name the customer in a text."""
    files = {f"{name}.csv": _table(name, rows) for name, rows in found.tables.items()}
    files |= {f"{name}-set-aside.csv": _written(rows) for name, rows in found.set_aside.items()}
    if found.mentions:
        files["mentions.csv"] = _written([("place", "rows"), *((place, str(n)) for place, n in found.mentions.items())])
    return packed(files)


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    columns = [one.name for one in TABLES[name].columns if any(one.name in row for row in rows)]
    return _written([columns, *([row.get(column, "") for column in columns] for row in rows)])


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
