"""Which system's export a file was recognised as: said by name, and changed to another or to none."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.intake.presets.preset import FOLDER, NONE, presets_of
from cxroi.intake.report import IntakeReport, IntakeRequest
from cxroi.text.plain import shown
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text


def preset_choice(report: IntakeReport, request: IntakeRequest, id: str, take: Callable[..., None]) -> None:
    """Draw the preset that was followed; `take(preset=...)` is called with another, with none for "none"."""
    if not report.preset and request.preset is None:
        return
    text, key, folder = current_text(), f"preset-{id}", workspace_folder() / FOLDER
    names = {preset.id: preset.name[text.language] for preset in presets_of(folder if folder.is_dir() else None)}
    options = [*sorted(names, key=lambda one: names[one].casefold()), NONE]
    followed = report.preset.get("id") or request.preset
    st.selectbox(
        text("page.upload.preset"),
        options,
        index=options.index(followed) if followed in options else None,
        format_func=lambda one: shown(names[one], 80) if one in names else text("page.upload.preset_none"),
        key=key,
        help=text("page.upload.preset_help"),
        on_change=lambda: take(preset=widgets()[key], table=None, mapping=(), constants=()),
    )
