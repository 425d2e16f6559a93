"""One of a few views of a page, chosen above it: kept between pages, and in the address so that a sent link shows the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from cxroi.ui.app.choices import choices, choose, widgets


def picked(
    name: str, options: Sequence[str], words: Callable[[str], str], label: str, *, first: str | None = None
) -> str:
    """Draw a choice and return what is chosen: until then `first`, by default the first of `options`.

    An address that asks for something else is passed over.
    """
    usual = options[0] if first is None else first
    now = choices().picks.get(name) or st.query_params.get(name)
    chosen = now if now in options else usual
    st.segmented_control(
        label,
        options,
        default=chosen,
        format_func=words,
        key=f"pick-{name}",
        on_change=_take,
        args=(name,),
        required=True,
    )
    if chosen == usual:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
    return str(chosen)


def _take(name: str) -> None:
    if value := widgets()[f"pick-{name}"]:
        choose(picks={**choices().picks, name: value})
