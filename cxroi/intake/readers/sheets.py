"""Which sheets of a workbook a person means."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.errors import UploadError
from cxroi.intake.report import Finding, Severity

ALL = ("all", "*", "الكل")


class NoTableError(UploadError):
    """A workbook of which no sheet could be taken, with the names of the sheets that there are."""

    def __init__(self, why: UploadError, sheets: Sequence[str], hidden: Sequence[str]) -> None:
        super().__init__(why.id, **why.facts)
        self.sheets, self.hidden = tuple(sheets), tuple(hidden)


def chosen(asked: str | None, visible: Sequence[str], hidden: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the sheets that `asked` means: a name, "all", or several names with commas between; None means all.

    A hidden sheet is meant only where its name is said.

    >>> chosen("all", ["2024", "2025"]), chosen("2025, 2024", ["2024", "2025", "Lists"])
    (('2024', '2025'), ('2024', '2025'))
    >>> chosen("Costs, old", ["Costs", "Costs, old"]), chosen("All", ["All", "Costs"])
    (('Costs, old',), ('All',))
    >>> chosen(None, ["Dashboard"], ["Data"]), chosen("Data", ["Dashboard"], ["Data"])
    (('Dashboard',), ('Data',))

    Raises UploadError `reader.no_such_sheet`.
    """
    there = (*visible, *hidden)
    if asked is None or is_every(asked, there):
        return tuple(visible)
    rest, named = asked.strip(), set()
    while rest:
        name = max((n for n in there if rest == n or rest.startswith(n + ",")), key=len, default=None)
        if name is None:
            raise UploadError("reader.no_such_sheet", sheet=rest.split(",")[0][:60], sheets=", ".join(there)[:200])
        named.add(name)
        rest = rest[len(name) :].lstrip(", ")
    return tuple(name for name in there if name in named)


def is_every(asked: str | None, there: Sequence[str]) -> bool:
    """Return whether a person asks for every sheet that holds a table, and names none."""
    return asked is not None and asked not in there and asked.strip().casefold() in ALL


def about_sheets(id: str, severity: Severity, sheets: Sequence[str]) -> Finding:
    """Return a finding that names sheets."""
    facts = {"sheets": ", ".join(sheets)[:200], "count": str(len(sheets))}
    return Finding(id=f"finding.sheet.{id}", severity=severity, facts=facts)
