"""A drawing on a page: the finding above it, the chart with its text alternative, and below it the ways to take it along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import streamlit as st

from cxroi.chart.drawing import Drawing, Table, spec
from cxroi.export.chart_table import table_csv
from cxroi.export.image import png, svg
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.tables import words_table


def show_drawing(drawing: Drawing, text: Text, theme: str, *, is_section: bool = False) -> None:
    """Show a drawing. The spec is the shared one of its language and theme, so that only the rows travel.

    `is_section`: its finding is the heading of a part of the page, and of no chart within one.
    """
    st.html(markup.section(drawing.title, drawing.subtitle) if is_section else markup.finding(drawing.title))
    tables = {
        name: pa.table({key: pa.array(values) for key, values in each.items()}) for name, each in drawing.data.items()
    }
    constant = spec(
        drawing.name,
        text.language,
        theme,
        drawing.currency,
        drawing.window,
        arabic_indic_digits=text.arabic_indic_digits,
    )
    whole = {**constant, "datasets": tables}
    st.vega_lite_chart(whole, width="stretch", height=whole["height"], theme=None, alt=drawing.alternative)
    take_along(drawing.name, lambda: drawing, text, theme, has_table=drawing.table is not None)


def take_along(name: str, drawn: Callable[[], Drawing], text: Text, theme: str, *, has_table: bool = True) -> None:
    """Offer a drawing as an image and as a table; each is made when somebody asks for it, never while a page is drawn."""
    with st.container(key=f"take-along-{name}", horizontal=True, gap="small"):
        for kind, write, mime in (("png", png, "image/png"), ("svg", svg, "image/svg+xml")):
            st.download_button(
                text(f"chart.action.{kind}"),
                data=partial(_written, write, drawn, text, theme),
                file_name=f"cx-roi-{name.replace('_', '-')}.{kind}",
                mime=mime,
                key=f"{name}-{kind}",
                help=text("chart.action.image_help"),
                on_click="ignore",
                type="tertiary",
            )
        asked = has_table and st.button(
            text("chart.action.table"), key=f"{name}-table", help=text("chart.action.table_help"), type="tertiary"
        )
    if asked and (drawing := drawn()).table is not None:
        st.dialog(drawing.title, width="large")(_table)(drawing, drawing.table(), text)


def _written(
    write: Callable[[Drawing, Text, str], bytes], drawn: Callable[[], Drawing], text: Text, theme: str
) -> bytes:
    return write(drawn(), text, theme)


def _table(drawing: Drawing, table: Table, text: Text) -> None:
    words_table(
        [column.heading for column in table],
        list(zip(*(column.words for column in table), strict=True)),
        caption=drawing.title,
    )
    st.html(markup.source(drawing.footer))
    st.download_button(
        text("chart.action.csv"),
        data=partial(table_csv, table),
        file_name=f"cx-roi-{drawing.name.replace('_', '-')}.csv",
        mime="text/csv",
        key=f"{drawing.name}-csv",
        on_click="ignore",
    )
