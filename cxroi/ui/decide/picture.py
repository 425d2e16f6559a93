"""A drawing on a page: the finding above it, the chart with its text alternative, its source below."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from cxroi.chart.drawing import Drawing, spec
from cxroi.text import Text
from cxroi.ui import markup


def show_drawing(drawing: Drawing, text: Text, theme: str, *, is_section: bool = False) -> None:
    """Show a drawing. The spec is the shared one of its language and theme, so that only the rows travel.

    `is_section`: its finding is the heading of a part of the page, and of no chart within one.
    """
    st.html(markup.section(drawing.title) if is_section else markup.finding(drawing.title))
    tables = {
        name: pa.table({key: pa.array(values) for key, values in each.items()}) for name, each in drawing.data.items()
    }
    whole = {**spec(drawing.name, text.language, theme, drawing.currency, drawing.window), "datasets": tables}
    st.vega_lite_chart(whole, width="stretch", height=whole["height"], theme=None, alt=drawing.alternative)
