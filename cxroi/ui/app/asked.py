"""Questions about the data in use that rest on nothing else: each answered once for everybody, kept with the data, and shown to each reader as
their role may see it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import streamlit as st

from cxroi.questions.small_groups import as_seen_by, ask_small_segments, ensure_may_ask
from cxroi.ui.app.current import current_role, current_text, evidence_key
from cxroi.ui.app.measures import timed_answer
from cxroi.ui.app.opened import opened

_Answer = TypeVar("_Answer")
_KEPT = 256


def asked(question: Callable[..., _Answer], *about: object) -> _Answer:
    """Return the answer of `question(data, *about)` on the data in use, a frozen value; raises what the question raises, and AccessError
    where it is not for this reader.

    `about` are plain frozen values whose `repr` tells them apart.
    """
    ensure_may_ask(question, current_role())
    with st.spinner(current_text()("ui.reading")):
        return as_seen(answer(evidence_key(), question, about), *about)


def as_seen(found: _Answer, *about: object) -> _Answer:
    """Return an answer about the data in use as this reader may see it; raises AccessError where nothing of it may be seen."""
    return as_seen_by(current_role(), found, about, lambda: answer(evidence_key(), ask_small_segments, ()))


def answer(data: str, question: Callable[..., _Answer], about: tuple[object, ...]) -> _Answer:
    """Return the same of the data of a key of `evidence_key`, where nobody looks on."""
    key = f"{data}\n{question.__module__}.{question.__qualname__} {about!r}"
    return cast("_Answer", _kept(key, question, about))


def _ask(key: str, _question: Callable[..., Any], _about: tuple[object, ...]) -> Any:
    """Ask by one string, because Streamlit's cache can take two lists of arguments for one."""
    with timed_answer(), opened(key.rsplit("\n", 1)[0]) as data:
        return _question(data, *_about)


_kept: Callable[[str, Callable[..., Any], tuple[object, ...]], Any]
_kept = st.cache_resource(max_entries=_KEPT, show_spinner=False)(_ask)
