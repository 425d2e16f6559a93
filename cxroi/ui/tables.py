"""Tables of words as real HTML tables: they wrap, turn with the language, and a screen reader can walk them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

import streamlit as st

from cxroi.text.plain import shown

_ARABIC = re.compile("[\u0620-\u064a]")
_LONGEST = 5_000  # letters of a cell; a sentence of ours is never cut
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def words_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    strong: bool = False,
    figures: Collection[int] = (),
) -> None:
    """Draw a table of words."""
    st.html(table_markup(headings, rows, caption=caption, strong=strong, figures=figures))


def table_markup(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    strong: bool = False,
    figures: Collection[int] = (),
) -> str:
    """Return a table; every cell is made safe here, so cells may come from data. `strong` reads ** in sentences of ours alone.

    `figures` are the columns, by place, whose cells are numbers: these stand one below the other, digit below digit.
    """
    kind = [' class="cx-figure"' if place in figures else "" for place in range(len(headings))]
    head = "".join(f'<th scope="col"{of}>{_safe(heading)}</th>' for of, heading in zip(kind, headings, strict=True))
    body = "".join(
        "<tr>" + "".join(_cell(cell, of, strong=strong) for of, cell in zip(kind, row, strict=True)) + "</tr>"
        for row in rows
    )
    title = f"<caption>{_safe(caption)}</caption>" if caption else ""
    return (
        f'<div class="cx-words" tabindex="0" role="region" aria-label="{_safe(caption or headings[0])}">'
        f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str, kind: str, *, strong: bool) -> str:
    """A cell with an Arabic word reads from the right, even when a number with its sign comes first."""
    direction = "rtl" if _ARABIC.search(text) else "auto"
    words = _STRONG.sub(r"<strong>\1</strong>", _safe(text)) if strong else _safe(text)
    return f'<td{kind}><bdi dir="{direction}">{words}</bdi></td>'


def _safe(words: str) -> str:
    return escape(shown(words, longest=_LONGEST))
