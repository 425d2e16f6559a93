"""Which preset an export follows, told by its headings alone, and where these stand above the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cxroi.errors import UploadError
from cxroi.intake.layout.grid import Grid, kind_of, tidy
from cxroi.intake.layout.header import Header, find_header, headed
from cxroi.intake.presets.preset import NONE, Preset, presets_of, told
from cxroi.intake.report import WHY, IntakeRequest, known_as
from cxroi.tables import CONSTANT, PRESET, header_fingerprint

_SEARCHED = 40  # rows in which an export's headings stand, below its titles


@dataclass(frozen=True, kw_only=True)
class _Known:
    preset: Preset
    row: int
    headings: tuple[str, ...]


def header_of(grid: Grid, request: IntakeRequest) -> Header | None:
    """Return the header of a grid: where a preset finds its headings, else where the rows themselves tell; as a person had such a file read before."""
    for known, preset in _chosen_before(request).items():
        header = _header(grid, replace(request, preset=preset))
        if header is not None and header_fingerprint(header.headings) == known:
            return header
    return _header(grid, request)


def as_chosen_before(headings: Sequence[str], request: IntakeRequest) -> IntakeRequest:
    """Return the request with the preset, or none, that a person chose for files with these headings, unless they now choose one."""
    chosen = _chosen_before(request)
    found = [chosen[known] for known in known_as(headings) if known in chosen]
    return replace(request, preset=found[0]) if found else request


def _chosen_before(request: IntakeRequest) -> dict[str, str]:
    """Return the presets that were chosen for a header and are there still, by its fingerprint; none where the request names one."""
    if request.preset is not None:
        return {}
    said = {known: kept[len(CONSTANT) :] for known, _, column, kept in request.remembered if column == PRESET}
    there = {NONE, *(_ids(request) if said else ())}
    return {known: preset for known, preset in said.items() if preset in there}


def _header(grid: Grid, request: IntakeRequest) -> Header | None:
    asked = request.header_row
    rows = (
        range(min(_SEARCHED, len(grid.rows))) if asked is None else [asked - 1] if 0 < asked <= len(grid.rows) else []
    )
    known = _best(((i, grid.rows[i]) for i in rows), _meant(request)) if rows else None
    if known is None:
        return find_header(grid, asked)
    last = _last(grid, known)
    return headed(grid, known.row, last, _names(grid, known, last))


def _last(grid: Grid, known: _Known) -> int:
    """Return the last row of headings: an export without its further rows of them has data there, dates and numbers under known names."""
    named = [j for j, heading in enumerate(known.headings) if told(heading) in known.preset.headings]
    last = known.row
    while last + 1 < len(grid.rows):
        row = grid.rows[last + 1]
        within = last + 1 < known.row + known.preset.heading_rows
        wordy = within and not any(kind_of(row[j]) in ("d", "n") for j in named if j < len(row))
        if not wordy and not (known.preset.more and any(known.preset.more in cell for cell in row)):
            break
        last += 1
    return last


def preset_for(headings: Sequence[str], request: IntakeRequest) -> Preset | None:
    """Return the preset that the headings of a table follow, unless a person wants none or says that it is another table.

    Raises UploadError where the one that they name does not fit.
    """
    meant = _meant(request)
    known = _best([(0, headings)], [preset for preset in meant if _is_for(preset, request)])
    if request.preset not in (None, NONE) and known is None:
        listed = ", ".join(heading for heading in headings if heading)
        if not meant:
            raise UploadError("upload.preset_unknown", preset=str(request.preset), presets=", ".join(_ids(request)))
        raise UploadError(
            "upload.preset_unfit", preset=str(request.preset), found=listed, missing=_lacks(meant[0], headings)
        )
    if known is None or request.table not in (None, known.preset.table):
        return None
    return known.preset


def _is_for(preset: Preset, request: IntakeRequest) -> bool:
    """Tell whether a preset may be followed: of several for one export that of the table that a person says."""
    if request.preset == preset.id or request.table == preset.table:
        return True
    return request.table is None and not preset.asked


def said_of(preset: Preset | None, headings: Sequence[str], request: IntakeRequest) -> dict[str, str]:
    """Return what a report says of the preset that was followed: its id and names, and in each language why it left columns out.

    Where a person wants none it says that alone.
    """
    if preset is None:
        return {"id": NONE} if request.preset == NONE else {}
    outs = [(one, [h for h in headings if told(h) in map(told, one.columns)]) for one in preset.left_out]
    reasons = {
        f"{WHY}{language}": " · ".join(f"{', '.join(here)}: {one.why[language]}" for one, here in outs if here)
        for language in preset.name
    }
    return {"id": preset.id, **preset.name, **{key: why for key, why in reasons.items() if why}}


def _ids(request: IntakeRequest) -> list[str]:
    return [preset.id for preset in presets_of(request.presets_in)]


def _meant(request: IntakeRequest) -> tuple[Preset, ...]:
    if request.preset == NONE:
        return ()
    return tuple(p for p in presets_of(request.presets_in) if request.preset in (None, p.id))


def _best(rows: Iterable[tuple[int, Sequence[str]]], presets: Sequence[Preset]) -> _Known | None:
    """Return the preset with the most telling headings in one row; the first row that has as many."""
    best, most = None, 0
    for i, row in rows:
        here = {told(cell) for cell in row if cell.strip()}
        if len(here) < 2:
            continue
        for preset in presets:
            telling = _telling(preset, here)
            if telling > most:
                best, most = _Known(preset=preset, row=i, headings=tuple(row)), telling
    return best


def _telling(preset: Preset, here: set[str]) -> int:
    """Return how many telling headings are there; 0 where they are too few to know the export by."""
    if here & set(map(told, preset.none_of)):
        return 0
    groups = [here & set(map(told, group)) for group in preset.all_of]
    some = here & set(map(told, preset.some_of))
    return len(groups) + len(some) if all(groups) and len(some) >= preset.fewest else 0


def _lacks(preset: Preset, headings: Sequence[str]) -> str:
    here = {told(heading) for heading in headings}
    groups = [" / ".join(group) for group in preset.all_of if not here & set(map(told, group))]
    return ", ".join(groups) or ", ".join(h for h in preset.some_of if told(h) not in here)


def _names(grid: Grid, known: _Known, last: int) -> list[str]:
    """Return a heading for each column: as the preset names it, else with what the row of words says of it."""
    block = [[tidy(cell) for cell in row] for row in grid.rows[known.row : last + 1]]
    first, words = block[0], block[min(known.preset.text_row, len(block)) - 1]
    names, own, empty, above = [], known.preset.headings, set(map(told, known.preset.plain)), ""
    for j in range(max(map(len, block))):
        name, said = (row[j] if j < len(row) else "" for row in (first, words))
        if words is first or told(said) in empty:
            said = ""
        elif not name and said:  # a choice or an aspect of the question that stands before it
            name = above
        above = name or above
        plain = not said or told(name) in own or told(said) == told(name)
        names.append(name if plain else f"{name}: {said}" if name else said)
    return names
