"""What the reader looks at, above the figures: months, segment, touchpoint, channel; the same on every page, and in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import streamlit as st

from cxroi.questions.slice import DIMENSIONS, Choosable, Slice, add_months, ask_choosable
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_text

_PERIOD, _FIRST, _LAST = "period", "period-first", "period-last"
_LAST_MONTHS = (24, 12, 6, 3, 1)  # offered as "the last ... months"
_ALL, _OWN = "", "own"
_WRITTEN = re.compile(r"(\d{4}-\d{2})\.\.(\d{4}-\d{2})", re.ASCII)


def filter_bar(*names: str) -> Slice:
    """Draw what this page can be looked at by ("period" and dimensions), and return what is chosen.

    What is chosen on one page holds on the next, as far as that page can be looked at by it.
    """
    text, known = current_text(), asked(ask_choosable)
    if known is None:
        return Slice()
    chosen = _settled(known, text)
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom", gap="small"):
        if _PERIOD in names:
            _period(known, chosen, text)
        for name in DIMENSIONS:
            if name in names and len(known.of(name)) > 1:
                options = (_ALL, *known.of(name))
                _select(name, options, chosen.get(name, _ALL), lambda value, name=name: _words(name, value, text))
    months = _months(known, chosen.get(_PERIOD, _ALL)) if _PERIOD in names else (None, None)
    return Slice(
        first=months[0], last=months[1], **{name: chosen.get(name) if name in names else None for name in DIMENSIONS}
    )


def _settled(known: Choosable, text: Text) -> Mapping[str, str]:
    """Return what was chosen, from the address at first; what the data do not have is said and left out."""
    chosen = choices().filters
    if chosen is None:
        written = {name: st.query_params[name] for name in (_PERIOD, *DIMENSIONS) if name in st.query_params}
        unknown = [name for name, value in written.items() if not _is_known(known, name, value)]
        for name in unknown:
            st.warning(text("ui.filter.unknown", what=text(f"ui.filter.{name}"), value=plain(written.pop(name), 80)))
            st.query_params.pop(name)
        chosen = written
        choose(filters=chosen)
    chosen = {name: value for name, value in chosen.items() if _is_known(known, name, value)}
    for name, value in chosen.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    return chosen


def _is_known(known: Choosable, name: str, value: str) -> bool:
    if name in DIMENSIONS:
        return value in known.of(name)
    try:
        return _months(known, value) != (None, None)
    except ValueError:
        return False


def _months(known: Choosable, period: str) -> tuple[date | None, date | None]:
    """Return the first and the last month of a period as it is written: "12" (the last 12), "2025-01..2025-06"."""
    if period.isascii() and period.isdigit() and 0 < int(period) <= 1200:
        return max(known.first, add_months(known.last, 1 - int(period))), known.last
    if found := _WRITTEN.fullmatch(period):
        first, last = (date.fromisoformat(f"{month}-01") for month in found.groups())
        if known.first <= first <= last <= known.last:
            return first, last
    return None, None


def _period(known: Choosable, chosen: Mapping[str, str], text: Text) -> None:
    written = chosen.get(_PERIOD, _ALL)
    shorter = tuple(str(months) for months in _LAST_MONTHS if months < len(known.months))
    now = written if written in ("", *shorter) else _OWN
    _select(_PERIOD, (_ALL, *shorter, _OWN), now, lambda value: _words(_PERIOD, value, text))
    if now != _OWN:
        return
    ends = _months(known, written)
    for place, key in enumerate((_FIRST, _LAST)):
        st.selectbox(
            text(f"ui.filter.{key}"),
            known.months,
            index=known.months.index(ends[place] or known.last),
            format_func=text.month,
            key=f"filter-{key}",
            on_change=_take_ends,
            width=170,
        )


def _select(name: str, options: tuple[str, ...], now: str, words: object) -> None:
    st.selectbox(
        current_text()(f"ui.filter.{name}"),
        options,
        index=options.index(now),
        format_func=words,
        key=f"filter-{name}",
        on_change=_take,
        args=(name,),
        width=220,
    )


def _words(name: str, value: str, text: Text) -> str:
    if not value:
        return text(f"ui.filter.all_{name}")
    if name != _PERIOD:
        return text.name(value)
    return text("ui.filter.own") if value == _OWN else text("ui.filter.last", months=text.months(int(value)))


def _take(name: str) -> None:
    value = widgets()[f"filter-{name}"]
    if name == _PERIOD and value == _OWN:
        known = asked(ask_choosable)
        first, last = _months(known, (choices().filters or {}).get(_PERIOD, _ALL)) if known else (None, None)
        if known is None:
            return
        value = _own(first or known.first, last or known.last)
    _keep(name, value)


def _take_ends() -> None:
    """Take both ends in their order, whichever box held which, and show them so."""
    first, last = sorted(widgets()[f"filter-{key}"] for key in (_FIRST, _LAST))
    widgets()[f"filter-{_FIRST}"], widgets()[f"filter-{_LAST}"] = first, last
    _keep(_PERIOD, _own(first, last))


def _own(first: date, last: date) -> str:
    return f"{first:%Y-%m}..{last:%Y-%m}"


def _keep(name: str, value: str) -> None:
    choose(filters={key: kept for key, kept in {**(choices().filters or {}), name: value}.items() if kept})
    if not value:
        st.query_params.pop(name, None)
