"""One of a few views of a page, chosen above it: kept between pages, and in the address so that a sent link shows the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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
    _write(name, str(chosen), usual)
    return str(chosen)


def _take(name: str) -> None:
    if value := widgets()[f"pick-{name}"]:
        choose(picks={**choices().picks, name: value})


def tabbed(name: str, options: Sequence[str], words: Callable[[str], str]) -> tuple[str, Sequence[DeltaGenerator]]:
    """Draw tabs and return the option that is open, and the place of each: kept and found again as `picked` does.

    Only the place of the open one need be drawn into.
    """
    key, first = f"tab-{name}", f"tab-{name}-first"
    if key not in widgets() or first not in widgets():  # a default that changes would make other tabs of them
        now = choices().picks.get(name) or st.query_params.get(name)
        widgets()[first] = now if now in options else options[0]

    def take() -> None:
        opened = next((option for option in options if words(option) == widgets()[key]), options[0])
        choose(picks={**choices().picks, name: opened})

    places = st.tabs([words(option) for option in options], default=words(widgets()[first]), key=key, on_change=take)
    chosen = next((option for option, place in zip(options, places, strict=True) if place.open), options[0])
    _write(name, chosen, options[0])
    return chosen, places


def _write(name: str, chosen: str, usual: str) -> None:
    """Put what is chosen into the address, where it is not what is usual."""
    if chosen == usual:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
