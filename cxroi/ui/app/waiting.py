"""The files that wait in this tab, found again by its address."""

from __future__ import annotations

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import StoreError
from cxroi.store.files.waiting import Waiting
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose
from cxroi.ui.app.current import current_text

PARAMETER = "files"


def settle_waiting() -> None:
    """Find the files of this tab again by its address, and keep them there: changing the page empties the address."""
    token = choices().waiting or st.query_params.get(PARAMETER)
    if token is None:
        return
    waiting = Waiting.open(workspace_folder(), token)
    choose(known_by=waiting.token)
    try:
        files = waiting.files()
    except StoreError as error:  # told once: without its token in the address the page begins anew
        st.warning(current_text().error(error, plain))
        files = ()
    if files:
        choose(waiting=waiting.token)
        if st.query_params.get(PARAMETER) != waiting.token:
            st.query_params[PARAMETER] = waiting.token
    else:
        choose(waiting=None)
        st.query_params.pop(PARAMETER, None)
