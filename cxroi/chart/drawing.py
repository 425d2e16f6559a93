"""A drawing: a chart's constant Vega-Lite spec, built once per language and theme, and the few rows that change."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import altair as alt

from cxroi.chart import (
    active_customers,
    beliefs,
    board_curve,
    cash_flow,
    cohort_map,
    cost_months,
    customer_flow,
    fitted,
    forecast_months,
    promises,
    score_months,
    score_ranges,
    segment_map,
    staff_months,
    stay_curves,
    tenure_bars,
    tornado,
    waterfall,
)
from cxroi.chart.event_marks import strip_of
from cxroi.chart.frame import Columns, Data, Frame, Window
from cxroi.chart.theme import ROOT, palette, vega_config
from cxroi.text import Text

_BUILDERS: dict[str, Callable[[Frame], alt.LayerChart]] = {
    "board_curve": board_curve.build,
    "cash_flow": cash_flow.build,
    "waterfall": waterfall.build,
    "tornado": tornado.build,
    "segment_map": segment_map.build,
    "customer_flow": customer_flow.build,
    "active_customers": active_customers.build,
    "cohort_map": cohort_map.build,
    "tenure_bars": tenure_bars.build,
    "score_months": score_months.build,
    "score_ranges": score_ranges.build,
    "stay_curves": stay_curves.build,
    "cost_months": cost_months.build,
    "forecast_months": forecast_months.build,
    "fitted": fitted.build,
    "beliefs": beliefs.build,
    "promises": promises.build,
    "staff_months": staff_months.build,
}
NAMES = tuple(_BUILDERS)
_SHEET = 744  # pixels: the width of a picture on a sheet of its own
# How the axes write numbers where the reader wants Arabic-Indic digits, as d3 takes it.
_ARABIC_INDIC = {
    "decimal": "٫",
    "thousands": "٬",
    "grouping": [3],
    "currency": ["", ""],
    "numerals": list("٠١٢٣٤٥٦٧٨٩"),
    "percent": "٪",
    "minus": "−",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the table behind a drawing: its heading with the unit, its figures whole, and the same in words."""

    heading: str
    figures: tuple[float | Decimal | str, ...]
    words: tuple[str, ...]


Table = tuple[Column, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawing:
    """One chart as a page, slide or sheet lays it out: words around it, and columns by data set name within it."""

    name: str  # one of NAMES
    title: str  # the finding
    subtitle: str = ""  # what is drawn, of which plan: for an image that stands alone
    alternative: str  # for those who do not see it
    footer: str  # source and n
    currency: str
    data: Data
    window: Window | None = None  # of a drawing that shows a part of its plane only
    table: Callable[[], Table] | None = None  # the figures behind it, worded only when somebody looks

    @property
    def strip(self) -> int:
        """Return how many pixels above its plot named events take; 0 without any."""
        return strip_of(self.data)


@lru_cache(maxsize=256)
def spec(
    name: str,
    language: str,
    theme: str,
    currency: str,
    window: Window | None = None,
    *,
    arabic_indic_digits: bool = False,
    strip: int = 0,
) -> dict[str, Any]:
    """Return the Vega-Lite spec of a chart, without data; treat it as read-only, it is shared."""
    frame = Frame(text=Text(language), palette=palette(theme), currency=currency, window=window, strip=strip)
    built: dict[str, Any] = _BUILDERS[name](frame).to_dict()
    built.pop("datasets", None)
    built["config"] = vega_config(theme) | ({"locale": {"number": _ARABIC_INDIC}} if arabic_indic_digits else {})
    built["params"] = [{"name": "root", "expr": ROOT}]
    return built


def standalone(
    drawing: Drawing, language: str, theme: str, *, width: int = _SHEET, arabic_indic_digits: bool = False
) -> dict[str, Any]:
    """Return a whole spec with its data inside, `width` pixels wide whatever looks at it, as an image file needs it."""
    whole = deepcopy(
        spec(
            drawing.name,
            language,
            theme,
            drawing.currency,
            drawing.window,
            arabic_indic_digits=arabic_indic_digits,
            strip=drawing.strip,
        )
    )
    whole["datasets"] = {name: _rows(columns) for name, columns in drawing.data.items()}
    whole["params"] = [{"name": "root", "value": 16}]
    return whole | {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}, "padding": 0}


def _rows(columns: Columns) -> list[dict[str, float | str]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
