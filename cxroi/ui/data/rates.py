"""Exchange rates as a table that can be typed in or pasted from a workbook, checked row by row before anything is kept."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.actions.rates import COLUMNS, read_rates, replace_rates
from cxroi.errors import StoreError
from cxroi.store.state.records import KINDS
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.current import current_person, current_text, current_workspace


def rates_form() -> None:
    """Draw the rates that are kept, to be changed in place, and the button that keeps the changes."""
    text, known = current_text(), State.open(workspace_folder()).known_rates()
    st.caption(text("page.upload.rates.lead"))
    edited = st.data_editor(
        pd.DataFrame(
            [[str(getattr(rate, name)) for name in COLUMNS] for rate in known], columns=list(COLUMNS), dtype=str
        ),
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_order=COLUMNS if text.direction == "ltr" else COLUMNS[::-1],  # the grid itself does not turn
        column_config=_columns(text),
        key=f"rates-{hash(known)}",  # what was edited belongs to the rates it was edited on
    )
    if st.button(text("page.upload.rates.save"), key="rates-save"):
        rows = edited.astype(object).where(edited.notna(), "").to_dict("records")
        try:
            wanted = read_rates(rows, text("rates.typed"))
            replace_rates(current_workspace(), known, wanted, who=current_person())
        except StoreError as error:
            st.error(text.error(error, plain))
        else:
            st.rerun()


def _columns(text: Text) -> dict[str, Any]:
    words = {name: text(f"page.upload.rates.{name}") for name in COLUMNS}
    kinds = {"": "–", **{kind: text(f"rates.{kind}") for kind in KINDS if kind}}
    columns = {name: st.column_config.TextColumn(words[name], max_chars=200) for name in COLUMNS}
    columns["kind"] = st.column_config.SelectboxColumn(
        words["kind"], options=list(KINDS), format_func=kinds.__getitem__
    )
    return columns
