"""The figures behind a drawing as CSV: headings in words with their units, figures whole, nothing live."""

from __future__ import annotations

import csv
import io

from cxroi.chart.drawing import Table
from cxroi.live_text import inert


def table_csv(table: Table) -> bytes:
    """Return a table as a file that a spreadsheet opens without running anything in it.

    >>> from cxroi.chart.drawing import Column
    >>> table_csv((Column(heading="Month", figures=(1.0, -2.5), words=("1", "−2.5")),)).decode("utf-8-sig")
    'Month\\r\\n1.0\\r\\n-2.5\\r\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([inert(column.heading) for column in table])
    for row in zip(*(column.figures for column in table), strict=True):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")
