"""How every page of the section begins: with its evidence, or with what is missing and the way to it."""

from __future__ import annotations

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.questions import Evidence
from cxroi.text import Text
from cxroi.ui.app.current import current_evidence
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.frame import DAMAGE

_NEEDED = ("costs", "customers", "monthly")


def evidence_or_way(page: str, text: Text) -> Evidence | None:
    """Return what the data say; where they cannot say anything None, the page's name and what is missing drawn in its place."""
    try:
        return current_evidence()
    except CxroiError as error:
        if error.id in DAMAGE:
            raise  # the frame has the way out
        st.title(text(f"nav.page.{page}"), anchor=False)
        missing_part(error, *_NEEDED)
        return None
