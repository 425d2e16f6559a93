"""Tables of words as real HTML tables: they wrap, turn with the language, and a screen reader can walk them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

_STRONG = re.compile(r"\*\*(.+?)\*\*")


def words_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> None:
    """Draw a table; every cell is escaped here, so cells may come from data as `shown` text."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(f"<td><bdi>{_cell(cell)}</bdi></td>" for cell in row) + "</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    st.html(
        f'<div class="cx-words" tabindex="0" role="region" aria-label="{escape(caption or headings[0])}">'
        f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    return _STRONG.sub(r"<strong>\1</strong>", escape(text))
