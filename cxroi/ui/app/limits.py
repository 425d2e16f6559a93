"""How much one reader may send and hold, judged before Streamlit takes it: files that lie in memory, open tabs, and requests about everybody's data.

Streamlit bounds a single file (`server.maxUploadSize`), not how many of them a session holds, and lets every session empty
the caches of all: no page of ours asks for that.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope
from streamlit import config, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from cxroi.store.files.waiting import MOST_OF_ONE
from cxroi.ui.app.door import named_in
from cxroi.ui.app.way_in import PERSON_HEADER, way_in

SESSION_BYTES = MOST_OF_ONE  # what one session, or all of one person, may hold in memory, until its page has put it on the disk to wait
ALL_BYTES = 1 << 30  # and all of them together
_UPLOAD = re.compile(r".*/_stcore/upload_file/([^/]+)/[^/]+")
_OF_A_PAGE = {"rerun_script", "app_heartbeat", "stop_script", "file_urls_request", "backend_operation_request"}
_MOST_TABS = 25  # open at once, of one person who has signed in
_coming: dict[int, tuple[str, int]] = {}  # by request: the session and the bytes of an upload that is on its way
_owners: dict[str, str] = {}  # by session that brought a file: the person who did
_tabs: Counter[str] = Counter()  # by person who has signed in
_counting = threading.Lock()


def upload_session(scope: Scope) -> str | None:
    """Return the session that a request brings a file to; None for any other request."""
    found = _UPLOAD.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
    return found[1] if found else None


@contextmanager
def room_for(scope: Scope, session: str) -> Iterator[bool]:
    """Give whether the file that a request brings still fits, counted as there for as long as it is on its way.

    Nobody brings a file to another person's session, and what all sessions of a person hold counts together.
    """
    size, mark, person = _announced(scope), id(scope), _person(scope)
    with _counting:
        held = _held()
        for of, one in _coming.values():
            held[of] += one
        for gone in _owners.keys() - held.keys():
            del _owners[gone]
        own = {session, *(of for of, owner in _owners.items() if person and owner == person)}
        fits = sum(held[of] for of in own) + size <= SESSION_BYTES and held.total() + size <= ALL_BYTES
        fits = fits and _owners.get(session, person) == person
        if fits:
            _owners[session] = person
            _coming[mark] = (session, size)
    try:
        yield fits
    finally:
        with _counting:
            _coming.pop(mark, None)


def _announced(scope: Scope) -> int:
    """Return how large a request says it is; one that does not say may be as large as a file can be."""
    most = int(config.get_option("server.maxUploadSize")) << 20
    with suppress(ValueError):
        told = int(Headers(scope=scope).get("content-length", ""))
        return min(told, most) if told >= 0 else most
    return most


def _held() -> Counter[str]:
    """Return the bytes of files that sessions hold in memory, by session."""
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return Counter()
    stored = list(manager.file_storage.items())
    return Counter({id: sum(len(file.data) for file in list(files.values())) for id, files in stored})


@contextmanager
def room_for_tab(scope: Scope) -> Iterator[bool]:
    """Give whether a person may open one more tab, counted for as long as it is open; nobody is counted where nobody signs in."""
    person = _person(scope)
    with _counting:
        fits = not person or _tabs[person] < _MOST_TABS
        is_counted = bool(person) and fits
        if is_counted:
            _tabs[person] += 1
    try:
        yield fits
    finally:
        if is_counted:
            with _counting:
                _tabs[person] -= 1
                if not _tabs[person]:
                    del _tabs[person]


def _person(scope: Scope) -> str:
    """Return who has signed in and sent a request; "" where nobody is asked."""
    return named_in(Headers(scope=scope).get(PERSON_HEADER)) if way_in().asks else ""


def only_of_a_page(receive: Receive) -> Receive:
    """Return `receive` without messages that no page of ours sends: to empty the caches of everybody, above all."""

    async def received() -> Message:
        while _is_foreign(message := await receive()):
            pass
        return message

    return received


def _is_foreign(message: Message) -> bool:
    content = message.get("bytes") if message["type"] == "websocket.receive" else None
    if not content:
        return False
    asked = BackMsg()
    try:
        asked.ParseFromString(content)
    except Exception:  # no message at all: Streamlit closes the connection
        return False
    return asked.WhichOneof("type") not in _OF_A_PAGE
