"""The two lists of a pilot as CSV, with the headings that the table `pilots` is uploaded with; nothing live in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from cxroi.live_text import inert
from cxroi.questions.pilot_groups import DrawnGroups

_GIVEN = ("customer_id", "group", "segment", "region")
_TO_FILL_IN = ("period", "retained", "spend", "margin", "support_cost")


def group_list(drawn: DrawnGroups, groups: Sequence[str]) -> bytes:
    """Return the customers of some groups, a row each, with the columns of the result left empty for whoever runs the pilot."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_GIVEN, "randomised", *_TO_FILL_IN])
    for group in groups:
        for row in drawn.named(group)[list(_GIVEN)].itertuples(index=False):
            given = ["" if cell is None or cell != cell else inert(str(cell)) for cell in row]
            writer.writerow([*given, "true", *("" for _ in _TO_FILL_IN)])
    return out.getvalue().encode("utf-8-sig")


def list_name(drawn: DrawnGroups, group: str) -> str:
    """Return the name of the file that holds a group: whoever finds it sees the seed."""
    return f"cx-roi-pilot-{group}-seed-{drawn.wish.seed}.csv"
