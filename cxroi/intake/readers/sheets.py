"""Which sheets of a workbook a person means."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.errors import UploadError

SHEET = "Sheet"  # the heading of the column that says from which sheet a row comes
ALL = ("all", "*", "الكل")


def chosen(asked: str | None, visible: Sequence[str]) -> tuple[str, ...]:
    """Return the sheets that `asked` means: a name, "all", or several names with commas between; None means all.

    >>> chosen("all", ["2024", "2025"]), chosen("2025, 2024", ["2024", "2025", "Lists"])
    (('2024', '2025'), ('2024', '2025'))
    >>> chosen("Costs, old", ["Costs", "Costs, old"]), chosen("All", ["All", "Costs"])
    (('Costs, old',), ('All',))

    Raises UploadError `reader.no_such_sheet`.
    """
    if asked is None or (asked not in visible and asked.strip().casefold() in ALL):
        return tuple(visible)
    rest, named = asked.strip(), set()
    while rest:
        name = max((n for n in visible if rest == n or rest.startswith(n + ",")), key=len, default=None)
        if name is None:
            raise UploadError("reader.no_such_sheet", sheet=rest.split(",")[0][:60], sheets=", ".join(visible)[:200])
        named.add(name)
        rest = rest[len(name) :].lstrip(", ")
    return tuple(name for name in visible if name in named)


def is_every(asked: str | None, visible: Sequence[str]) -> bool:
    """Return whether a person asks for every sheet that holds a table, and names none."""
    return asked is not None and asked not in visible and asked.strip().casefold() in ALL
