"""Drawings and tables of figures on a page: the finding above, what is seen in words too, and below it the ways to take it along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pyarrow as pa
import streamlit as st

from cxroi.chart.drawing import Drawing, Table, spec
from cxroi.export.chart_table import table_csv
from cxroi.export.image import png, svg
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.how import how_button
from cxroi.ui.tables import words_table


def show_drawing(drawing: Drawing, text: Text, theme: str, *, is_section: bool = False) -> None:
    """Show a drawing. The spec is the shared one of its language and theme, so that only the rows travel.

    `is_section`: its finding is the heading of a part of the page, and of no chart within one. The text alternative stands before the
    chart and not in it: a chart whose own name changes is built anew by the browser, where other rows only move what there is.
    """
    heading = markup.section(drawing.title, drawing.subtitle) if is_section else markup.finding(drawing.title)
    st.html(heading + markup.unseen(drawing.alternative))
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
        strip=drawing.strip,
    )
    whole = {**constant, "datasets": tables}
    st.vega_lite_chart(whole, width="stretch", height=whole["height"], theme=None, alt=text("chart.told_above"))
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
        how_button(name, text)
    if asked and (drawing := drawn()).table is not None:
        st.dialog(drawing.title, width="large")(_table)(drawing, drawing.table(), text)


def show_table(name: str, table: Table, text: Text, *, caption: str) -> None:
    """Show figures as a table that can be sorted by any column and taken along as CSV as it stands; `caption` names it for those who do not see it."""
    orders = [(place, falls) for place in range(len(table)) for falls in (True, False)]
    with st.container(key=f"figures-{name}"):
        rows = st.container()
        with st.container(key=f"take-along-{name}", horizontal=True, gap="small", vertical_alignment="center"):
            order = st.selectbox(
                text("chart.action.sort"),
                [None, *orders],
                format_func=lambda order: _order_words(table, order, text),
                key=f"{name}-sort",
                label_visibility="collapsed",
                width=240,
            )
            placed = in_order(table, *order) if order else table
            _csv_button(name, placed, text)
            how_button(name, text)
    with rows:
        words_table(
            [column.heading[:1].upper() + column.heading[1:] for column in table],
            list(zip(*(column.words for column in placed), strict=True)),
            caption=caption,
            figures=_numbers(table),
        )


def in_order(table: Table, column: int, falls: bool) -> Table:
    """Return a table with its rows in the order of a column; figures that are not known come last either way.

    >>> from cxroi.chart.drawing import Column
    >>> table = (Column(heading="n", figures=(2.0, float("nan"), 3.0), words=("2", "–", "3")),)
    >>> in_order(table, 0, falls=True)[0].words, in_order(table, 0, falls=False)[0].words
    (('3', '2', '–'), ('2', '3', '–'))
    """
    figures = table[column].figures
    known = [place for place, figure in enumerate(figures) if figure == figure]
    unknown = [place for place, figure in enumerate(figures) if figure != figure]
    places = [*sorted(known, key=lambda place: figures[place], reverse=falls), *unknown]
    return tuple(
        replace(one, figures=tuple(one.figures[at] for at in places), words=tuple(one.words[at] for at in places))
        for one in table
    )


def _numbers(table: Table) -> set[int]:
    """Return the columns, by place, that hold numbers."""
    return {
        place
        for place, column in enumerate(table)
        if column.figures and not any(isinstance(figure, str) for figure in column.figures)
    }


def _order_words(table: Table, order: tuple[int, bool] | None, text: Text) -> str:
    if order is None:
        return text("chart.action.as_is")
    place, falls = order
    kind = "words" if any(isinstance(figure, str) for figure in table[place].figures) else "figures"
    return text(f"chart.action.{kind}_{'down' if falls else 'up'}", column=table[place].heading)


def _csv_button(name: str, table: Table, text: Text) -> None:
    st.download_button(
        text("chart.action.csv"),
        data=partial(table_csv, table),
        file_name=f"cx-roi-{name.replace('_', '-')}.csv",
        mime="text/csv",
        key=f"{name}-csv",
        on_click="ignore",
        type="tertiary",
    )


def _written(
    write: Callable[[Drawing, Text, str], bytes], drawn: Callable[[], Drawing], text: Text, theme: str
) -> bytes:
    return write(drawn(), text, theme)


def _table(drawing: Drawing, table: Table, text: Text) -> None:
    words_table(
        [column.heading for column in table],
        list(zip(*(column.words for column in table), strict=True)),
        caption=drawing.title,
        figures=_numbers(table),
    )
    st.html(markup.source(drawing.footer))
    _csv_button(drawing.name, table, text)
