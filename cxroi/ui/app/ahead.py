"""What pages ask at first is answered before anybody asks, one question after another, while no reader waits for a page."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cxroi.errors import CxroiError
from cxroi.questions.first_asked import FIRST_ASKED
from cxroi.ui.app.asked import answer
from cxroi.ui.app.current import key_in_use
from cxroi.ui.app.measures import timed_page

_LOOK_SECONDS = 1.0  # between two looks whether the data are others
_REST_SECONDS = 0.05
_waiting: set[int] = set()  # threads that draw a page


@contextmanager
def before_all_else() -> Iterator[None]:
    """Draw a page: nothing is answered ahead meanwhile but what has begun."""
    reader = threading.get_ident()
    _waiting.add(reader)
    try:
        with timed_page():
            yield
    finally:
        _waiting.discard(reader)


def keep_answering() -> None:
    """Answer ahead for ever, once for each state of the data; for a thread of its own in a server."""
    done = ""
    while True:
        with suppress(CxroiError):  # nothing loaded, or damaged: said on the page
            key = key_in_use()
            if key != done:
                answer_ahead(key)
                done = key
        time.sleep(_LOOK_SECONDS)


def answer_ahead(key: str) -> None:
    """Answer what every page asks at first of the data of a key of `key_in_use`, unless these are no longer in use."""
    for question, about in FIRST_ASKED:
        while _waiting:
            time.sleep(_REST_SECONDS)
        if key_in_use() != key:
            return
        with suppress(CxroiError):
            answer(key, question, about)
