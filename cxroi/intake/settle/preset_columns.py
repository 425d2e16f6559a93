"""The columns as a preset has them, for what a person has not said otherwise."""

from __future__ import annotations

from dataclasses import replace

from cxroi.intake.columns.recognise import closeness, normalised
from cxroi.intake.presets.preset import Preset, place_of, told
from cxroi.intake.report import IntakeRequest
from cxroi.intake.source_table import SourceTable
from cxroi.tables import TABLES, Column

_BY_NAME = (
    0.75  # a heading that is a name of the column, not one with its words in it: a custom field of the company's own
)


def with_preset(source: SourceTable, request: IntakeRequest, preset: Preset | None) -> IntakeRequest:
    """Return the request with the table, columns and constants of a preset; what the request has itself stays.

    A column of ours that the preset does not name is read from a heading that is called just like it, or from none.
    """
    if preset is None or request.table not in (None, preset.table):
        return request
    table, headings = TABLES[preset.table], source.own_headings
    given = {target for target, _ in (*request.mapping, *request.constants)}
    taken = {told(heading) for _, heading in request.mapping}
    taken |= {told(heading) for out in preset.left_out for heading in out.columns}
    places = {target: place_of(headings, named) for target, named in preset.columns.items() if target not in given}
    mapping = {target: headings[place] for target, place in places.items() if place is not None}
    taken |= set(map(told, mapping.values()))
    constants = {t: v for t, v in preset.constants.items() if t not in given | mapping.keys()}
    for column in table.columns:
        if column.name in given | mapping.keys() | constants.keys():
            continue
        named = "" if preset.columns.get(column.name) == () else _called(column, headings, taken)
        if named or not column.required:
            mapping[column.name] = named
            taken.add(told(named))
    return replace(
        request,
        table=preset.table,
        mapping=(*request.mapping, *mapping.items()),
        constants=(*request.constants, *constants.items()),
    )


def _called(column: Column, headings: tuple[str, ...], taken: set[str]) -> str:
    fits = [
        (closeness(column, normalised(heading)), heading)
        for heading in headings
        if heading and told(heading) not in taken
    ]
    best = max(fits, default=(0.0, ""), key=lambda fit: fit[0])
    return best[1] if best[0] >= _BY_NAME else ""
