"""A part of a page that the data cannot fill: what is missing, and the way to what fills it."""

from __future__ import annotations

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.errors import AccessError, CxroiError
from cxroi.text.plain import plain
from cxroi.ui.app.current import current_text, may_do
from cxroi.ui.app.frame import page_path


def missing_part(why: CxroiError | str, *tables: str) -> None:
    """Say why a part is not there (an error, or the id of a sentence), and offer the upload of the tables that fill it."""
    text = current_text()
    with st.container(border=True):
        st.markdown(text.error(why, plain) if isinstance(why, CxroiError) else text(why))
        if tables and not isinstance(why, AccessError) and may_do(EDITOR):
            names = text.listed([text(f"table.{table}._name") for table in tables])
            st.page_link(page_path("upload"), label=text("ui.missing_part", tables=names), width="content")
