"""How much one reader may send, judged before Streamlit takes it: files that lie in memory, and requests about everybody's data.

Streamlit bounds a single file (`server.maxUploadSize`), not how many of them a session holds, and lets every session empty
the caches of all: no page of ours asks for that.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope
from streamlit import config, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from cxroi.store.files.waiting import MOST_OF_ONE

SESSION_BYTES = MOST_OF_ONE  # what one session may hold in memory, until its page has put it on the disk to wait
ALL_BYTES = 1 << 30  # and all of them together
_UPLOAD = re.compile(r".*/_stcore/upload_file/([^/]+)/[^/]+")
_OF_A_PAGE = {"rerun_script", "app_heartbeat", "stop_script", "file_urls_request", "backend_operation_request"}
_coming: dict[int, tuple[str, int]] = {}  # by request: the session and the bytes of an upload that is on its way
_counting = threading.Lock()


def upload_session(scope: Scope) -> str | None:
    """Return the session that a request brings a file to; None for any other request."""
    found = _UPLOAD.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
    return found[1] if found else None


@contextmanager
def room_for(scope: Scope, session: str) -> Iterator[bool]:
    """Give whether the file that a request brings still fits, counted as there for as long as it is on its way."""
    size, mark = _announced(scope), id(scope)
    with _counting:
        own, everybody = _held(session)
        own += sum(one for of, one in _coming.values() if of == session)
        everybody += sum(one for _, one in _coming.values())
        fits = own + size <= SESSION_BYTES and everybody + size <= ALL_BYTES
        if fits:
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


def _held(session: str) -> tuple[int, int]:
    """Return the bytes of files that a session, and all sessions, hold in memory."""
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return 0, 0
    of_session = {
        id: sum(len(f.data) for f in list(files.values())) for id, files in list(manager.file_storage.items())
    }
    return of_session.get(session, 0), sum(of_session.values())


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
