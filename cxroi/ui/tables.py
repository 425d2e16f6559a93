"""Tables of words as real HTML tables: they wrap, turn with the language, and a screen reader can walk them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

_ARABIC = re.compile("[\u0620-\u064a]")
_STRONG = re.compile(r"\*\*(.+?)\*\*")


def words_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> None:
    """Draw a table; every cell is escaped here, so cells may come from data as `shown` text."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    st.html(
        f'<div class="cx-words" tabindex="0" role="region" aria-label="{escape(caption or headings[0])}">'
        f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """A cell with an Arabic word reads from the right, even when a number with its sign comes first."""
    direction = "rtl" if _ARABIC.search(text) else "auto"
    words = _STRONG.sub(r"<strong>\1</strong>", escape(text))
    return f'<td><bdi dir="{direction}">{words}</bdi></td>'
