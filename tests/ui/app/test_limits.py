"""What one reader may send: no more files than there is room for, and nothing that empties the caches of everybody."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from cxroi.text import LANGUAGES, Text
from cxroi.ui.app import limits
from cxroi.ui.app.server import Page
from cxroi.ui.app.way_in import WayIn


def scope_of(path, method="PUT", **headers):
    asked = {"host": "localhost", **headers}
    sent = [(name.replace("_", "-").encode(), str(value).encode()) for name, value in asked.items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": sent}


def put(session, size, app, **headers):
    """Bring a file of so many bytes to a session, and return the status and the words of the answer."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    given = {"content_length": size, **headers} if size is not None else headers
    asyncio.run(Page(app)(scope_of(f"/_stcore/upload_file/{session}/f1", **given), receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


async def taken(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def held(monkeypatch):
    """The files that sessions hold in memory, with small limits."""
    manager = MemoryUploadedFileManager("/upload")
    monkeypatch.setattr(limits.runtime, "exists", lambda: True)
    monkeypatch.setattr(limits.runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=manager))
    monkeypatch.setattr(limits, "SESSION_BYTES", 1000)
    monkeypatch.setattr(limits, "ALL_BYTES", 1500)
    return manager


def hold(manager, session, size):
    manager.add_file(session, UploadedFileRec(file_id=f"of-{size}", name="a", type="", data=b"x" * size))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_beyond_what_a_session_may_hold_is_refused_in_words(held, language):
    hold(held, "s1", 900)
    assert put("s1", 100, taken)[0] == 204
    assert put("s1", 101, taken, accept_language=language) == (413, Text(language)("ui.no_room"))


def test_all_sessions_together_are_bounded_too(held):
    hold(held, "s1", 900)
    hold(held, "s2", 400)
    assert put("s3", 200, taken)[0] == 204 and put("s3", 201, taken)[0] == 413
    held.remove_session_files("s1")
    assert put("s3", 201, taken)[0] == 204


@pytest.mark.parametrize("size", [None, "none", -5])
def test_a_file_of_which_no_size_is_told_counts_as_the_largest(held, size):
    assert put("s1", size, taken)[0] == 413


def test_files_on_their_way_count_as_there_and_only_for_so_long(held):
    async def slow(scope, receive, send):
        with limits.room_for(scope_of("/x", content_length=600), "s1") as second:
            assert not second
        await taken(scope, receive, send)

    assert put("s1", 600, slow)[0] == 204
    assert put("s1", 600, taken)[0] == 204 and not limits._coming


def test_other_requests_are_no_uploads():
    assert limits.upload_session(scope_of("/_stcore/upload_file/s1/f1")) == "s1"
    for path, method in (("/_stcore/upload_file/s1/f1", "DELETE"), ("/_stcore/health", "PUT"), ("/", "GET")):
        assert limits.upload_session(scope_of(path, method)) is None


def heard(*messages):
    """Return what Streamlit hears of messages over a connection."""
    coming = [{"type": "websocket.connect"}, *messages, {"type": "websocket.disconnect"}]
    found = []

    async def receive():
        return coming.pop(0)

    async def app(scope, receive, send):
        while (message := await receive())["type"] != "websocket.disconnect":
            found.append(message)

    scope = {"type": "websocket", "scheme": "ws", "path": "/_stcore/stream", "headers": [(b"host", b"localhost")]}
    asyncio.run(Page(app)(scope, receive, None))
    return found[1:]


def message(**of):
    return {"type": "websocket.receive", "bytes": BackMsg(**of).SerializeToString()}


def test_nobody_empties_the_caches_of_everybody():
    rerun, beat = BackMsg(), message(app_heartbeat=True)
    rerun.rerun_script.query_string = "lang=en"
    wanted = {"type": "websocket.receive", "bytes": rerun.SerializeToString()}
    unwanted = (message(clear_cache=True), message(set_run_on_save=True), message(load_git_info=True))
    assert heard(unwanted[0], wanted, *unwanted, beat) == [wanted, beat]


def test_a_message_hidden_behind_another_is_judged_by_what_streamlit_takes_it_for():
    both = message(app_heartbeat=True)["bytes"] + message(clear_cache=True)["bytes"]
    assert heard({"type": "websocket.receive", "bytes": both}) == []


def test_what_is_no_message_is_left_to_streamlit_to_refuse():
    junk = [{"type": "websocket.receive", "bytes": b"\xff\xff"}, {"type": "websocket.receive", "text": "hello"}]
    assert heard(*junk) == junk


@pytest.fixture
def signed_in(monkeypatch):
    monkeypatch.setattr(limits, "way_in", lambda: WayIn(asks=True))
    monkeypatch.setattr(limits, "_owners", {})
    return lambda size, person: scope_of("/x", content_length=size, x_cxroi_person=person)


def test_what_all_sessions_of_a_person_hold_counts_together(held, signed_in):
    for session in ("s1", "s2"):
        with limits.room_for(signed_in(450, "huda"), session) as fits:
            assert fits
            hold(held, session, 450)
    with limits.room_for(signed_in(101, "huda"), "s3") as fits:
        assert not fits
    with limits.room_for(signed_in(101, "omar"), "s4") as fits:
        assert fits


def test_nobody_brings_a_file_to_the_session_of_another(held, signed_in):
    with limits.room_for(signed_in(10, "huda"), "s1") as fits:
        assert fits
        hold(held, "s1", 10)
    with limits.room_for(signed_in(10, "omar"), "s1") as fits:
        assert not fits
    held.remove_session_files("s1")
    with limits.room_for(signed_in(10, "omar"), "s2") as fits:
        assert fits and "s1" not in limits._owners


def test_a_person_has_so_many_tabs_and_one_more_once_one_is_closed(signed_in, monkeypatch):
    monkeypatch.setattr(limits, "_MOST_TABS", 2)
    with limits.room_for_tab(signed_in(0, "huda")) as first, limits.room_for_tab(signed_in(0, "omar")):
        with limits.room_for_tab(signed_in(0, "huda")) as second, limits.room_for_tab(signed_in(0, "huda")) as third:
            assert (first, second, third) == (True, True, False)
        with limits.room_for_tab(signed_in(0, "huda")) as again:
            assert again
    assert not limits._tabs
    monkeypatch.setattr(limits, "way_in", WayIn)
    with limits.room_for_tab(signed_in(0, "huda")) as alone:
        assert alone and not limits._tabs
