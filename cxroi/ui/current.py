"""What stands now: the words of the reader's language, the theme, and the data in the workspace."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import streamlit as st

from cxroi.text import LANGUAGES, Text
from cxroi.ui.choices import choices


def current_text() -> Text:
    """Return the words of the reader's language."""
    return Text(choices().language or LANGUAGES[0])


def current_theme() -> str:
    """Return "light" or "dark", as the browser shows it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def workspace_folder() -> Path:
    """Return the folder that holds the data: $CXROI_WORKSPACE, else one in the user's own data directory."""
    chosen = os.environ.get("CXROI_WORKSPACE")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("cxroi", appauthor=False))
