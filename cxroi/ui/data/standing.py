"""The first screen of Upload: how the data in use stand, and its two tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cxroi.questions.standing import ask_standing
from cxroi.ui import markup
from cxroi.ui.app.current import current_text, current_workspace
from cxroi.ui.app.picks import tabbed
from cxroi.ui.data.money_said import missing_of_money
from cxroi.ui.data.spend_in_support import is_asked
from cxroi.view.data.standing import standing_answer

TABS = ("load", "settings")


def our_data(*, briefly: bool) -> None:
    """Draw whether the data in use are in, whole and right; `briefly` where files wait, which are looked at now."""
    text = current_text()
    version = current_workspace().current()
    missing: list[str] = []
    if version is not None and not version.illustrative:
        missing += missing_of_money()
        missing += ["in_support"] if is_asked(version) else []
    found = None if version is None else ask_standing(version)
    answer = standing_answer(found, missing, text)
    st.html(markup.page_answer(replace(answer, lead=(), figures=()) if briefly else answer))


def tabs() -> tuple[str, Sequence[DeltaGenerator]]:
    """Draw the two tabs: to load, and what is kept for every load. Return which one is open, and the place of each."""
    text = current_text()
    return tabbed("tab", TABS, lambda tab: text(f"page.upload.tab.{tab}"))
