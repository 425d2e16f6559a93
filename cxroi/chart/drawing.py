"""A drawing: a chart's constant Vega-Lite spec, built once per language and theme, and the few rows that change."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from cxroi.chart import board_curve, cash_flow, response_curve, segment_map, tornado, waterfall
from cxroi.chart.frame import Columns, Data, Frame, Window
from cxroi.chart.theme import palette, vega_config
from cxroi.text import Text

_BUILDERS: dict[str, Callable[[Frame], alt.LayerChart]] = {
    "response_curve": response_curve.build,
    "board_curve": board_curve.build,
    "cash_flow": cash_flow.build,
    "waterfall": waterfall.build,
    "tornado": tornado.build,
    "segment_map": segment_map.build,
}
NAMES = tuple(_BUILDERS)


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawing:
    """One chart as a page, slide or sheet lays it out: words around it, and columns by data set name within it."""

    name: str  # one of NAMES
    title: str  # the finding
    alternative: str  # for those who do not see it
    footer: str  # source and n
    currency: str
    data: Data
    window: Window | None = None  # of a drawing that shows a part of its plane only


@lru_cache(maxsize=256)
def spec(name: str, language: str, theme: str, currency: str, window: Window | None = None) -> dict[str, Any]:
    """Return the Vega-Lite spec of a chart, without data; treat it as read-only, it is shared."""
    frame = Frame(text=Text(language), palette=palette(theme), currency=currency, window=window)
    built: dict[str, Any] = _BUILDERS[name](frame).to_dict()
    built.pop("datasets", None)
    built["config"] = vega_config(theme, frame.text.direction)
    return built


def standalone(drawing: Drawing, language: str, theme: str) -> dict[str, Any]:
    """Return a whole spec with its data, title and footer inside, as an image file needs it."""
    whole = deepcopy(spec(drawing.name, language, theme, drawing.currency, drawing.window))
    whole["datasets"] = {name: _rows(columns) for name, columns in drawing.data.items()}
    isolated = [f"\u202b{line}\u202c" if language == "ar" else line for line in (drawing.title, drawing.footer)]
    whole["title"] = {"text": isolated[0], "subtitle": isolated[1]}
    return whole


def _rows(columns: Columns) -> list[dict[str, float | str]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
