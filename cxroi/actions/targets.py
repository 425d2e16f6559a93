"""Targets by month: read from what a person types or files, then kept or forgotten."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.rates import read_month
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError, UploadError
from cxroi.store.versions.workspace import Workspace
from cxroi.text.typed import typed_amount, typed_percent

COLUMNS = ("measure", "month", "value")
# What each measure can be, in the unit in which it is typed: percent of the first two, else the unit of the measure.
_RANGES = {
    "retention_rate": (0.0, 100.0),
    "csat": (0.0, 100.0),
    "nps": (-100.0, 100.0),
    "ces": (0.0, 100.0),
    "customers": (0.0, 1e12),
    "revenue": (0.0, 1e15),
    "contribution_margin": (-1e15, 1e15),
    "support_cost": (0.0, 1e15),
}
MEASURES = tuple(_RANGES)
_IN_PERCENT, _RATES = {"retention_rate", "csat"}, {"retention_rate"}  # typed in percent; of these kept as a share of 1
_HEADINGS = {
    "measure": {"measure", "المقياس", "المؤشر"},
    "month": {"month", "date", "الشهر", "التاريخ"},
    "value": {"target", "value", "المستهدف", "الهدف", "القيمة"},
}
TypedTarget = tuple[str, str, float]  # measure, month, value in the unit of the measure


def read_targets(rows: Sequence[Mapping[str, Any]], *, first_row: int = 1) -> tuple[TypedTarget, ...]:
    """Return the targets that rows of text say, by the names of COLUMNS; rows without a word are passed over.

    Customers who stay and satisfied customers are typed in percent. Digits may be Latin or Arabic.

    >>> read_targets([{"measure": "retention_rate", "month": "2026-03", "value": "٩٧٫٥٪"}])
    (('retention_rate', '2026-03', 0.975),)

    Raises StoreError `targets.wrong_*` or `targets.twice` with the number of the first row that is wrong.
    """
    found: dict[tuple[str, str], TypedTarget] = {}
    for number, row in enumerate(rows, first_row):
        cell = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        if not any(cell.values()):
            continue
        target = _read(cell, number)
        if target[:2] in found:
            raise StoreError("targets.twice", row=number)
        found[target[0], target[1]] = target
    return tuple(found.values())


def targets_in_file(path: Path) -> tuple[TypedTarget, ...]:
    """Return the targets of a CSV file with the columns measure, month and target; raises UploadError for a file without them,
    and StoreError as `read_targets` does, rows counted as a spreadsheet shows them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *records = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError) as error:
        raise UploadError("upload.no_such_file", file=str(path)) from error
    names = [next((name for name, words in _HEADINGS.items() if h.strip().casefold() in words), "") for h in head]
    if set(COLUMNS) - set(names):
        raise UploadError("targets.columns", file=path.name, found=", ".join(head)[:200])
    rows = [
        {name: cell for name, cell in zip(names, record, strict=False) if name and cell.strip()} for record in records
    ]
    return read_targets(rows, first_row=2)


@needs(FINANCE)
def change_targets(
    workspace: Workspace,
    segment: str,
    *,
    keep: Sequence[TypedTarget] = (),
    drop: Sequence[tuple[str, str]] = (),
    who: Person,
) -> None:
    """Forget the targets of some (measure, month) of a segment ("": the whole company) and keep others, with a line for each change."""
    trail = Trail.open(workspace, who)
    known = {(one.measure, one.month): one.value for one in trail.state.targets() if one.segment == segment}
    for measure, month in drop:
        if (measure, month) in known:
            trail.state.forget_target(segment, measure, month)
            trail.write("target dropped", segment=segment, measure=measure, month=month)
    for measure, month, value in keep:
        if known.get((measure, month)) != value or (measure, month) in drop:
            trail.state.set_target(segment, measure, month, value)
            trail.write("target", segment=segment, measure=measure, month=month, value=value)


def _read(cell: Mapping[str, str], row: int) -> TypedTarget:
    measure, month = cell["measure"].lower(), read_month(cell["month"])
    if measure not in _RANGES:
        raise StoreError("targets.wrong_measure", row=row, measure=cell["measure"], known=", ".join(_RANGES))
    if not month:
        raise StoreError("targets.wrong_month", row=row)
    try:
        value = (typed_percent if measure in _IN_PERCENT else typed_amount)(cell["value"])
    except ValueError as error:
        raise StoreError("targets.no_number", row=row, value=cell["value"]) from error
    low, high = _RANGES[measure]
    if not low <= value <= high:
        raise StoreError("targets.out_of_range", row=row, value=cell["value"], low=low, high=high)
    return measure, month, value / 100 if measure in _RATES else value
