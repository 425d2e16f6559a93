"""How far a piece of work has come: a bar, the bytes, the rate, the time left, and a way to stop it."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.current import current_text
from cxroi.ui.app.work import Work, find

_LOOK_EVERY_SECONDS = 0.5
_TOLD_FROM = 0.02  # below this share the time left is a guess


@st.fragment(run_every=_LOOK_EVERY_SECONDS)  # type: ignore[untyped-decorator]
def progress(key: Hashable, what: str, *, own: bool = True) -> None:
    """Draw the work under `key` until it ends; then the whole page is drawn anew. `what` is the id of its sentence.

    Only who began it can stop it.
    """
    work, text = find(key), current_text()
    if work is None or not work.running:
        st.rerun()
        return
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with bar:
        st.progress(work.share, text=text(what, file=plain(work.name)))
        if work.size:
            st.caption(progress_words(work, text))
    if own:
        button.button(
            text("page.upload.stopping" if work.stopping else "page.upload.cancel"),
            key=f"cancel-{work.id}",
            disabled=work.stopping,
            on_click=work.stop,
        )


def progress_words(work: Work, text: Text) -> str:
    """Return what is done of how much, how fast it goes, and how long it will still take."""
    done, seconds = work.share * work.size, work.seconds
    parts = [text("page.upload.bytes_of", done=megabytes(done, text), size=megabytes(work.size, text))]
    if work.rows:
        parts.append(text("page.upload.rows_of", done=round(work.share * work.rows), rows=work.rows))
    if work.share > _TOLD_FROM and seconds > 1:
        parts.append(text("page.upload.rate", rate=megabytes(done / seconds, text)))
        left = seconds * (1 - work.share) / work.share
        parts.append(text("page.upload.left", time=duration(left, text)))
    return " · ".join(parts)


def megabytes(size: float, text: Text) -> str:
    """Return a number of bytes as people say it.

    >>> megabytes(52_428_800, Text("en")), megabytes(1_500, Text("en"))
    ('50 MB', '1.5 KB')
    """
    unit, by = ("megabytes", 1 << 20) if size >= 1 << 20 else ("kilobytes", 1 << 10)
    value = size / by
    return text(f"page.upload.{unit}", size=text.number(round(value) if value >= 10 else round(value, 1)))


def duration(seconds: float, text: Text) -> str:
    """Return a time as people say it: seconds below a minute, then minutes.

    >>> duration(7.2, Text("en")), duration(130, Text("en"))
    ('7 seconds', '2 minutes')
    """
    if seconds < 60:
        return text("page.upload.seconds", count=max(1, round(seconds)))
    return text("page.upload.minutes", count=round(seconds / 60))
