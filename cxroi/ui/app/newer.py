"""An open page stands on the data it was opened with; when others are in use it says so, and never swaps them by itself."""

from __future__ import annotations

import streamlit as st

from cxroi.ui.app.current import current_text, evidence_key


def tell_of_newer_data(opened_with: str) -> None:
    """Say that the data or their settings have changed since the page was opened, with the button that shows them."""
    if evidence_key() == opened_with:
        return
    text = current_text()
    with st.container(key="newer-data", border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(text("ui.newer.told"), width="stretch")
        if st.button(text("ui.newer.show"), key="show-newer-data", type="primary"):
            st.rerun(scope="app")
